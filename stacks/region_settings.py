"""Settings of what applications in one cloud and region share: `qiao:clouds`, one entry a cloud and region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, model_validator

from stacks.model import Model, refuse
from stacks.secrets import Secret

ZONES = "give two zones of the region, such as [<region>-a, <region>-b]"
"""What to do where zones are missing."""

Native = dict[str, dict[str, Any]]
"""What only one cloud knows, by concept (`function: {...}`); that cloud's own extras say what each may hold."""


class IngressSettings(Model):
    """Traffic let in to the security group that functions and databases join."""

    port: int
    """First port, 1 to 65535."""
    cidr: str
    """Who may come, as a block (`10.8.0.0/16`). The whole internet is refused for ports 22 and 3389."""
    to_port: int | None = None
    """Last port. Default: `port`, for a single one."""
    protocol: Literal["tcp", "udp"] | None = None
    """Transport. Default tcp."""
    description: str | None = None
    """Shown in the cloud's console."""


class ExistingNetworkSettings(Model):
    """A network that is there already, by its ids: nothing of it is created or changed."""

    vpc_id: str
    """Id of the network."""
    subnet_ids: dict[str, str]
    """Id of a subnet by its zone, two zones: gateways and databases stand in both."""
    security_group_id: str
    """Id of the security group to join."""
    subnet_cidrs: dict[str, str] = Field(default_factory=dict)
    """Block of each subnet by its zone. Needed by databases: it is their allow-list."""
    cidr: str | None = None
    """The network's block, where known."""


class ExistingRegistrySettings(Model):
    """An image registry that is there already."""

    endpoint: str
    """Host that images are pushed to, and pulled from but for `pull_endpoint`."""
    pull_endpoint: str | None = None
    """Host that functions pull images from, where the cloud has another one inside it. Default: the same."""
    namespace: str
    """Namespace inside it."""
    username: str | None = None
    """User to log in with, where images are to be built and pushed."""
    password: Secret | None = None
    """Its password. A secret; needed with `username`."""

    def needs_secrets(self) -> Sequence[str]:
        """The password of the user named."""
        return ("password",) if self.username is not None else ()


class RegistrySettings(Model):
    """The private image registry. Made where an application uses an image, or where this entry stands."""

    namespace: str | None = None
    """Namespace that images live in. Default: derived from project and stage."""
    public_cidrs: list[str] | None = None
    """Blocks that may reach the public endpoint to push (an office, a CI runner). Default: none, and no public
    endpoint. 0.0.0.0/0 is refused where the profile does not allow it (prod)."""
    repositories: list[str] | None = None
    """Names of images whose repositories are declared, private. Default: none, and then the first push of an image
    makes its repository, private too."""
    existing: ExistingRegistrySettings | None = None
    """A registry that is there already, instead of an own one."""

    @model_validator(mode="after")
    def _own_or_existing(self) -> RegistrySettings:
        if self.existing and (self.namespace or self.public_cidrs or self.repositories):
            raise refuse("describes an own and an existing registry", "keep one of the two", "existing")
        return self


class ExistingLogsSettings(Model):
    """A log project that is there already."""

    log_project: str
    """Id of the log project."""
    log_store: str
    """Id of the store (topic) of application logs."""
    access_log_store: str | None = None
    """Id of the store (topic) of gateway access logs. Default: gateways write none."""
    trace_store: str | None = None
    """Id of the store (topic) of traces. Default: applications trace nothing."""
    trace_endpoint: str | None = None
    """Where applications send traces; needed with `trace_store`."""
    trace_token: Secret | None = None
    """Token that traces are sent with, on clouds that want one. A secret."""

    @model_validator(mode="after")
    def _traces_whole(self) -> ExistingLogsSettings:
        if (self.trace_store is None) != (self.trace_endpoint is None):
            raise refuse("trace_store and trace_endpoint go together", "give both or neither", "trace_endpoint")
        return self


class LogsSettings(Model):
    """Logs and traces."""

    retention_days: int | None = None
    """Days that logs and traces are kept, 1 to 3650. Default: the profile's (7 in dev, 180 in prod)."""
    traces: bool | None = None
    """Whether there is a trace store beside the logs. Default true."""
    trace_keys: list[str] | None = None
    """Span attributes that traces can be searched by. Default request_id, input, output: what an agent writes."""
    existing: ExistingLogsSettings | None = None
    """A log project that is there already, instead of an own one."""

    @model_validator(mode="after")
    def _own_or_existing(self) -> LogsSettings:
        if self.existing and self.model_fields_set != {"existing"}:
            raise refuse("describes own and existing logs", "keep one of the two", "existing")
        return self


