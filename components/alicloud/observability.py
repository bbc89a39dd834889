"""Observability on Alibaba Cloud: a log service (SLS) project with two stores and their indexes; traces by OTLP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from pulumi_alicloud import log

from components import observability
from components.alicloud.gaps.logs_ready import LogsReady
from components.base import after, as_output
from components.checks import in_range, is_plain, matches, one_of
from components.errors import UserError
from components.observability import ObservabilityArgs

KeyKind = Literal["text", "long", "double"]
KEY_KINDS = ("text", "long", "double")
DELIMITERS = ", '\";=()[]{}?@&<>/:\n\t\r"
"""What separates words in an index: the service's own default."""
MAX_TEXT_LENGTH = 2048
"""Bytes of a value that queries count and group by: the service's own default."""
SHARDS = {"small": 1, "medium": 2, "large": 4}
MOST_SHARDS = {"small": 10, "medium": 50, "large": 256}
HOT_DAYS = 30
"""Least days of hot storage, before older logs move to the cheaper kind."""
COOL_DAYS = 30
"""Least days that the cheaper kind is billed for."""

FUNCTION_KEYS: Mapping[str, KeyKind] = {
    "functionName": "text", "qualifier": "text", "versionId": "text", "instanceID": "text", "requestId": "text",
    "message": "text", "operation": "text", "triggerType": "text", "isColdStart": "text", "hasFunctionError": "text",
    "errorType": "text", "ipAddress": "text", "hostname": "text", "statusCode": "long", "durationMs": "double",
    "memoryUsageMB": "double", "memoryLimitMB": "double", "memoryUsagePercent": "double", "cpuPercent": "double",
    "cpuQuotaPercent": "double", "concurrentRequests": "long", "aggPeriodSeconds": "long", "rxBytes": "long",
    "txBytes": "long", "rxTotalBytes": "long", "txTotalBytes": "long", "invokeFunctionStartTimestamp": "long",
    "invokeFunctionLatencyMs": "double", "coldStartLatencyMs": "double", "prepareCodeLatencyMs": "double",
    "runtimeInitializationMs": "double", "scheduleLatencyMs": "double",
}  # fmt: skip
"""Fields that functions write beside their lines: those of every line, then the metrics of requests and instances.
The functions' console searches by them, and alarms count by them; without their index both find nothing."""


@dataclass(frozen=True, kw_only=True)
class ObservabilityNative:
    """What only Alibaba Cloud knows about logs and traces."""

    shards: int | None = None
    """Shards a store begins with; each takes 5 MB/s of writes, and more are split off under load. Default: 1 small, 2
    medium, 4 large. Limit: 1 to 10. A later change does nothing: the service then counts for itself."""
    log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """Further fields of application logs that queries may count and group by, and their kind. Default: what functions
    write (`FUNCTION_KEYS`), and full text."""
    access_log_keys: Mapping[str, KeyKind] = field(default_factory=dict)
    """The same for access logs (`{"status": "long"}`). Default: full text alone."""
    trace_endpoint: pulumi.Input[str] | None = None
    """Where applications send OTLP traces, as its console shows it for an application's VPC
    (`http://tracing-analysis-dc-hz-internal.aliyuncs.com:8090`). No resource makes one: open the tracing service in the
    console once, in the region. Default: none, and then applications trace nowhere."""
    trace_token: pulumi.Input[str] | None = field(default=None, repr=False)
    """Token that traces are sent with, from the same page: a secret. Needed with `trace_endpoint`."""
    trace_store: pulumi.Input[str] | None = None
    """Name of the store that the tracing service keeps spans in, where applications or alarms name it. Default:
    none."""

    def __post_init__(self) -> None:
        in_range("ObservabilityNative.shards", self.shards, 1, 10, "shards")
        for where in ("log_keys", "access_log_keys"):
            for kind in getattr(self, where).values():
                one_of(f"ObservabilityNative.{where}", kind, KEY_KINDS)
        self._check_traces("ObservabilityNative.trace_endpoint")

    def _check_traces(self, where: str) -> None:
        if (self.trace_endpoint is None) is not (self.trace_token is None):
            raise UserError(where, "an endpoint and its token go together", "give trace_endpoint and trace_token")
        if is_plain(self.trace_token) and not self.trace_token:
            raise UserError("ObservabilityNative.trace_token", "it is empty", "give the token that the console shows")
        # One form of the service's addresses has the token in its path, and this one is shown: not even in an error.
        if is_plain(self.trace_endpoint) and "adapt_" in str(self.trace_endpoint):
            raise UserError(where, "it has the token in its path", "give the address of the gRPC form, without a path")
        matches(where, self.trace_endpoint, r"https?://[^\s/@]+(/\S*)?", "an address such as http://host:8090")


