"""Alerts on Volcengine: contacts and metric rules of Cloud Monitor, and an alarm of the log service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pulumi
from pulumi_volcengine import cloud_monitor, tls

from components import alerts
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.base import as_output
from components.errors import UserError
from components.function import FunctionLike
from components.observability import ObservabilityLike
from components.volcengine.facts import tag_list

FUNCTIONS = "VCM_veFaaS"
"""Cloud Monitor's namespace of functions."""
MOST_CONTACTS = 10
COUNTS = (1, 3, 5, 10, 15, 30, 60, 120)
SILENCES = (5, 10, 15, 30, 60, 180, 360, 720, 1440)


@dataclass(frozen=True, kw_only=True)
class AlertsNative:
    """What only Volcengine knows about alarms."""

    silence_minutes: int | None = None
    """Minutes until an alarm that goes on is told again. Default: 5 where the profile is urgent, else 60. Limit: 5,
    10, 15, 30, 60, 180, 360, 720 or 1440; the log service takes 10 as its least."""
    webhook: pulumi.Input[str] | None = field(default=None, repr=False)
    """Address that alarms are posted to as well (a chat group's robot). Secret: who knows it can post there."""

    def __post_init__(self) -> None:
        if self.silence_minutes not in (None, *SILENCES):
            where, allowed = "AlertsNative.silence_minutes", ", ".join(map(str, SILENCES))
            raise UserError(where, f"{self.silence_minutes} is not taken", f"use one of {allowed}")


@dataclass(frozen=True)
class Manner:
    """How alarms are told."""

    level: str
    silence: int
    channels: tuple[str, ...]
    """Of Email, Phone, SMS, Webhook."""


def plan_manner(urgent: bool, contacts: Sequence[Contact], native: AlertsNative) -> Manner:
    """Critical where the profile is urgent, by phone and SMS too if anybody gave a number; else a notice by e-mail."""
    calls = ("Phone", "SMS") if urgent and any(contact.phone for contact in contacts) else ()
    posts = ("Webhook",) if native.webhook is not None else ()
    channels = ("Email", *calls, *posts)
    return Manner("critical" if urgent else "notice", native.silence_minutes or (5 if urgent else 60), channels)