class ContactSettings(Model):
    """A person that alarms tell. Each confirms the address once by hand: clouds send nothing before."""

    name: str
    """Short name, frozen once deployed: lower-case letters, digits and hyphens."""
    email: str
    """E-mail address."""
    phone: str | None = None
    """Phone number, for urgent alarms."""


class RuleSettings(Model):
    """An alarm on a metric, declared for every function."""

    name: str
    """Short name, frozen once deployed: lower-case letters, digits and hyphens."""
    metric: str
    """The cloud's name of the metric, as its console's rule form shows it: clouds rename them, so none is built in."""
    threshold: float
    """Value to compare with."""
    comparison: Literal[">", ">=", "<", "<=", "==", "!="] | None = None
    """How to compare. Default >."""
    statistic: Literal["avg", "max", "min"] | None = None
    """Which value of a period. Default max."""
    unit: str | None = None
    """The cloud's unit of the metric. Default Count."""
    periods: int | None = None
    """Periods in a row that must be over before it tells. Default 1."""
    namespace: str | None = None
    """The cloud's sub-namespace of the metric, where it has one."""


class LogAlarmSettings(Model):
    """An alarm on lines of the applications' logs."""

    query: str | None = None
    """Words to search for. Default: error."""
    more_than: int | None = None
    """How many lines are still fine in one window. Default 0: the first one tells."""
    window_minutes: int | None = None
    """Length of a window in minutes, 1 to 1440. Default 5."""
    receivers: list[str] | None = None
    """Sub-users of the account that are told, where the cloud's log service tells users, not contacts."""


class AlertsSettings(Model):
    """When contacts are told. Without contacts there are no alarms."""

    rules: list[RuleSettings] = Field(default_factory=list)
    """Alarms on metrics. Default: none, since metric names differ by cloud."""
    log_alarm: LogAlarmSettings | None = None
    """Alarm on log lines; its own default is the first line with the word error. Default: none, since the log service
    may tell sub-users only, and those are yours to name."""


LENT = ("network", "registry", "observability")
"""Concepts that a stage which borrows has none of its own of."""


class RegionSettings(Model):
    """What applications in one cloud and region share."""

    lender: str | None = Field(default=None, alias="from")
    """Another stage whose network, registry and logs are borrowed, as feature stages do. Default: own ones."""
    zones: list[str] | None = None
    """Two zones of the region. No default: zone order differs by account, and a zone cannot be changed in place. Leave
    them out, with all that is shared, where every application there stands alone (a site)."""
    cidr: str | None = None
    """The network's block: private, /8 to /22. Default 10.0.0.0/16. Cannot be changed in place."""
    subnet_cidrs: dict[str, str] | None = None
    """A block by zone, where the address plan must be another. Default: planned, with room for more zones."""
    egress: bool | None = None
    """Whether to own a NAT gateway with one fixed address, for callers that allow-list you. Billed by the hour.
    Default false: the cloud's shared way out."""
    ingress: list[IngressSettings] = Field(default_factory=list)
    """Traffic let in to the security group. Default: none beyond the group itself."""
    network: ExistingNetworkSettings | None = None
    """A network that is there already, instead of an own one."""
    registry: RegistrySettings | None = None
    """The private image registry. Default: one without a public endpoint, where an application uses an image."""
    logs: LogsSettings = LogsSettings()
    """Logs and traces. Default: own ones, kept as long as the profile says."""
    contacts: list[ContactSettings] = Field(default_factory=list)
    """Whom alarms tell. Default: nobody, and then there are no alarms."""
    alerts: AlertsSettings = AlertsSettings()
    """When contacts are told."""
    native: Native = Field(default_factory=dict)
    """What only this cloud knows, by concept: network, registry, observability, bucket."""

    @model_validator(mode="after")
    def _one_network(self) -> RegionSettings:
        own: list[str] = [
            name for name in ("cidr", "subnet_cidrs", "egress", "ingress") if name in self.model_fields_set
        ]
        if self.lender:
            kept: list[str] = [name for name in ("network", "registry", "logs") if name in self.model_fields_set]
            kept += [f"native.{concept}" for concept in self.native if concept in LENT]
            if own + kept:
                raise refuse(f"belongs to stage {self.lender}, which lends it", "set it there", (own + kept)[0])
        if self.network and (own or self.zones):
            raise refuse("an existing network has it already", "leave it out", (own or ["zones"])[0])
        shared = self.model_fields_set - {"contacts", "alerts", "native"}
        if shared and not self.network and not self.zones:
            raise refuse("is missing", ZONES, "zones")
        return self

    @property
    def has_ground(self) -> bool:
        """Whether there are a network and logs for applications to share."""
        return bool(self.zones) or self.network is not None
