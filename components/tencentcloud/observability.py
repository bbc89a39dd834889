"""Observability on Tencent Cloud: a log set (CLS) of two topics with their indexes; an APM instance for traces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from tencentcloud_iac_pulumi import apm
from tencentcloud_iac_pulumi import cls as logs

from components import observability
from components.base import after, as_output
from components.checks import in_range, matches, one_of
from components.errors import UserError
from components.observability import ObservabilityArgs

KeyKind = Literal["text", "long", "double"]
KEY_KINDS = ("text", "long", "double")
DELIMITERS = "@&?|#()='\",;:<>[]{}/ \n\t\r\\"
"""What separates words in an index: the console's own default."""
PARTITIONS = {"small": 1, "medium": 2, "large": 4}
MOST_PARTITIONS = {"small": 10, "medium": 50, "large": 50}
MOST_KEYS = 100
"""Fields that an index takes."""
MOST_DAYS = 3600
MOST_TAGS = 10
"""Tags that a topic takes."""
HOT_DAYS = 14
"""Days that logs stay in the storage that queries and alarms count in. The service takes 7 or more."""
LONG_KEPT_DAYS = 30
"""Logs kept for longer than this go to cheaper storage when they are no longer hot."""
TRACE_DAYS = 30
"""Most days that traces are kept unless `native` says more: every day of them is billed."""

FUNCTION_KEYS: Mapping[str, KeyKind] = {
    "SCF_FunctionName": "text", "SCF_Namespace": "text", "SCF_StartTime": "long", "SCF_LogTime": "long",
    "SCF_RequestId": "text", "SCF_Duration": "long", "SCF_Alias": "text", "SCF_Qualifier": "text",
    "SCF_MemUsage": "double", "SCF_Level": "text", "SCF_Message": "text", "SCF_Type": "text",
    "SCF_StatusCode": "long", "SCF_RetryNum": "long",
}  # fmt: skip
"""Fields that functions write, with their kinds. The functions' console searches by them, and alarms count by them;
without their index both find nothing."""


@dataclass(frozen=True, kw_only=True)
class ObservabilityNative:
    """What only Tencent Cloud knows about logs and traces."""

    partitions: int | None = None
    """Partitions a topic begins with; each takes 5 MB/s of writes, and more are split off under load. Default: 1 small,
    2 medium, 4 large. Limit: 1 to 10. A later change does nothing: the service then counts for itself."""
    log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """Further fields of application logs that queries may count and group by, and their kind. Default: what functions
    write (`FUNCTION_KEYS`), and full text. Limit: 86."""
    access_log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """The same for access logs (`{"status": "long"}`). Default: full text alone. Limit: 100."""
    trace_days: int | None = None
    """Days that traces are kept. Default: as long as logs, but 30 at most. Limit: 1 to what the console offers."""
    trace_endpoint: pulumi.Input[str] | None = None
    """Where applications send OTLP traces, in place of the instance's public address: its console shows one for the
    inside of the network (`http://pl.ap-guangzhou.apm.tencentcs.com:4317`), which no resource tells. Needed where
    functions have no way out. Default: the public address."""

    def __post_init__(self) -> None:
        in_range("ObservabilityNative.partitions", self.partitions, 1, 10, "partitions")
        in_range("ObservabilityNative.trace_days", self.trace_days, 1, MOST_DAYS, "days")
        for where, own in (("log_keys", len(FUNCTION_KEYS)), ("access_log_keys", 0)):
            keys = getattr(self, where)
            for kind in keys.values():
                one_of(f"ObservabilityNative.{where}", kind, KEY_KINDS)
            in_range(f"ObservabilityNative.{where}", len(keys), 0, MOST_KEYS - own, "fields")
        matches(
            "ObservabilityNative.trace_endpoint", self.trace_endpoint, r"https?://[^\s/@]+(/\S*)?",
            "an address such as http://host:4317",
        )  # fmt: skip


