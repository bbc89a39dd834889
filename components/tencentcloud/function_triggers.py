"""What calls a function beside a gateway: an address of its own, timers, and objects of a bucket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import scf

from components.base import Component
from components.bucket import BucketLike
from components.checks import is_plain
from components.errors import UserError
from components.function import BucketEvent, FunctionArgs, FunctionUrl, Timer
from components.tencentcloud.function_cron import expression
from components.tencentcloud.function_settings import NAMESPACE
from components.tencentcloud.gaps.function_trigger import FunctionTrigger
from components.tencentcloud.gaps.function_url import FunctionUrl as FunctionUrlGap
from components.tencentcloud.release import ALIAS, Live

EVENTS = {"created": "cos:ObjectCreated:*", "removed": "cos:ObjectRemove:*"}
"""The service's own spelling: one drops the d."""


def declare_triggers(owner: Component, args: FunctionArgs, function: scf.Function, live: Live) -> None:
    """Declare timers and bucket events. They call the alias, so that they follow its releases."""
    for trigger in args.triggers:
        if isinstance(trigger, Timer):
            _declare(
                owner, function, live, ("timer", trigger.name), type="timer", trigger_name=trigger.name,
                desc=expression(trigger), enabled=trigger.enabled, argument=trigger.payload,
            )  # fmt: skip
            continue
        # A trigger knows one event.
        for kind in sorted(trigger.events):
            _declare(
                owner, function, live, ("event", trigger.name, kind), type="cos",
                trigger_name=bucket_host(trigger.bucket, owner.scope.region), desc=event_words(trigger, kind),
                enabled=True, argument="",
            )  # fmt: skip


def declare_url(owner: Component, url: FunctionUrl, function: scf.Function, live: Live) -> pulumi.Output[str]:
    """Declare an address of the function's own, and return it.

    Args:
        owner: the function's component.
        url: who may call, and from where.
        function: the function.
        live: what is called.
    """
    address = FunctionUrlGap(
        owner.child("url"),
        # By the function's own output, not the alias's: replaced with the function, it must go before it.
        function_name=function.name,
        namespace=NAMESPACE,
        qualifier=ALIAS,
        auth_type="CAM" if url.auth == "cloud" else "NONE",
        internet=url.internet,
        intranet=not url.internet,
        cors=None,
        region=owner.scope.region,
        opts=owner.options(depends_on=[live.alias]),
    )
    return address.internet_url if url.internet else address.intranet_url


def _declare(
    owner: Component, function: scf.Function, live: Live, child: tuple[str, ...], **words: Any
) -> FunctionTrigger:
    return FunctionTrigger(
        owner.child(*child),
        function_name=function.name,
        namespace=NAMESPACE,
        qualifier=ALIAS,
        region=owner.scope.region,
        # Its name is fixed: a replacement would meet the old one.
        opts=owner.options(depends_on=[live.alias], delete_before_replace=True),
        **words,
    )


def bucket_host(bucket: BucketLike, region: str) -> pulumi.Output[str]:
    """What the service calls a bucket's triggers by."""
    return pulumi.Output.concat(bucket.name, ".cos.", region, ".myqcloud.com")


def event_words(event: BucketEvent, kind: str) -> str:
    """One event of a bucket in the service's words, in a fixed order: the same settings are the same text."""
    said = {"event": EVENTS[kind], "filter": {"Prefix": event.prefix, "Suffix": event.suffix}}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


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
