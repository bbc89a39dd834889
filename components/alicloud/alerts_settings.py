"""What alarms on Alibaba Cloud are made of: the cloud's own extras, words and limits. Plain functions, no resources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pulumi
from pulumi_alicloud import cms

from components.alerts import AlertsArgs, Contact, MetricRule
from components.base import as_output
from components.checks import in_range, matches, multiple_of, one_of
from components.errors import UserError
from components.function import FunctionLike

FUNCTIONS = "acs_fc"
"""CloudMonitor's namespace of functions."""
STATISTICS = {"avg": "Average", "max": "Maximum", "min": "Minimum"}
MOST_PERIODS = 180

UNSUPPORTED = {
    "LogAlarm.receivers": "name an action policy of the log service's alert centre as the native action_policy",
    "MetricRule.unit": "leave it out: a metric has one unit here, and the threshold is in it",
}


@dataclass(frozen=True, kw_only=True)
class AlertsNative:
    """What only Alibaba Cloud knows about alarms."""

    silence_minutes: int | None = None
    """Minutes until an alarm that goes on is told again. Default: 5 where the profile is urgent, else 60. Limit: 5 to
    1440."""
    period_seconds: int = 60
    """Length of the period that a rule looks at. Default 60, which function metrics are collected by. Limit: a multiple
    of 60, at most 3600."""
    statistics: Mapping[str, str] = field(default_factory=dict)
    """CloudMonitor's own word by rule name, for metrics that know another statistic than Average, Maximum or Minimum
    (`Value`, `Sum`): a rule is refused with a word that its metric does not know, and the metric's page in
    CloudMonitor's console says which it knows. Default: none. Example: `{errors: Sum}`."""
    language: Literal["zh-cn", "en"] = "zh-cn"
    """Language of messages to contacts. Default zh-cn. With another, contacts are made anew and confirm again."""
    action_policy: str | None = None
    """Id of the action policy of the log service that a log alarm tells people by; needed for one. It lists users of
    the log service's alert centre, which are no CloudMonitor contacts. `sls.builtin` is there from the start; put
    people in it in the console. Default: none."""
    webhook: pulumi.Input[str] | None = field(default=None, repr=False)
    """Address that metric alarms are posted to as well, as a form. Plain http alone. Secret: who knows it can post."""
    ding_webhook: pulumi.Input[str] | None = field(default=None, repr=False)
    """Address of a DingTalk group's robot that metric alarms are told by as well. Secret: it holds the access token."""

    def __post_init__(self) -> None:
        in_range("AlertsNative.silence_minutes", self.silence_minutes, 5, 1440, "minutes")
        in_range("AlertsNative.period_seconds", self.period_seconds, 60, 3600, "seconds")
        multiple_of("AlertsNative.period_seconds", self.period_seconds, 60)
        one_of("AlertsNative.language", self.language, ("zh-cn", "en"))
        for word in self.statistics.values():
            matches("AlertsNative.statistics", word, r"[A-Z][A-Za-z0-9]*", "a word of CloudMonitor: Sum, Value")
        matches("AlertsNative.action_policy", self.action_policy, r"[A-Za-z][A-Za-z0-9_.-]{0,59}", "the policy's id")
        self._refuse_addresses()

    def _refuse_addresses(self) -> None:
        # No address in an error: it is secret.
        if isinstance(self.webhook, str) and not self.webhook.startswith("http://"):
            instead = "CloudMonitor posts to http:// alone; a DingTalk robot's address is ding_webhook"
            raise UserError("AlertsNative.webhook", "no http:// address", instead)
        if isinstance(self.ding_webhook, str) and not self.ding_webhook.startswith("https://"):
            raise UserError("AlertsNative.ding_webhook", "no https:// address", "copy it from the robot's settings")


@dataclass(frozen=True)
class Manner:
    """How alarms are told."""

    level: Literal["critical", "info"]
    """CloudMonitor's: critical calls phones, sends SMS and mail; info sends mail. Robots hear both."""
    severity: int
    """The log service's, 2 to 10."""
    minutes: int
    """Until an alarm that goes on is told again."""


def plan_manner(urgent: bool, native: AlertsNative) -> Manner:
    """Critical where the profile is urgent, else a notice."""
    if urgent:
        return Manner("critical", 10, native.silence_minutes or 5)
    return Manner("info", 6, native.silence_minutes or 60)


def refuse(name: str, args: AlertsArgs, native: AlertsNative) -> None:
    """Refuse what CloudMonitor or the log service would refuse half-way through an `up`, or never tell of."""
    strangers = sorted(set(native.statistics) - {rule.name for rule in args.rules})
    if strangers:
        known = ", ".join(rule.name for rule in args.rules) or "none"
        where = f"AlertsNative.statistics of {name}"
        raise UserError(where, f"there is no rule {', '.join(strangers)}", f"name rules that are there: {known}")
    if args.log_alarm and native.action_policy is None:
        where = f"AlertsNative.action_policy of {name}"
        instead = "name an action policy of the log service; sls.builtin is there from the start"
        raise UserError(where, "missing, and a log alarm tells nobody without one", instead)


def contact_mark(contact: Contact, language: str) -> str:
    """Six characters that are others when anything is told to another address, or in another language."""
    return hashlib.sha256(json.dumps([contact.email, contact.phone, language]).encode()).hexdigest()[:6]


def hidden(address: pulumi.Input[str]) -> pulumi.Output[str]:
    """An address that is a secret."""
    return pulumi.Output.secret(as_output(address))


def dimensions(region: str, function: FunctionLike) -> pulumi.Output[str]:
    """What CloudMonitor knows a function by, as the JSON that it keeps."""
    # Here a function's id is its name, and one that is there already may be given by its id alone.
    named = function.id if isinstance(function.name, str) and not function.name else function.name
    return as_output(named).apply(
        lambda known: json.dumps([{"functionName": known, "region": region}], separators=(",", ":"))
    )


def escalation(level: str, rule: MetricRule, native: AlertsNative) -> dict[str, Any]:
    """A rule's condition in the cloud's words, as the argument of its level."""
    kinds = {
        "critical": ("escalations_critical", cms.AlarmEscalationsCriticalArgs),
        "info": ("escalations_info", cms.AlarmEscalationsInfoArgs),
    }
    argument, kind = kinds[level]
    condition = kind(
        comparison_operator=rule.comparison,
        statistics=native.statistics.get(rule.name, STATISTICS[rule.statistic]),
        threshold=decimal_text(rule.threshold),
        times=rule.periods,
    )
    return {argument: condition}


def decimal_text(number: float) -> str:
    """A number as people write it: `5`, `0.05`, `1000000`; never `5.0` or `1e-05`."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
