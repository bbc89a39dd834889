"""Alerts on Tencent Cloud: people who are told, policies of the monitor, and an alarm of the log service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from tencentcloud_iac_pulumi import cam, cls, monitor

from components import alerts
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.base import as_output
from components.function import Function, FunctionLike
from components.observability import ObservabilityLike
from components.tencentcloud import alerts_settings as planning
from components.tencentcloud.alerts_settings import AlertsNative

__all__ = ["Alerts", "AlertsNative"]

DAY = 86399
"""Last second of a day."""
WEEK = list(range(1, 8))
CQL = 1


class Alerts(alerts.Alerts):
    """Message receivers in one notice, a policy a metric and function, and an alarm of the log service.

    A receiver must confirm phone and address by hand. Functions are watched at the alias that serves calls.

    The provider's plugin dies where the monitor answers without a part that it may leave out, and takes every creation
    that is under way along (`EOF`). So policies come last, after the functions; after such an end run `pulumi refresh`,
    take in what is there already by `pulumi import`, and run `up` again.
    """

    cloud = "tencentcloud"
    UNSUPPORTED = planning.UNSUPPORTED

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(AlertsNative, args.native)
        self._manner = planning.plan_manner(self.profile.urgent_alerts, self._native)
        uids = {contact.name: self._uid(contact) for contact in args.contacts}
        notice = self._declare_notice(list(uids.values()))
        for rule in args.rules:
            for short_name, function in args.functions.items():
                self._declare_rule(rule, short_name, function, notice)
        if args.log_alarm and args.observability:
            self._declare_log_alarm(args.log_alarm, args.observability, list(uids.values()))
        self.finish(
            contact_ids={short_name: uid.apply(lambda known: str(int(known))) for short_name, uid in uids.items()},
            contact_group_id=notice.id,
        )

    @classmethod
    def check(cls, name: str, args: AlertsArgs) -> None:
        """Contacts that can be told, and rules in this cloud's words."""
        native = cls.native_of(name, AlertsNative, args.native)
        planning.check_alias(native)
        for rule in args.rules:
            cls.refuse_unsupported(rule, f"rules[{rule.name}].")
        if args.log_alarm:
            cls.refuse_unsupported(args.log_alarm, "log_alarm.")
        planning.refuse(name, args, native)

    def _uid(self, contact: Contact) -> pulumi.Output[int]:
        """The number that a contact is told by."""
        if contact.name in self._native.users:
            return as_output(self._native.users[contact.name])
        return self._declare_contact(contact).uid

    def _declare_contact(self, contact: Contact) -> cam.MessageReceiver:
        country, number = planning.phone_of(contact)
        return cam.MessageReceiver(
            self.child("contact", contact.name),
            name=self.physical_name(
                "tencentcloud:Cam/messageReceiver:MessageReceiver", contact.name, planning.contact_mark(contact)
            ),
            remark=f"{contact.name} of {self.scope.app} {self.scope.stage}",
            country_code=country,
            phone_number=number,
            email=contact.email,
            opts=self.options(
                # Read back with stars in them: each preview would make the person anew, to confirm once more. The price
                # is that a change is not seen either: the name's mark makes it another person.
                ignore_changes=["phoneNumber", "email"],
                # The old one is in the notice until the new one is.
                delete_before_replace=False,
            ),
        )

    def _declare_notice(self, uids: Sequence[pulumi.Output[int]]) -> monitor.AlarmNotice:
        hook = self._native.webhook
        people = monitor.AlarmNoticeUserNoticeArgs(
            receiver_type="USER", start_time=0, end_time=DAY, weekdays=WEEK,
            notice_ways=list(self._manner.channels), user_ids=list(uids),
            # Left out, the provider sends zeros, which the service's ranges do not have.
            phone_orders=list(uids), phone_call_type="CIRCLE", phone_circle_times=2, phone_inner_interval=180,
            phone_circle_interval=180, need_phone_arrive_notice=0,
        )  # fmt: skip
        posted = [
            monitor.AlarmNoticeUrlNoticeArgs(url=planning.hidden(address), start_time=0, end_time=DAY, weekdays=WEEK)
            for address in ([] if hook is None else [hook])
        ]
        return monitor.AlarmNotice(
            self.child("notice"),
            name=self.physical_name("tencentcloud:Monitor/alarmNotice:AlarmNotice"),
            notice_type="ALL",
            notice_language=self._native.language,
            user_notices=[people],
            url_notices=posted or None,
            # The SDK does not mark the address, and outputs repeat it.
            opts=self.options(additional_secret_outputs=["urlNotices"] if posted else None),
        )

    def _declare_rule(
        self, rule: MetricRule, short_name: str, function: FunctionLike, notice: monitor.AlarmNotice
    ) -> None:  # fmt: skip
        # A dot cannot be in a rule's name: `a` on `b-c` and `a-b` on `c` stay two names.
        name = f"{rule.name}.{short_name}"
        namespace = rule.namespace or planning.SERVED
        policy = monitor.AlarmPolicy(
            self.child("rule", name),
            policy_name=self.physical_name("tencentcloud:Monitor/alarmPolicy:AlarmPolicy", name),
            monitor_type="MT_QCE",
            namespace=namespace,
            remark=f"{self.scope.app}-{self.scope.stage}",
            enable=1,
            project_id=-1,
            conditions=self._conditions(rule),
            notice_ids=[notice.id],
            # No tags: another one would make the policy anew.
            opts=self.options(depends_on=[function] if isinstance(function, Function) else None),
        )
        # One for all functions would undo itself: the provider reads and takes off all objects of a policy at once, so
        # each policy has one function.
        monitor.PolicyBindingObject(
            self.child("rule", name, "bound"),
            policy_id=policy.id,
            dimensions=[
                monitor.PolicyBindingObjectDimensionArgs(
                    dimensions_json=planning.watched(function, namespace, self._native), region=self.scope.region
                )
            ],
            # What goes takes off everything, the new object too: it goes first. It goes with its policy anyway.
            opts=self.options(delete_before_replace=True, deleted_with=policy),
        )

    def _conditions(self, rule: MetricRule) -> monitor.AlarmPolicyConditionsArgs:
        condition = monitor.AlarmPolicyConditionsRuleArgs(
            metric_name=rule.metric,
            period=self._native.period_seconds,
            operator=planning.OPERATORS[rule.comparison],
            value=planning.decimal_text(rule.threshold),
            continue_period=rule.periods,
            notice_frequency=60 * self._manner.minutes,
            # Never read back: anything but 0 would show a change for ever.
            is_power_notice=0,
            rule_type="STATIC",
        )
        return monitor.AlarmPolicyConditionsArgs(is_union_rule=0, rules=[condition])

    def _declare_log_alarm(
        self, alarm: LogAlarm, logs: ObservabilityLike, uids: Sequence[pulumi.Output[int]]
    ) -> None:  # fmt: skip
        cls.Alarm(
            self.child("log-alarm"),
            name=self.physical_name("tencentcloud:Cls/alarm:Alarm"),
            alarm_targets=[
                cls.AlarmAlarmTargetArgs(
                    logset_id=logs.log_project,
                    # Known once the topic can be searched: the query is looked at when the alarm is made.
                    topic_id=logs.log_store,
                    query=f"{alarm.query} | select count(*) as hits",
                    number=1,
                    start_time_offset=-alarm.window_minutes,
                    end_time_offset=0,
                    # What the console writes; the other one is of old.
                    syntax_rule=CQL,
                )
            ],
            monitor_time=cls.AlarmMonitorTimeArgs(type="Period", time=alarm.window_minutes),
            condition=f"$1.hits > {alarm.more_than}",
            alarm_level=self._manner.level,
            trigger_count=1,
            alarm_period=self._manner.minutes,
            alarm_notice_ids=[self._declare_log_notice(uids).id],
            status=True,
            tags=self.tags(),
            opts=self.options(),
        )

    def _declare_log_notice(self, uids: Sequence[pulumi.Output[int]]) -> cls.AlarmNotice:
        """Whom the log service tells: the same people, in its own words, since it knows no notices of the monitor."""
        hook, content = self._native.webhook, _content(self._native.language)
        people = cls.AlarmNoticeNoticeReceiverArgs(
            receiver_type="Uin", receiver_ids=list(uids), start_time="00:00:00", end_time="23:59:59",
            receiver_channels=[planning.CHANNELS[channel] for channel in self._manner.channels],
            # Left out, it is filled in, and every preview would take it away again.
            notice_content_id=content,
        )  # fmt: skip
        posted = [
            cls.AlarmNoticeWebCallbackArgs(
                url=planning.hidden(address), callback_type=self._native.webhook_kind, notice_content_id=content,
                method="POST" if self._native.webhook_kind == "Http" else None,
            )
            for address in ([] if hook is None else [hook])
        ]  # fmt: skip
        return cls.AlarmNotice(
            self.child("log-notice"),
            name=self.physical_name("tencentcloud:Cls/alarmNotice:AlarmNotice"),
            type="All",
            notice_receivers=[people],
            web_callbacks=posted or None,
            tags=self.tags(),
            # The SDK does not mark the address, and outputs repeat it.
            opts=self.options(additional_secret_outputs=["webCallbacks"] if posted else None),
        )


def _content(language: str) -> str:
    """The log service's own text of a message."""
    texts: Mapping[str, str] = {"zh-CN": "Default-zh", "en-US": "Default-en"}
    return texts[language]