class Alerts(alerts.Alerts):
    """Cloud Monitor contacts in one group, a rule a metric and function, and a log service alarm.

    Contacts must confirm their address by hand. The log service tells sub-users (`LogAlarm.receivers`), not contacts.
    """

    cloud = "volcengine"

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(AlertsNative, args.native)
        self._manner = plan_manner(self.profile.urgent_alerts, args.contacts, self._native)
        contacts = {contact.name: self._declare_contact(contact) for contact in args.contacts}
        self._group = self._declare_group(list(contacts.values()))
        for rule in args.rules:
            for short_name, function in args.functions.items():
                self._declare_rule(rule, short_name, function)
        if args.log_alarm and args.observability:
            self._declare_log_alarm(args.log_alarm, args.observability)
        self.finish(
            contact_ids={short_name: contact.id for short_name, contact in contacts.items()},
            contact_group_id=self._group.id,
        )

    @classmethod
    def check(cls, name: str, args: AlertsArgs) -> None:
        """Contacts, rules and receivers."""
        cls.native_of(name, AlertsNative, args.native)
        refuse(name, args)

    def _declare_contact(self, contact: Contact) -> cloud_monitor.Contact:
        return cloud_monitor.Contact(
            self.child("contact", contact.name),
            name=self.physical_name("volcengine:cloud_monitor/contact:Contact", contact.name),
            email=contact.email,
            phone=contact.phone,
            opts=self.options(),
        )

    def _declare_group(self, contacts: Sequence[cloud_monitor.Contact]) -> cloud_monitor.ContactGroup:
        return cloud_monitor.ContactGroup(
            self.child("contacts"),
            name=self.physical_name("volcengine:cloud_monitor/contactGroup:ContactGroup"),
            description=f"{self.scope.app} {self.scope.stage}",
            contacts_id_lists=[contact.id for contact in contacts],
            opts=self.options(),
        )

    def _declare_rule(self, rule: MetricRule, short_name: str, function: FunctionLike) -> None:
        # A dot cannot be in a rule's name: `a` on `b-c` and `a-b` on `c` stay two names.
        name = f"{rule.name}.{short_name}"
        cloud_monitor.Rule(
            self.child("rule", name),
            rule_name=self.physical_name("volcengine:cloud_monitor/rule:Rule", name),
            description=f"{rule.metric} of {short_name}",
            namespace=FUNCTIONS,
            sub_namespace=rule.namespace,
            regions=[self.scope.region],
            original_dimensions=[cloud_monitor.RuleOriginalDimensionArgs(key="ResourceID", values=[function.id])],
            conditions=[condition(rule)],
            evaluation_count=rule.periods,
            level=self._manner.level,
            silence_time=self._manner.silence,
            alert_methods=list(self._manner.channels),
            contact_group_ids=[self._group.id],
            web_hook=self._webhook(),
            recovery_notify=cloud_monitor.RuleRecoveryNotifyArgs(enable=True),
            effect_start_at="00:00",
            effect_end_at="23:59",
            enable_state="enable",
            tags=tag_list(cloud_monitor.RuleTagArgs, self.tags()),
            # The SDK marks the address nowhere, and outputs repeat it. Another sub-namespace makes another rule of the
            # same name.
            opts=self.options(
                delete_before_replace=True,
                additional_secret_outputs=["webHook"] if self._native.webhook is not None else None,
            ),
        )

    def _declare_log_alarm(self, alarm: LogAlarm, logs: ObservabilityLike) -> None:
        group = self._declare_receivers(alarm.receivers)
        tls.Alarm(
            self.child("log-alarm"),
            alarm_name=self.physical_name("volcengine:tls/alarm:Alarm"),
            project_id=logs.log_project,
            alarm_notify_groups=[group.id],
            query_requests=[
                tls.AlarmQueryRequestArgs(
                    number=1,
                    # Known once the topic can be searched: an alarm on a topic without index is refused.
                    topic_id=logs.log_store,
                    query=f"{alarm.query} | select count(*) as hits",
                    start_time_offset=-alarm.window_minutes,
                    end_time_offset=0,
                )
            ],
            condition=f"$1.hits>{alarm.more_than}",
            severity=self._manner.level,
            request_cycle=tls.AlarmRequestCycleArgs(type="Period", time=alarm.window_minutes),
            trigger_period=1,
            alarm_period=max(10, self._manner.silence),
            user_define_msg=f"More than {alarm.more_than} lines match in {alarm.window_minutes} minutes: {alarm.query}",
            status=True,
            # The group cannot be changed in place, and the name is taken until the old alarm is gone.
            opts=self.options(delete_before_replace=True),
        )

    def _declare_receivers(self, users: Sequence[str]) -> tls.AlarmNotifyGroup:
        words = {"Email": "Email", "Phone": "Phone", "SMS": "Sms", "Webhook": "GeneralWebhook"}
        receiver = tls.AlarmNotifyGroupReceiverArgs(
            receiver_type="User",
            receiver_names=list(users),
            receiver_channels=[words[channel] for channel in self._manner.channels],
            start_time="00:00:00",
            end_time="23:59:59",
            general_webhook_url=self._webhook(),
            general_webhook_method=None if self._native.webhook is None else "POST",
        )
        return tls.AlarmNotifyGroup(
            self.child("log-receivers"),
            alarm_notify_group_name=self.physical_name("volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup"),
            notify_types=["Trigger", "Recovery"],
            receivers=[receiver],
            opts=self.options(additional_secret_outputs=["receivers"] if self._native.webhook is not None else None),
        )

    def _webhook(self) -> pulumi.Output[str] | None:
        return None if self._native.webhook is None else pulumi.Output.secret(as_output(self._native.webhook))


def refuse(name: str, args: AlertsArgs) -> None:
    """Refuse what Cloud Monitor or the log service would refuse half-way through an `up`."""
    if len(args.contacts) > MOST_CONTACTS:
        where = f"AlertsArgs.contacts of {name}"
        raise UserError(where, f"{len(args.contacts)} contacts in one group", f"give at most {MOST_CONTACTS}")
    for rule in args.rules:
        if not rule.namespace:
            where = f"MetricRule.namespace of {rule.name}"
            raise UserError(where, "missing, and metrics here are known by it", "copy it from the console's rule form")
        if rule.periods not in COUNTS:
            where = f"MetricRule.periods of {rule.name}"
            raise UserError(where, f"{rule.periods} is not taken", "use one of " + ", ".join(map(str, COUNTS)))
    if args.log_alarm and not args.log_alarm.receivers:
        raise UserError(f"LogAlarm.receivers of {name}", "nobody to tell", "name sub-users of the account")


def condition(rule: MetricRule) -> cloud_monitor.RuleConditionArgs:
    """A rule's condition in the cloud's words."""
    return cloud_monitor.RuleConditionArgs(
        metric_name=rule.metric,
        metric_unit=rule.unit,
        statistics=rule.statistic,
        comparison_operator="=" if rule.comparison == "==" else rule.comparison,
        threshold=decimal_text(rule.threshold),
    )


def decimal_text(number: float) -> str:
    """A number as people write it: `5`, `0.05`, `1000000`; never `5.0` or `1e-05`."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
