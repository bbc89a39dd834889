"""Observability on Volcengine: a log service (TLS) project with two topics, their indexes, and a trace instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_volcengine import tls

from components import observability
from components.base import after, as_output
from components.checks import in_range, one_of
from components.observability import ObservabilityArgs
from components.volcengine.facts import tag_list, trace_endpoint
from components.volcengine.gaps.trace_index_keys import TraceIndexKeys
from components.volcengine.gaps.trace_topic import TraceTopic

KeyKind = Literal["text", "long", "double"]
KEY_KINDS = ("text", "long", "double")
DELIMITERS = ", '\";=()[]{}?@&<>/:\n\t\r"
"""What separates words in a full-text index: the service's own default."""
MAX_TEXT_LENGTH = 2048
"""Bytes of a value that are indexed: the service's own default."""
SHARDS = {"small": 1, "medium": 2, "large": 4}
MOST_SHARDS = {"small": 10, "medium": 50, "large": 256}


@dataclass(frozen=True, kw_only=True)
class ObservabilityNative:
    """What only Volcengine knows about logs."""

    shards: int | None = None
    """Shards a topic begins with; each takes 5 MB/s of writes, and more are split off under load. Default: 1 small, 2
    medium, 4 large. Limit: 1 to 10. A later change does nothing: the service then counts for itself."""
    log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """Fields of application logs that queries may count and group by, and their kind. Default: full text alone."""
    access_log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """The same for gateway access logs (`{"status": "long"}`)."""

    def __post_init__(self) -> None:
        in_range("ObservabilityNative.shards", self.shards, 1, 10, "shards")
        for where in ("log_keys", "access_log_keys"):
            for kind in getattr(self, where).values():
                one_of(f"ObservabilityNative.{where}", kind, KEY_KINDS)


@dataclass(frozen=True)
class Tiers:
    """How long logs stay in each kind of storage; the days sum to the whole."""

    days: int
    hot: int
    cold: int = 0
    archive: int = 0

    @property
    def tiered(self) -> bool:
        """Whether there is more than hot storage."""
        return self.hot < self.days


def plan_tiers(days: int) -> Tiers:
    """Cheaper storage for older logs, as far as the service's least stays allow (hot 7, cold 30, archive 60 days)."""
    if days < 60:
        return Tiers(days, hot=days)
    if days < 180:
        return Tiers(days, hot=30, cold=days - 30)
    return Tiers(days, hot=30, cold=90, archive=days - 120)


class Observability(observability.Observability):
    """A TLS project with a topic for application logs, one for access logs, and a trace instance.

    The trace instance makes two topics of its own, and their indexes; only search keys are added to those.
    """

    cloud = "volcengine"

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(ObservabilityNative, args.native)
        self._tiers = plan_tiers(args.days)
        self._project = self._declare_project()
        self.finish(
            log_project=self._project.id,
            log_store=self._declare_store("app", self._native.log_keys),
            access_log_store=self._declare_store("access", self._native.access_log_keys),
            trace_store=self._declare_traces(args) if args.traces else None,
            trace_endpoint=as_output(trace_endpoint(self.scope.region)) if args.traces else None,
            trace_token=None,
        )

    def _declare_project(self) -> tls.Project:
        return tls.Project(
            self.child("project"),
            project_name=self.unique_name("volcengine:tls/project:Project"),
            region=self.scope.region,
            description=f"{self.scope.project} {self.scope.stage}",
            tags=tag_list(tls.ProjectTagArgs, self.tags()),
            opts=self.options(stateful=True, retain_on_delete=None),
        )

    def _declare_store(self, kind: str, keys: Mapping[str, KeyKind]) -> pulumi.Output[str]:
        """A topic and its index; the topic's id, known once it can be searched."""
        topic = self._declare_topic(kind)
        index = tls.Index(
            self.child(kind, "index"),
            topic_id=topic.id,
            full_text=tls.IndexFullTextArgs(case_sensitive=False, delimiter=DELIMITERS, include_chinese=True),
            key_values=[_key(key, value) for key, value in sorted(keys.items())] or None,
            # Unset, it is reported back and then differs on every preview.
            max_text_len=MAX_TEXT_LENGTH,
            opts=self.options(),
        )
        return after(topic.id, index.topic_id)

    def _declare_topic(self, kind: str) -> tls.Topic:
        tiers, size = self._tiers, self.profile.size
        encrypt = tls.TopicEncryptConfArgs(enable=True, encrypt_type="default") if self.profile.encrypt else None
        # Unset, hot_ttl is reported back and then differs on every preview; but fewer than 7 days are refused.
        shown = tiers.hot >= 7
        return tls.Topic(
            self.child(kind, "topic"),
            project_id=self._project.id,
            topic_name=self.physical_name("volcengine:tls/topic:Topic", kind),
            ttl=tiers.days,
            enable_hot_ttl=tiers.tiered,
            hot_ttl=tiers.hot if shown else None,
            cold_ttl=tiers.cold or None,
            archive_ttl=tiers.archive or None,
            shard_count=self._native.shards or SHARDS[size],
            auto_split=True,
            max_split_shard=MOST_SHARDS[size],
            # The sender's address is no business of the log; unset, it too differs on every preview.
            log_public_ip=False,
            encrypt_conf=encrypt,
            tags=tag_list(tls.TopicTagArgs, self.tags()),
            opts=self.options(stateful=True, retain_on_delete=None, ignore_changes=None if shown else ["hotTtl"]),
        )

    def _declare_traces(self, args: ObservabilityArgs) -> pulumi.Output[str]:
        """The trace instance, the id of the topic that it makes, and that topic's search keys."""
        region = self.scope.region
        instance = self._declare_trace_instance()
        # The provider reports no topic, and does not wait until there is one.
        made = TraceTopic(
            self.child("trace", "topic"),
            project_id=self._project.id,
            trace_instance_id=instance.id,
            region=region,
            opts=self.options(),
        )
        if not args.trace_keys:
            return made.topic_id
        # A tls.Index would fail on the preset index, or replace it whole and one day delete it.
        keys = TraceIndexKeys(
            self.child("trace", "keys"),
            topic_id=made.topic_id,
            keys=list(args.trace_keys),
            region=region,
            opts=self.options(),
        )
        return after(made.topic_id, keys.keys)

    def _declare_trace_instance(self) -> tls.TraceInstance:
        tiers = self._tiers
        return tls.TraceInstance(
            self.child("trace"),
            project_id=self._project.id,
            trace_instance_name=self.physical_name("volcengine:tls/traceInstance:TraceInstance"),
            # Whatever is left out here is sent as 0 or false.
            backend_config=tls.TraceInstanceBackendConfigArgs(
                ttl=tiers.days,
                enable_hot_ttl=tiers.tiered,
                hot_ttl=tiers.hot,
                cold_ttl=tiers.cold,
                archive_ttl=tiers.archive,
                auto_split=True,
                max_split_partitions=MOST_SHARDS[self.profile.size],
            ),
            opts=self.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )


def _key(name: str, kind: KeyKind) -> tls.IndexKeyValueArgs:
    text = kind == "text"
    return tls.IndexKeyValueArgs(
        key=name, value_type=kind, sql_flag=True, case_sensitive=False, include_chinese=text,
        delimiter=DELIMITERS if text else "",
    )  # fmt: skip
