"""FunctionLeftovers: takes away what the provider would leave behind of a function.

Settings: what the program no longer says, the provider keeps (network, files, health check), or it does not send the
words by which the service lets go of it. So before a version is published, what is not wanted is cleared, by the words
that the vendor's own tool sends. Nothing is touched that is not there, so that a repeated update is one look.

Versions: a new one leaves the old ones in the cloud, to go back to, and nobody's state knows them. They go before the
function does. An interrupted create left nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props
from components.alicloud.gaps.client import FC, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.versions import versions_of
from components.gaps.polling import when_free

EMPTY: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "network": ("vpcConfig", {"vpcId": "", "vSwitchIds": [], "securityGroupId": ""}),
    "files": ("nasConfig", {"userId": 0, "groupId": 0, "mountPoints": []}),
    "initializer": ("instanceLifecycleConfig", {"initializer": {"handler": "", "command": [], "timeout": 3}}),
}
"""What a function may not have, the API's name for it, and the words that take it away."""
HEALTH: Final = "health"
STARTS: Final = {
    "customContainerConfig": ("image", "port", "entrypoint", "command"),
    "customRuntimeConfig": ("command", "args", "port"),
}
"""Where a health check stands, and what must be said again beside it."""


def lingering(absent: Sequence[str], function: Mapping[str, Any]) -> dict[str, Any]:
    """The change that takes away what is there and should not be; empty when there is nothing.

    Args:
        absent: words of `EMPTY`.
        function: the function as the service shows it.
    """
    return {
        name: dict(empty)
        for part, (name, empty) in EMPTY.items()
        if part in absent and _is_there(part, function.get(name) or {})
    }


def _is_there(part: str, config: Mapping[str, Any]) -> bool:
    if part == "network":
        return bool(config.get("vpcId"))
    if part == "files":
        return bool(config.get("mountPoints"))
    initializer = config.get("initializer") or {}
    return bool(initializer.get("handler") or initializer.get("command"))


def health_checks(function: Mapping[str, Any]) -> list[str]:
    """Where a health check stands."""
    return [name for name in STARTS if ((function.get(name) or {}).get("healthCheckConfig") or {}).get("httpGetUrl")]


class FunctionLeftoversProvider(GapProvider):
    """Clears on create and for another revision; deletes what versions are left."""

    IDENTITY = ("region", "function_name")
    SETTINGS = ("absent", "revision_key")

    def create(self, props: Props) -> CreateResult:
        """Clear what an adopted function may have had."""
        self._clear(props)
        return CreateResult(str(props["function_name"]), self.inputs(props))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Clear what is no longer wanted."""
        client = self._clear(news)
        if HEALTH in news["absent"] and HEALTH not in (olds.get("absent") or []):
            _end_health_check(client, str(news["function_name"]))
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was cleared stays so; nothing is asked."""
        return ReadResult(id_, self.inputs(props))

    def delete(self, _id: str, props: Props) -> None:
        """Delete the versions that were kept. Aliases are gone by then: the service refuses while one points there."""
        client, name = connect(props["region"]), str(props["function_name"])
        for version in _versions(client, name):
            try:
                when_free(partial(_delete, client, name, version))
            except ApiError as error:
                if not error.missing("Version", "Function"):
                    raise

    def _clear(self, props: Props) -> Client:
        client, name = connect(props["region"]), str(props["function_name"])
        change = lingering(props["absent"], _look(client, name))
        if change:
            _change(client, name, change)
        return client


def _look(client: Client, name: str) -> dict[str, Any]:
    return client.call(FC, "GetFunction", name, request={}, idempotent=True)


def _change(client: Client, name: str, body: Mapping[str, Any]) -> None:
    when_free(lambda: client.call(FC, "UpdateFunction", name, request={"body": dict(body)}, idempotent=True))


def _delete(client: Client, name: str, version: str) -> None:
    client.call(FC, "DeleteFunctionVersion", name, version, idempotent=True)


def _end_health_check(client: Client, name: str) -> None:
    """Take a health check away, and see that it is gone: no tool of the vendor's shows by which words it goes."""
    function = _look(client, name)
    change = {
        place: {key: function[place][key] for key in STARTS[place] if key in function[place]}
        | {"healthCheckConfig": {}}
        for place in health_checks(function)
    }
    if not change:
        return
    _change(client, name, change)
    if health_checks(_look(client, name)):
        what = f"function {name} keeps its health check"
        raise GapError(what, "keep health_path, or replace the function (`pulumi up --replace` with its URN)")


def _versions(client: Client, name: str) -> list[str]:
    """Numbers of all versions; none of a function that is gone."""
    try:
        return list(versions_of(client, name))
    except ApiError as error:
        if error.missing("Function"):
            return []
        raise


class FunctionLeftovers(Gap, module="alicloud", name="FunctionLeftovers"):
    """Clears on create and for another revision; deletes what versions are left."""

    function_name: pulumi.Output[str]
    """The function."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        absent: Sequence[str],
        revision_key: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare what is not to be left.

        Args:
            name: logical name.
            function_name: the function.
            absent: what it does not have, of `network`, `files`, `initializer` and `health`.
            revision_key: what changes when the function does: for another one it is looked at again.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "absent": list(absent),
            "revision_key": revision_key,
            "region": region,
        }
        super().__init__(FunctionLeftoversProvider(), name, props, opts)