class Observability(observability.Observability):
    """A log set with a topic for application logs and one for access logs, their indexes, and an APM instance.

    Names a topic only once it can be searched. Logs kept for longer than 30 days go to cheaper storage after 14: there
    they can be searched, but no longer counted. Logs are not encrypted whatever the profile says: the service does it
    for chosen accounts only, and the provider not at all.

    Traces go by OTLP over gRPC to an instance of the application performance service, which a person opens once an
    account. Its token goes along as the resource attribute `token`, and whoever has it can write traces. With
    `traces=False` there is none, and the three trace outputs are None.
    """

    cloud = "tencentcloud"
    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        "ObservabilityArgs.trace_keys": "spans lie in the tracing service: choose search keys in its console",
    }

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(ObservabilityNative, args.native)
        self._days = args.days
        self._logset = self._declare_logset()
        traces = self._declare_traces() if args.traces else None
        self.finish(
            log_project=self._logset.id,
            log_store=self._declare_store("app", {**FUNCTION_KEYS, **self._native.log_keys}),
            access_log_store=self._declare_store("access", self._native.access_log_keys),
            trace_store=traces.id if traces else None,
            trace_endpoint=self._trace_endpoint(traces) if traces else None,
            trace_token=traces.token if traces else None,
        )

    @classmethod
    def check(cls, name: str, args: ObservabilityArgs) -> None:
        """Refuse more days and tags than the log service takes, search keys for traces, extras of another cloud."""
        cls.refuse_unsupported(args)
        cls.native_of(name, ObservabilityNative, args.native)
        # 3640 means for ever to the service: nothing that a user who counts days would expect.
        in_range(f"ObservabilityArgs.retention_days of {name}", args.days, 1, MOST_DAYS, "days on this cloud")
        tags = len(args.scope.component_tags(name))
        if tags > MOST_TAGS:
            own = tags - len(args.scope.tags)
            instead = f"use at most {MOST_TAGS - own}: log topics take {MOST_TAGS}, and {own} are Qiao's"
            raise UserError("tags", f"{tags - own} tags given", instead)

    def _declare_logset(self) -> logs.Logset:
        return logs.Logset(
            self.child("logset"),
            logset_name=self.physical_name("tencentcloud:Cls/logset:Logset"),
            tags=self.tags(),
            # No two of an account have one name.
            opts=self.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )

    def _declare_store(self, kind: str, keys: Mapping[str, KeyKind]) -> pulumi.Output[str]:
        """A topic and its index; the topic's id, known once it can be searched."""
        topic = self._declare_topic(kind)
        index = logs.Index(
            self.child(kind, "index"),
            topic_id=topic.id,
            rule=logs.IndexRuleArgs(
                full_text=logs.IndexRuleFullTextArgs(case_sensitive=False, contain_zh=True, tokenizer=DELIMITERS),
                key_value=_keys(keys) if keys else None,
            ),
            status=True,
            # As the service recommends: file, host and source, and what collectors add, are found by words too.
            include_internal_fields=True,
            metadata_flag=1,
            # Another topic is refused in place, though the schema takes it. A topic has one index.
            opts=self.options(replace_on_changes=["topicId"], delete_before_replace=True),
        )
        return after(topic.id, index.topic_id)

    def _declare_topic(self, kind: str) -> logs.Topic:
        size = self.profile.size
        return logs.Topic(
            self.child(kind, "topic"),
            logset_id=self._logset.id,
            topic_name=self.physical_name("tencentcloud:Cls/topic:Topic", kind),
            # Alarms and queries count here; the other kind only finds words.
            storage_type="hot",
            period=self._days,
            # Said even as 0: left out, it would stay when logs are kept for less, and the service refuse the two.
            hot_period=hot_days(self._days),
            partition_count=self._native.partitions or PARTITIONS[size],
            auto_split=True,
            max_split_partitions=MOST_PARTITIONS[size],
            is_web_tracking=False,
            tags=self.tags(),
            opts=self.options(
                stateful=True, retain_on_delete=None,
                # A split topic reports more partitions than were asked for, and the provider refuses that change.
                ignore_changes=["partitionCount"],
                # The provider takes another log set and does nothing; another kind of storage it refuses.
                replace_on_changes=["logsetId", "storageType"],
                # The name is fixed: the new one is refused while the old one is there.
                delete_before_replace=True,
            ),
        )  # fmt: skip

    def _declare_traces(self) -> apm.Instance:
        return apm.Instance(
            self.child("traces"),
            name=self.physical_name("tencentcloud:Apm/instance:Instance"),
            description=f"{self.scope.project} {self.scope.stage}",
            trace_duration=self._native.trace_days or min(self._days, TRACE_DAYS),
            # As many as come. How they are paid for stays unsaid: only chosen accounts may say it.
            span_daily_counters=0,
            tags=self.tags(),
            # Deleting it deletes the traces. The SDK does not know that its token is one.
            opts=self.options(stateful=True, additional_secret_outputs=["token"]),
        )

    def _trace_endpoint(self, traces: apm.Instance) -> pulumi.Output[str]:
        if self._native.trace_endpoint is not None:
            return as_output(self._native.trace_endpoint)
        return traces.public_collector_url.apply(collector)


def hot_days(days: int) -> int:
    """Days before logs go to cheaper storage; 0 where they never do.

    Args:
        days: how long logs are kept. Those kept for a month or less are not worth the move.
    """
    return HOT_DAYS if days > LONG_KEPT_DAYS else 0


def collector(address: str | None) -> str:
    """The address that traces are sent to, with its scheme.

    Args:
        address: what the instance reports: nothing, where the provider could not ask for it.
    """
    if not address:
        where = "tencentcloud Observability"
        instead = "run `pulumi refresh` and `up` again, or give ObservabilityNative.trace_endpoint"
        raise UserError(where, "the trace instance reports no address", instead)
    return address if "://" in address else f"http://{address}"


def _keys(keys: Mapping[str, KeyKind]) -> logs.IndexRuleKeyValueArgs:
    # In one order, whatever the settings' is: the list is compared place by place.
    return logs.IndexRuleKeyValueArgs(
        case_sensitive=False,
        key_values=[
            logs.IndexRuleKeyValueKeyValueArgs(key=name, value=_value(kind)) for name, kind in sorted(keys.items())
        ],
    )


def _value(kind: KeyKind) -> logs.IndexRuleKeyValueKeyValueValueArgs:
    # Only text has words; the service refuses delimiters and Chinese for numbers.
    text = kind == "text"
    return logs.IndexRuleKeyValueKeyValueValueArgs(
        type=kind, sql_flag=True, contain_zh=text, tokenizer=DELIMITERS if text else ""
    )
