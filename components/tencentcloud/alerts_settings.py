"""What alarms on Tencent Cloud are made of: the cloud's own extras, words and limits. Plain functions, no resources."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pulumi

from components.alerts import AlertsArgs, Contact
from components.base import as_output
from components.checks import in_range, matches, one_of, unique
from components.errors import UserError
from components.function import FunctionLike

Channel = Literal["EMAIL", "SMS", "CALL", "WECHAT"]
CHANNELS: Mapping[str, str] = {"EMAIL": "Email", "SMS": "Sms", "CALL": "Phone", "WECHAT": "WeChat"}
"""Ways to tell people: the monitor's word, and the log service's."""

SERVED, UNPUBLISHED = "scf_alias", "SCF"
NAMESPACES: Mapping[str, str] = {SERVED: "alias", UNPUBLISHED: "version"}
"""Kinds of policies on functions, and the dimension beside function and namespace that each one's objects have. As
DescribeAllNamespaces lists them (QceNamespacesNew); that alarms on them arrive is not proven against an account."""
LATEST = "$LATEST"
"""What is not published."""

OPERATORS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "==": "eq", "!=": "ne"}
REPEATS = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
"""Minutes until an alarm that goes on is told again; the monitor takes no others."""
MOST_PERIODS = 5
MOST_TAGS = 10
"""Tags that an alarm of the log service takes."""
LONGEST_ADDRESS = 256
MAINLAND = "86"

UNSUPPORTED = {
    "LogAlarm.receivers": "leave it out: the contacts are told of log alarms too",
    "MetricRule.statistic": "leave it out: a metric is of one statistic here, which its page in the console says",
    "MetricRule.unit": "leave it out: a metric has one unit here, and the threshold is in it",
}


@dataclass(frozen=True, kw_only=True)
class AlertsNative:
    """What only Tencent Cloud knows about alarms."""

    users: Mapping[str, int] = field(default_factory=dict)
    """Numbers (uid) of users of the account by contact name, for contacts that are users already: nobody is made for
    these, and what CAM knows of the user counts. The only way for a contact without a phone. Default: none. Example:
    `{ops: 1234567}`."""
    channels: Sequence[Channel] | None = None
    """How people are told. Default: EMAIL, and SMS and CALL too where the profile is urgent. Calls and messages cost.
    WECHAT reaches those who follow the cloud's account."""
    silence_minutes: int | None = None
    """Minutes until an alarm that goes on is told again. Default: 5 where the profile is urgent, else 60. One of 5, 10,
    15, 30, 60, 120, 180, 360, 720 and 1440."""
    period_seconds: Literal[60, 300] = 60
    """Length of the period that a rule looks at. Default 60, which function metrics are collected by. Or 300."""
    language: Literal["zh-CN", "en-US"] = "zh-CN"
    """Language of messages. Default zh-CN."""
    alias: str = "live"
    """Alias of the functions that is watched. Default `live`, which Qiao's functions serve through."""
    webhook: pulumi.Input[str] | None = field(default=None, repr=False)
    """Address that alarms are posted to as well: of a chat group's robot, or your own. Secret: who knows it can post.
    At most 256 characters."""
    webhook_kind: Literal["Http", "WeCom", "DingTalk", "Lark"] = "Http"
    """Whose address it is. The log service must be told; the monitor sees it by itself. Default Http."""

    def __post_init__(self) -> None:
        if self.silence_minutes is not None and self.silence_minutes not in REPEATS:
            words = ", ".join(map(str, REPEATS))
            raise UserError("AlertsNative.silence_minutes", f"{self.silence_minutes} is not taken", f"use {words}")
        if self.period_seconds not in (60, 300):
            raise UserError("AlertsNative.period_seconds", f"{self.period_seconds} is not taken", "use 60 or 300")
        one_of("AlertsNative.language", self.language, ("zh-CN", "en-US"))
        one_of("AlertsNative.webhook_kind", self.webhook_kind, ("Http", "WeCom", "DingTalk", "Lark"))
        self._refuse_channels()
        # No address in an error: it is secret.
        if isinstance(self.webhook, str) and not self.webhook.startswith(("http://", "https://")):
            raise UserError(
                "AlertsNative.webhook", "no http:// or https:// address", "copy it from the robot's settings"
            )
        if isinstance(self.webhook, str):
            in_range("AlertsNative.webhook", len(self.webhook), 1, LONGEST_ADDRESS, "characters")

    def _refuse_channels(self) -> None:
        if self.channels is None:
            return
        unique("AlertsNative.channels", self.channels)
        for channel in self.channels:
            one_of("AlertsNative.channels", channel, CHANNELS)
        if not self.channels:
            raise UserError("AlertsNative.channels", "nobody could be told", "name EMAIL at least, or leave it out")


