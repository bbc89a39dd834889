"""Alerts on Alibaba Cloud: contacts and metric rules of CloudMonitor, and an alert of the log service."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_alicloud import cms, sls

from components import alerts
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.alicloud import alerts_settings as planning
from components.alicloud.alerts_settings import AlertsNative
from components.checks import in_range
from components.function import FunctionLike
from components.observability import ObservabilityLike

__all__ = ["Alerts", "AlertsNative"]

BY_POLICY_OF_THE_RULE = "sls.builtin.dynamic"
"""The log service's ready alert policy: whom to tell is what each rule's own action policy says."""


class Alerts(alerts.Alerts):
    """CloudMonitor contacts in one group, a rule a metric and function, and an alert of the log service.

    Contacts must confirm their address by hand. The log service does not know them: a log alarm tells whom an action
    policy of its own names.
    """

    cloud = "alicloud"
    UNSUPPORTED = planning.UNSUPPORTED

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(AlertsNative, args.native)
        self._manner = planning.plan_manner(self.profile.urgent_alerts, self._native)
        contacts = {contact.name: self._declare_contact(contact) for contact in args.contacts}
        self._group = self._declare_group([*contacts.values(), *self._declare_robot()])
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
        """Rules, their words, and whom a log alarm tells."""
        native = cls.native_of(name, AlertsNative, args.native)
        for rule in args.rules:
            cls.refuse_unsupported(rule, f"rules[{rule.name}].")
            in_range(f"MetricRule.periods of {rule.name}", rule.periods, 1, planning.MOST_PERIODS)
        if args.log_alarm:
            cls.refuse_unsupported(args.log_alarm, "log_alarm.")
        planning.refuse(name, args, native)

    def _declare_contact(self, contact: Contact) -> cms.AlarmContact:
        return cms.AlarmContact(
            self.child("contact", contact.name),
            alarm_contact_name=self.physical_name(
                "alicloud:cms/alarmContact:AlarmContact",
                contact.name,
                planning.contact_mark(contact, self._native.language),
            ),
            describe=f"{contact.name} of {self.scope.app} {self.scope.stage}",
            channels_mail=contact.email,
            channels_sms=contact.phone,
            lang=self._native.language,
            # Read back empty until the person confirms: each preview until then would show a change, and each `up` send
            # another mail. The price is that a change is not seen either: the name's mark makes it a new contact.
            opts=self.options(ignore_changes=["channelsMail", "channelsSms"]),
        )

    def _declare_robot(self) -> list[cms.AlarmContact]:
        """A contact that is a chat group's robot; it has nothing to confirm."""
        if self._native.ding_webhook is None:
            return []
        robot = cms.AlarmContact(
            self.child("robot"),
            alarm_contact_name=self.physical_name("alicloud:cms/alarmContact:AlarmContact", "ding"),
            describe=f"robot of {self.scope.app} {self.scope.stage}",
            channels_ding_web_hook=planning.hidden(self._native.ding_webhook),
            lang=self._native.language,
            # The SDK does not mark the address, and outputs repeat it.
            opts=self.options(additional_secret_outputs=["channelsDingWebHook"]),
        )
        return [robot]

    def _declare_group(self, contacts: Sequence[cms.AlarmContact]) -> cms.AlarmContactGroup:
        return cms.AlarmContactGroup(
            self.child("contacts"),
            alarm_contact_group_name=self.physical_name("alicloud:cms/alarmContactGroup:AlarmContactGroup"),
            describe=f"{self.scope.app} {self.scope.stage}",
            contacts=[contact.alarm_contact_name for contact in contacts],
            # The weekly report of the whole account.
            enable_subscribed=False,
            opts=self.options(),
        )

    def _declare_rule(self, rule: MetricRule, short_name: str, function: FunctionLike) -> None:
        # A dot cannot be in a rule's name: `a` on `b-c` and `a-b` on `c` stay two names.
        name = f"{rule.name}.{short_name}"
        cms.Alarm(
            self.child("rule", name),
            name=self.physical_name("alicloud:cms/alarm:Alarm", name),
            project=rule.namespace or planning.FUNCTIONS,
            metric=rule.metric,
            metric_dimensions=planning.dimensions(self.scope.region, function),
            period=self._native.period_seconds,
            contact_groups=[self._group.alarm_contact_group_name],
            **planning.escalation(self._manner.level, rule, self._native),
            silence_time=60 * self._manner.minutes,
            effective_interval="00:00-23:59",
            webhook=None if self._native.webhook is None else planning.hidden(self._native.webhook),
            enabled=True,
            tags=self.tags(),
            opts=self._rule_options(),
        )

    def _rule_options(self) -> pulumi.ResourceOptions:
        return self.options(
            # An escalation that is left out is kept by the provider, so that a rule that changes its level in place
            # would tell at both; an address that is left out is not taken away either.
            replace_on_changes=["escalationsCritical", "escalationsInfo", "webhook"],
            # The old and the new rule of one name would both tell.
            delete_before_replace=True,
            # The SDK marks the address nowhere, and outputs repeat it.
            additional_secret_outputs=["webhook"] if self._native.webhook is not None else None,
        )

    def _declare_log_alarm(self, alarm: LogAlarm, logs: ObservabilityLike) -> None:
        name = self.physical_name("alicloud:sls/alert:Alert")
        sls.Alert(
            self.child("log-alarm"),
            alert_name=name,
            display_name=name,
            description=f"lines that match {alarm.query}",
            project_name=logs.log_project,
            schedule=sls.AlertScheduleArgs(
                type="FixedRate", interval=f"{alarm.window_minutes}m", time_zone="+0800"
            ),
            configuration=self._log_configuration(name, alarm, logs),
            status="ENABLED",
            # Another log project makes another alert; the old one's name is taken until it is gone.
            opts=self.options(delete_before_replace=True),
        )  # fmt: skip

    def _log_configuration(self, name: str, alarm: LogAlarm, logs: ObservabilityLike) -> sls.AlertConfigurationArgs:
        lines = f"More than {alarm.more_than} lines match in {alarm.window_minutes} minutes: {alarm.query}"
        return sls.AlertConfigurationArgs(
            version="2.0",
            type="default",
            # The dashboard that the service makes for alerts; without one the console cannot show their history.
            dashboard="internal-alert-analysis",
            query_lists=[self._query(alarm, logs)],
            group_configuration=sls.AlertConfigurationGroupConfigurationArgs(type="no_group"),
            severity_configurations=[
                sls.AlertConfigurationSeverityConfigurationArgs(
                    severity=self._manner.severity,
                    eval_condition=sls.AlertConfigurationSeverityConfigurationEvalConditionArgs(
                        condition=f"hits > {alarm.more_than}"
                    ),
                )
            ],
            annotations=[
                sls.AlertConfigurationAnnotationArgs(key="title", value=name),
                sls.AlertConfigurationAnnotationArgs(key="desc", value=lines),
            ],
            auto_annotation=True,
            threshold=1,
            send_resolved=True,
            no_data_fire=False,
            no_data_severity=self._manner.severity,
            policy_configuration=sls.AlertConfigurationPolicyConfigurationArgs(
                alert_policy_id=BY_POLICY_OF_THE_RULE,
                action_policy_id=self._native.action_policy,
                repeat_interval=f"{self._manner.minutes}m",
            ),
            # The alert centre tells people. CloudMonitor would take it as an event, and tell nobody without a rule of
            # its own for such events.
            sink_alerthub=sls.AlertConfigurationSinkAlerthubArgs(enabled=True),
            sink_cms=sls.AlertConfigurationSinkCmsArgs(enabled=False),
            sink_event_store=sls.AlertConfigurationSinkEventStoreArgs(enabled=False),
        )

    def _query(self, alarm: LogAlarm, logs: ObservabilityLike) -> sls.AlertConfigurationQueryListArgs:
        return sls.AlertConfigurationQueryListArgs(
            store_type="log",
            region=self.scope.region,
            project=logs.log_project,
            # Known once the store can be searched: a query on a store without index fails.
            store=logs.log_store,
            query=f"{alarm.query} | select count(*) as hits",
            time_span_type="Relative",
            start=f"-{alarm.window_minutes}m",
            end="now",
            power_sql_mode="auto",
        )
