"""Alerts: whom to tell, and when: metrics of functions, and lines in their logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from components.base import Args, Component
from components.checks import in_range, matches, unique
from components.errors import UserError
from components.function import FunctionLike
from components.observability import ObservabilityLike


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person to tell. Each must confirm the address once by hand: clouds send nothing before."""

    name: str
    """Short name, frozen once deployed. Lower-case letters, digits and hyphens."""
    email: str
    """E-mail address."""
    phone: str | None = None
    """Phone number, for urgent alarms."""

    def __post_init__(self) -> None:
        matches("Contact.name", self.name, r"[a-z][a-z0-9-]{0,30}", "1 to 31 lower-case letters, digits and hyphens")
        matches(f"Contact.email of {self.name}", self.email, r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")
        matches(f"Contact.phone of {self.name}", self.phone, r"\+?[0-9-]{5,20}", "digits")


@dataclass(frozen=True, kw_only=True)
class MetricRule:
    """An alarm on a metric of every watched function. Metric names differ by cloud and come from settings."""

    name: str
    """Short name, frozen once deployed. Lower-case letters, digits and hyphens."""
    metric: str
    """The cloud's name of the metric, as its console shows it."""
    threshold: float
    """Value to compare with."""
    comparison: Literal[">", ">=", "<", "<=", "==", "!="] = ">"
    """How to compare. Default >."""
    statistic: Literal["avg", "max", "min"] = "max"
    """Which value of the period. Default max."""
    unit: str = "Count"
    """The cloud's unit of the metric. Default Count."""
    periods: int = 1
    """Periods in a row that must be over before it tells. Default 1."""
    namespace: str | None = None
    """The cloud's sub-namespace of the metric, where it has one."""

    def __post_init__(self) -> None:
        matches("MetricRule.name", self.name, r"[a-z][a-z0-9-]{0,30}", "1 to 31 lower-case letters, digits and hyphens")


@dataclass(frozen=True, kw_only=True)
class LogAlarm:
    """An alarm on lines of the application log."""

    query: str = "error"
    """What to search for, in the cloud's search language. Default: the word error."""
    more_than: int = 0
    """How many lines are still fine in one window. Default 0: the first one tells."""
    window_minutes: int = 5
    """Length of a window, and how often it is looked at. Default 5. Limit: 1 to 1440."""
    receivers: Sequence[str] = ()
    """Sub-users of the account that are told, where the cloud's log service tells users, not contacts."""

    def __post_init__(self) -> None:
        in_range("LogAlarm.window_minutes", self.window_minutes, 1, 1440, "minutes")
        in_range("LogAlarm.more_than", self.more_than, 0, 1_000_000, "lines")
        if '"' in self.query or "|" in self.query:
            raise UserError("LogAlarm.query", "quotes and '|' are not taken", "write the words to search for")


@dataclass(frozen=True, kw_only=True)
class AlertsArgs(Args):
    """What an Alerts takes."""

    contacts: Sequence[Contact]
    """Whom to tell; at least one."""
    functions: Mapping[str, FunctionLike] = field(default_factory=dict)
    """Functions to watch, by a short name that becomes part of their rules' names."""
    rules: Sequence[MetricRule] = ()
    """Alarms on metrics; each is declared for every watched function."""
    log_alarm: LogAlarm | None = None
    """Alarm on the application log. Needs `observability`."""
    observability: ObservabilityLike | None = None
    """Where the log is."""
    native: object | None = None
    """What only one cloud knows (`AlertsNative` of its module)."""

    def __post_init__(self) -> None:
        if not self.contacts:
            raise UserError("AlertsArgs.contacts", "nobody to tell", "give at least one contact")
        unique("AlertsArgs.contacts", [contact.name for contact in self.contacts])
        unique("AlertsArgs.rules", [rule.name for rule in self.rules])
        if self.log_alarm and self.observability is None:
            raise UserError("AlertsArgs.log_alarm", "there is no log to watch", "give observability too")


class Alerts(Component):
    """Contacts, a contact group, and alarms. Urgent where the profile says so. Free, but for phone calls and SMS."""

    concept = "Alerts"
    OUTPUTS = ("contact_ids", "contact_group_id")

    contact_ids: dict[str, pulumi.Output[str]]
    """Id of each contact, by its short name."""
    contact_group_id: pulumi.Output[str]
    """Id of the group that all alarms tell."""

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
