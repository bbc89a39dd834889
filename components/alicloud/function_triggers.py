"""What calls a function beside a gateway: an address of its own, timers, and objects of a bucket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pulumi
import pulumi_alicloud as alicloud
from pulumi_alicloud import fc

from components.alicloud.function_cron import expression
from components.alicloud.function_role import service_role
from components.base import Component, after
from components.bucket import BucketLike
from components.checks import is_plain
from components.errors import UserError
from components.function import BucketEvent, FunctionArgs, FunctionUrl, Timer
from components.identity import Statement
from components.network import NetworkLike

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
URL_NAME = "function_url"
"""Name of the trigger that is an address: with the mark that names of timers and events cannot have."""
EVENTS: dict[str, tuple[str, ...]] = {
    "created": ("oss:ObjectCreated:*",),
    # Not `oss:ObjectRemoved:*`: an upload that is given up is an event of that kind too, and removed no object.
    "removed": ("oss:ObjectRemoved:DeleteObject", "oss:ObjectRemoved:DeleteObjects"),
}


def declare_triggers(owner: Component, args: FunctionArgs, alias: fc.V3Alias) -> None:
    """Declare timers and bucket events. They call the alias, so that they follow its releases."""
    for trigger in args.triggers:
        if isinstance(trigger, Timer):
            _declare(owner, alias, ("timer", trigger.name), trigger.name, "timer", timer_config(trigger))
        else:
            _declare_event(owner, alias, trigger)


def declare_url(
    owner: Component, url: FunctionUrl, network: NetworkLike | None, alias: fc.V3Alias
) -> pulumi.Output[str]:
    """Declare an address of the function's own, and return it.

    For `auth: network` the function is bound to its network first: from then on calls from elsewhere are refused, by
    whatever way they come. That should hold for a gateway's calls too (unproven), so put none before such a function.

    Args:
        owner: the function's component.
        url: who may call, and from where.
        network: the function's network.
        alias: what is called.
    """
    gates: list[fc.V3VpcBinding] = []
    if url.auth == "network" and network is not None:
        gates.append(
            fc.V3VpcBinding(
                owner.child("network-only"),
                function_name=alias.function_name,
                vpc_id=network.vpc_id,
                opts=owner.options(),
            )
        )
    trigger = _declare(owner, alias, ("url",), URL_NAME, "http", url_config(url), depends_on=gates)
    side = "url_internet" if url.internet else "url_intranet"
    address: pulumi.Output[str] = trigger.http_trigger.apply(lambda found: getattr(found, side))
    return after(address, *(gate.function_name for gate in gates))


def _declare_event(owner: Component, alias: fc.V3Alias, event: BucketEvent) -> None:
    """A bucket's call: the storage service makes it, as a role that may call this one function."""
    region = owner.scope.region
    account = alicloud.get_account_output(opts=owner.invoke_options()).id
    function = pulumi.Output.concat("acs:fc:", region, ":", account, ":functions/", alias.function_name)
    allowed = Statement(actions=["fc:InvokeFunction"], resources=[function, pulumi.Output.concat(function, "/*")])
    caller = service_role(owner, "oss.aliyuncs.com", "who calls the function", [allowed], "event", event.name)
    _declare(
        owner, alias, ("event", event.name), event.name, "oss", event_config(event),
        source_arn=pulumi.Output.concat("acs:oss:", region, ":", account, ":", event.bucket.name),
        invocation_role=caller.role.arn,
        depends_on=[caller.attachment],
    )  # fmt: skip


def _declare(
    owner: Component, alias: fc.V3Alias, child: tuple[str, ...], name: str, kind: str, config: str, *,
    depends_on: Sequence[pulumi.Resource] = (), **more: Any,
) -> fc.V3Trigger:  # fmt: skip
    return fc.V3Trigger(
        owner.child(*child),
        function_name=alias.function_name,
        qualifier=alias.alias_name,
        trigger_name=name,
        trigger_type=kind,
        trigger_config=config,
        description=f"{owner.logical_name} of {owner.scope.project}/{owner.scope.stage}",
        # Its name is fixed: a replacement would meet the old one.
        opts=owner.options(delete_before_replace=True, depends_on=list(depends_on)),
        **more,
    )


def timer_config(timer: Timer) -> str:
    """A timer in the service's words."""
    return _json({"payload": timer.payload, "cronExpression": expression(timer), "enable": timer.enabled})


def url_config(url: FunctionUrl) -> str:
    """An address in the service's words: callers sign, or the service checks nobody."""
    who = "function" if url.auth == "cloud" else "anonymous"
    return _json({"authType": who, "methods": list(METHODS), "disableURLInternet": not url.internet})


def event_config(event: BucketEvent) -> str:
    """A bucket's events in the service's words."""
    names = [name for kind in sorted(event.events) for name in EVENTS[kind]]
    return _json({"events": names, "filter": {"key": {"prefix": event.prefix, "suffix": event.suffix}}})


def check_events(triggers: Sequence[Timer | BucketEvent]) -> None:
    """Refuse two events of one bucket that the same object could meet: the storage service takes but one."""
    events = [trigger for trigger in triggers if isinstance(trigger, BucketEvent)]
    for one, other in combinations(events, 2):
        shared = set(one.events) & set(other.events)
        if shared and _same(one.bucket, other.bucket) and _nested(one, other):
            what = f"{one.name} and {other.name} are met by the same objects of one bucket"
            raise UserError("FunctionArgs.triggers", what, "give them prefixes or suffixes that exclude each other")


def _same(one: BucketLike, other: BucketLike) -> bool:
    return one is other or (is_plain(one.name) and is_plain(other.name) and one.name == other.name)


def _nested(one: BucketEvent, other: BucketEvent) -> bool:
    starts = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
    ends = one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix)
    return starts and ends


def _json(value: Any) -> str:
    """Compact and in a fixed order: the same settings are the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