class Observability(observability.Observability):
    """An SLS project with a store for application logs and one for access logs, and their indexes.

    Names a store only once it can be searched: a new one is refused for minutes, and so is a function that names it.

    Traces go to the tracing service, which no resource can set up: where `native` says endpoint and token, applications
    get both; else there are none, whatever `traces` says, and the three trace outputs are None.

    Logs that gateways write on this cloud go to a project of the service's own; the store of access logs is for
    applications and for what a collector brings.
    """

    cloud = "alicloud"
    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        "ObservabilityArgs.trace_keys": "spans lie in the tracing service: choose search keys in its console",
    }

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(ObservabilityNative, args.native)
        self._days = args.days
        self._project = self._declare_project()
        traced = self._native if args.traces else ObservabilityNative()
        self.finish(
            log_project=self._project.project_name,
            log_store=self._declare_store("app", {**FUNCTION_KEYS, **self._native.log_keys}),
            access_log_store=self._declare_store("access", self._native.access_log_keys),
            trace_store=_output(traced.trace_store),
            trace_endpoint=_output(traced.trace_endpoint),
            trace_token=_output(traced.trace_token),
        )

    @classmethod
    def check(cls, name: str, args: ObservabilityArgs) -> None:
        """Refuse search keys for traces, and extras of another cloud."""
        cls.refuse_unsupported(args)
        cls.native_of(name, ObservabilityNative, args.native)

    @classmethod
    def trace_outputs(cls, args: ObservabilityArgs) -> tuple[str, ...]:
        """Those that `native` names."""
        native = cls.native_of("", ObservabilityNative, args.native)
        names = ("trace_store", "trace_endpoint", "trace_token") if args.traces else ()
        return tuple(name for name in names if getattr(native, name) is not None)

    def _declare_project(self) -> log.Project:
        return log.Project(
            self.child("project"),
            # A deleted project's name stays taken for days; the suffix makes the next stack's another.
            project_name=self.unique_name("alicloud:log/project:Project"),
            description=f"{self.scope.project} {self.scope.stage}",
            tags=self.tags(),
            # With the one name that there is, the old one goes first.
            opts=self.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )

    def _declare_store(self, kind: str, keys: Mapping[str, KeyKind]) -> pulumi.Output[str]:
        """A store and its index; the store's name, known once it can be searched."""
        store = self._declare_log_store(kind)
        index = log.StoreIndex(
            self.child(kind, "index"),
            project=store.project_name,
            logstore=store.logstore_name,
            full_text=log.StoreIndexFullTextArgs(case_sensitive=False, include_chinese=True, token=DELIMITERS),
            field_searches=[_key(key, value) for key, value in sorted(keys.items())] or None,
            # Unset, it is reported back and then differs on every preview.
            max_text_len=MAX_TEXT_LENGTH,
            # A store has one index: a second one is refused while the first is there.
            opts=self.options(delete_before_replace=True),
        )
        ready = LogsReady(
            self.child(kind, "ready"),
            project=index.project,
            logstore=index.logstore,
            region=self.scope.region,
            opts=self.options(),
        )
        return after(store.logstore_name, ready.logstore)

    def _declare_log_store(self, kind: str) -> log.Store:
        size = self.profile.size
        # Switched on later, encryption makes the store anew. Said as off, it may come back without its kind, and that
        # too would make the store anew, on every `up`.
        encrypt = log.StoreEncryptConfArgs(enable=True, encrypt_type="default") if self.profile.encrypt else None
        return log.Store(
            self.child(kind, "store"),
            project_name=self._project.project_name,
            logstore_name=self.physical_name("alicloud:log/store:Store", kind),
            # Alarms count by SQL, which the two cheaper modes lack.
            mode="standard",
            retention_period=self._days,
            hot_ttl=hot_days(self._days),
            shard_count=self._native.shards or SHARDS[size],
            auto_split=True,
            max_split_shard_count=MOST_SHARDS[size],
            # The sender's address is no business of the log.
            append_meta=False,
            encrypt_conf=encrypt,
            opts=self.options(
                stateful=True, retain_on_delete=None,
                # A split store reports more shards than were asked for, and a kind of telemetry that was never asked
                # for; either would replace it, logs and all.
                ignore_changes=["shardCount", "telemetryType"],
                # The name is fixed: the new one is refused while the old one is there.
                delete_before_replace=True,
            ),
        )  # fmt: skip


def hot_days(days: int) -> int | None:
    """Days in hot storage before the rest goes to cheaper storage; None where it all stays hot.

    Args:
        days: how long logs are kept. The cheaper kind bills for 30 days at least, so fewer than 60 in all stay hot.
    """
    return HOT_DAYS if days >= HOT_DAYS + COOL_DAYS else None


def _key(name: str, kind: KeyKind) -> log.StoreIndexFieldSearchArgs:
    text = kind == "text"
    return log.StoreIndexFieldSearchArgs(
        name=name, type=kind, enable_analytics=True, case_sensitive=False, include_chinese=text,
        token=DELIMITERS if text else "",
    )  # fmt: skip


def _output(value: pulumi.Input[str] | None) -> pulumi.Output[str] | None:
    return None if value is None else as_output(value)
