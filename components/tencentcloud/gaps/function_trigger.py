"""FunctionTrigger: a timer, or a bucket's event, that calls one alias or version of a function.

The provider makes triggers with the function, for its unpublished code: they would go past every release, and a change
to one makes them all anew. Every change here makes one trigger anew: the service changes some kinds in place and some
not. One that an interrupted create left behind is found by what it says, and taken on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.gaps.polling import when_free
from components.tencentcloud.gaps.base import Gap, GapProvider, Props, gone, known
from components.tencentcloud.gaps.client import SCF, Client
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError

KINDS: Final = ("timer", "cos")
GONE: Final = ("Function", "FunctionName", "Namespace", "Trigger", "Qualifier", "Alias", "FunctionVersion", "Version")


class FunctionTriggerProvider(GapProvider):
    """Makes and deletes one trigger."""

    IDENTITY = (
        "region", "namespace", "function_name", "qualifier", "type", "trigger_name", "desc", "enabled", "argument",
    )  # fmt: skip

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """A kind that is not carried here: an address is FunctionUrl's."""
        if known(news, "type") and news.get("type") not in KINDS:
            return [("type", f"{news.get('type')!r} is unknown: use timer or cos")]
        return []

    def create(self, props: Props) -> CreateResult:
        """Make it, or take on one that says the same."""
        client = connect(props["region"])
        if _find(client, props) is None:
            _make(client, props)
        name = "+".join(str(props[key]) for key in ("namespace", "function_name", "qualifier", "type", "trigger_name"))
        return CreateResult(name, self.inputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        """It as it is; gone when it says something else, so that the next `up` makes it anew."""
        try:
            found = _find(connect(props["region"]), props)
        except ApiError as error:
            if error.missing(*GONE):
                return gone()
            raise
        return ReadResult(id_, self.inputs(props)) if found else gone()

    def delete(self, _id: str, props: Props) -> None:
        """Take it away. Done where it is gone, with its function or before it."""
        client = connect(props["region"])
        # A bucket's triggers all have the bucket's name: only what they say tells one from the other.
        asked = {**_place(props), "TriggerDesc": str(props["desc"])}
        try:
            when_free(lambda: client.call(SCF, "DeleteTrigger", asked, idempotent=True))
        except ApiError as error:
            if not error.missing(*GONE):
                raise


def _make(client: Client, props: Props) -> None:
    asked = {
        **_place(props), "TriggerDesc": str(props["desc"]), "Enable": "OPEN" if props["enabled"] else "CLOSE",
    }  # fmt: skip
    if props.get("argument"):
        asked["CustomArgument"] = str(props["argument"])
    try:
        when_free(lambda: client.call(SCF, "CreateTrigger", asked, idempotent=False))
    except ApiError as error:
        # The answer was lost: what is there decides.
        if not (error.transient or error.exists) or _find(client, props) is None:
            raise


def _place(props: Props) -> dict[str, str]:
    return {
        "FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]),
        "Qualifier": str(props["qualifier"]), "Type": str(props["type"]), "TriggerName": str(props["trigger_name"]),
    }  # fmt: skip


def _find(client: Client, props: Props) -> dict[str, Any] | None:
    """The trigger that says what was asked for."""
    asked = {"FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"])}
    for trigger in client.listed("ListTriggers", asked, "Triggers"):
        if _same(trigger, props):
            return trigger
    return None


def _same(trigger: Mapping[str, Any], props: Props) -> bool:
    kept = {"Type": "type", "TriggerName": "trigger_name", "Qualifier": "qualifier"}
    if any(trigger.get(word) != props[key] for word, key in kept.items()):
        return False
    # Sent as OPEN or CLOSE, it comes back as 1 or 0.
    if (trigger.get("Enable") in (1, "OPEN")) != bool(props["enabled"]):
        return False
    if (trigger.get("CustomArgument") or "") != (props.get("argument") or ""):
        return False
    return _says(str(trigger.get("TriggerDesc") or ""), str(props["desc"]))


def _says(found: str, asked: str) -> bool:
    """Whether two descriptions say the same: a schedule comes back inside JSON, and JSON with words of its own."""
    there, wanted = _parsed(found), _parsed(asked)
    if not isinstance(wanted, dict):
        return asked == (there.get("cron") if isinstance(there, dict) else found)
    return isinstance(there, dict) and all(there.get(key) == value for key, value in wanted.items())


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


class FunctionTrigger(Gap, module="tencentcloud", name="FunctionTrigger"):
    """What calls one alias or version of a function beside requests."""

    trigger_name: pulumi.Output[str]
    """Its name, known when it is there."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        namespace: pulumi.Input[str],
        qualifier: pulumi.Input[str],
        type: str,  # noqa: A002 - the API's own word
        trigger_name: pulumi.Input[str],
        desc: pulumi.Input[str],
        enabled: bool,
        argument: str,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the trigger.

        Args:
            name: logical name.
            function_name: the function.
            namespace: the function's namespace.
            qualifier: the alias or version that is called.
            type: `timer` or `cos`.
            trigger_name: a timer's own name; for a bucket its host (`name-1250000000.cos.ap-guangzhou.myqcloud.com`).
            desc: a timer's seven fields; for a bucket the JSON of event and filter.
            enabled: whether it calls.
            argument: what a timer tells the function; empty for nothing.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "namespace": namespace,
            "qualifier": qualifier,
            "type": type,
            "trigger_name": trigger_name,
            "desc": desc,
            "enabled": enabled,
            "argument": argument,
            "region": region,
        }
        super().__init__(FunctionTriggerProvider(), name, props, opts)
