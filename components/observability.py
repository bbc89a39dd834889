"""Observability: where logs and traces go, how long they stay, and what they can be searched by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import Args, Component
from components.checks import in_range, unique


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs(Args):
    """What an Observability takes."""

    retention_days: int | None = None
    """Days that logs and traces are kept. Default: the profile's. Limit: 1 to 3650."""
    traces: bool = True
    """Whether to declare a trace store beside the logs. Default True."""
    trace_keys: Sequence[str] = ("request_id", "input", "output")
    """Span attributes that traces can be searched by. Default: what an agent writes."""
    native: object | None = None
    """What only one cloud knows (`ObservabilityNative` of its module)."""

    def __post_init__(self) -> None:
        in_range("ObservabilityArgs.retention_days", self.retention_days, 1, 3650, "days")
        unique("ObservabilityArgs.trace_keys", self.trace_keys)

    @property
    def days(self) -> int:
        """Days that logs and traces are kept."""
        return self.retention_days or self.scope.profile.log_retention_days


class Observability(Component):
    """A log project with a store for application logs and one for access logs, and a trace store.

    Billed by volume written, stored and indexed.
    """

    concept = "Observability"
    OUTPUTS = ("log_project", "log_store", "access_log_store", "trace_store", "trace_endpoint", "trace_token")
    SECRET_OUTPUTS = ("trace_token",)

    log_project: pulumi.Output[str]
    """Id of the log project."""
    log_store: pulumi.Output[str]
    """Id of the store (topic) of application logs; its index is ready when this is known."""
    access_log_store: pulumi.Output[str]
    """Id of the store (topic) of gateway access logs."""
    trace_store: pulumi.Output[str] | None
    """Id of the store (topic) of traces, or None without `traces`."""
    trace_endpoint: pulumi.Output[str] | None
    """Where applications send OTLP traces, from inside the network; None without `traces`."""
    trace_token: pulumi.Output[str] | None
    """Token that traces are sent with, on clouds that want one. Secret."""

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)

    @classmethod
    def trace_outputs(cls, args: ObservabilityArgs) -> tuple[str, ...]:
        """Which of its outputs about traces there will be: known before there is one."""
        return ("trace_store", "trace_endpoint") if args.traces else ()


@dataclass(frozen=True, kw_only=True)
class ExistingObservability:
    """A log project that is there already."""

    log_project: pulumi.Input[str]
    """Id of the log project."""
    log_store: pulumi.Input[str]
    """Id of the store (topic) of application logs."""
    access_log_store: pulumi.Input[str] | None = None
    """Id of the store (topic) of gateway access logs; without one, gateways write none."""
    trace_store: pulumi.Input[str] | None = None
    """Id of the store (topic) of traces."""
    trace_endpoint: pulumi.Input[str] | None = None
    """Where applications send OTLP traces."""
    trace_token: pulumi.Input[str] | None = field(default=None, repr=False)
    """Token that traces are sent with: pass an `Output.secret`."""


ObservabilityLike = Observability | ExistingObservability
"""What an argument that names a place for logs takes."""