@dataclass(frozen=True)
class Manner:
    """How alarms are told."""

    channels: tuple[str, ...]
    """The monitor's words."""
    minutes: int
    """Until an alarm that goes on is told again."""
    level: int
    """The log service's: 1 is a notice, 2 is critical."""


def plan_manner(urgent: bool, native: AlertsNative) -> Manner:
    """Critical where the profile is urgent, else a notice."""
    own: tuple[str, ...] = ("EMAIL", "SMS", "CALL") if urgent else ("EMAIL",)
    channels = own if native.channels is None else tuple(native.channels)
    return Manner(channels, native.silence_minutes or (5 if urgent else 60), 2 if urgent else 1)


def refuse(name: str, args: AlertsArgs, native: AlertsNative) -> None:
    """Refuse what the monitor or the log service would refuse half-way through an `up`, or never tell of."""
    strangers = sorted(set(native.users) - {contact.name for contact in args.contacts})
    if strangers:
        known = ", ".join(contact.name for contact in args.contacts)
        where = f"AlertsNative.users of {name}"
        raise UserError(where, f"there is no contact {', '.join(strangers)}", f"name contacts that are there: {known}")
    for contact in args.contacts:
        if contact.name not in native.users:
            phone_of(contact)
    for rule in args.rules:
        in_range(f"MetricRule.periods of {rule.name}", rule.periods, 1, MOST_PERIODS)
        one_of(f"MetricRule.namespace of {rule.name}", rule.namespace, NAMESPACES)
    tags = len(args.scope.component_tags(name))
    if args.log_alarm and tags > MOST_TAGS:
        own = tags - len(args.scope.tags)
        instead = f"use at most {MOST_TAGS - own}: log alarms take {MOST_TAGS}, and {own} are Qiao's"
        raise UserError("tags", f"{tags - own} tags given", instead)


def phone_of(contact: Contact) -> tuple[str, str]:
    """A contact's phone: the country's code, and the number."""
    where = f"Contact.phone of {contact.name}"
    if contact.phone is None:
        instead = f"give one, or the number of a user of the account: native users {{{contact.name}: <uid>}}"
        raise UserError(where, "missing, and this cloud tells nobody without a phone", instead)
    if not contact.phone.startswith("+"):
        return MAINLAND, contact.phone.replace("-", "")
    # Codes have one to four digits, and nothing tells them from the number but a hyphen.
    found = re.fullmatch(r"\+(86|[0-9]{1,4}(?=-))-?([0-9-]+)", contact.phone)
    if found is None:
        instead = "write +<code>-<number>: +44-2079460958"
        raise UserError(where, "the country's code cannot be told from the number", instead)
    return found[1], found[2].replace("-", "")


def contact_mark(contact: Contact) -> str:
    """Six characters that are others when the contact is told at another address."""
    return hashlib.sha256(json.dumps([contact.email, contact.phone]).encode()).hexdigest()[:6]


def hidden(address: pulumi.Input[str]) -> pulumi.Output[str]:
    """An address that is a secret."""
    return pulumi.Output.secret(as_output(address))


def watched(function: FunctionLike, namespace: str, native: AlertsNative) -> pulumi.Output[str]:
    """What the monitor knows a function by, as JSON. Sorted and without spaces, as the service is taken to keep it."""
    there = function.id if isinstance(function.name, str) and not function.name else function.name
    dimension = NAMESPACES[namespace]
    value = native.alias if dimension == "alias" else LATEST

    def written(known: Any) -> str:
        # The provider's id of a function is `namespace+name`.
        place, _, name = str(known).rpartition("+")
        object_ = {dimension: value, "functionName": name, "namespace": place or "default"}
        return json.dumps(object_, separators=(",", ":"), sort_keys=True)

    return as_output(there).apply(written)


def decimal_text(number: float) -> str:
    """A number as people write it: `5`, `0.05`, `1000000`; never `5.0` or `1e-05`."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_alias(native: AlertsNative) -> None:
    """Refuse an alias that the service would not know."""
    matches("AlertsNative.alias", native.alias, r"[A-Za-z$][A-Za-z0-9_$-]{0,63}", "an alias of the functions: live")
