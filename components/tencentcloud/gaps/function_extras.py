"""FunctionExtras: what a function has that the provider does not know, or does not change.

A network or logs that the program no longer names, it leaves as they were, and forgets that they are there, so that
the same ones given again are no change to it. Other file systems it sends to an action that does not know them. How
many calls one instance serves it cannot say at all. So before a version is published, all of these are made what the
program says. Nothing is sent where everything is: a repeated update is one look. Delete has nothing to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until, when_free
from components.tencentcloud.gaps.base import Gap, GapProvider, Props
from components.tencentcloud.gaps.client import SCF, Client
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import GapError

FILE: Final = {
    "user_id": "UserId", "user_group_id": "UserGroupId", "cfs_id": "CfsId", "mount_ins_id": "MountInsId",
    "local_mount_dir": "LocalMountDir", "remote_mount_dir": "RemoteMountDir",
}  # fmt: skip
"""Each word of a mount, and its name in the API."""
MOST_CALLS: Final = 100
SETTLE_SECONDS: Final = 300


def change(props: Props, function: Mapping[str, Any]) -> dict[str, Any]:
    """What to send so that a function is what the program says; empty where it is.

    Args:
        props: what the program says.
        function: the function as the service shows it.
    """
    return {
        **_network(props, function.get("VpcConfig") or {}),
        **_logs(props, function),
        **_files(props["files"], (function.get("CfsConfig") or {}).get("CfsInsList") or []),
        **_concurrency(props.get("concurrency"), function.get("InstanceConcurrencyConfig") or {}),
    }


def _network(props: Props, there: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {"VpcId": str(props["vpc_id"]), "SubnetId": str(props["subnet_id"])}
    same = all((there.get(key) or "") == value for key, value in wanted.items())
    return {} if same else {"VpcConfig": wanted}


def _logs(props: Props, function: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {"ClsLogsetId": str(props["logset_id"]), "ClsTopicId": str(props["topic_id"])}
    # Empty words, not absent ones, are what ends the delivery.
    return {} if all((function.get(key) or "") == value for key, value in wanted.items()) else wanted


def _files(files: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    wanted = [{name: str(one[key]) for key, name in FILE.items()} for one in files]
    # The service adds words of its own, and may list them in its own order.
    found = [{name: str(one.get(name)) for name in FILE.values()} for one in there]
    same = sorted(map(_key, wanted)) == sorted(map(_key, found))
    return {} if same else {"CfsConfig": {"CfsInsList": wanted}}


def _key(mount: Mapping[str, str]) -> list[str]:
    return [mount[name] for name in FILE.values()]


def _concurrency(calls: Any, there: Mapping[str, Any]) -> dict[str, Any]:
    # Handlers know but one call at a time, and the service no such setting for them.
    if calls is None or _serves(there) == int(calls):
        return {}
    # An empty word takes the setting away.
    fixed = "FALSE" if calls > 1 else ""
    return {"InstanceConcurrencyConfig": {"DynamicEnabled": fixed, "MaxConcurrency": int(calls)}}


def _serves(there: Mapping[str, Any]) -> int | None:
    """Calls that an instance serves at once; None where the service decides by itself."""
    return None if there.get("DynamicEnabled") == "TRUE" else int(there.get("MaxConcurrency") or 1)


def lacking(props: Props, function: Mapping[str, Any]) -> list[str]:
    """What a function is not, though it was sent. Only what the service says plainly counts."""
    changes = change(props, function)
    wanted = {(str(one["cfs_id"]), str(one["local_mount_dir"])) for one in props["files"]}
    mounted = (function.get("CfsConfig") or {}).get("CfsInsList") or []
    calls = (function.get("InstanceConcurrencyConfig") or {}).get("MaxConcurrency")
    found = {
        "network": "VpcConfig" in changes,
        "logs": "ClsTopicId" in changes,
        "mounts": {(one.get("CfsId"), one.get("LocalMountDir")) for one in mounted} != wanted,
        "concurrency": calls is not None and "InstanceConcurrencyConfig" in changes,
    }
    return [word for word, differs in found.items() if differs]


class FunctionExtrasProvider(GapProvider):
    """Makes a function what the program says, on create and for another revision."""

    IDENTITY = ("region", "namespace", "function_name")
    SETTINGS = ("vpc_id", "subnet_id", "logset_id", "topic_id", "files", "concurrency", "revision_key")

    def create(self, props: Props) -> CreateResult:
        """Make it so; an interrupted create is simply made again."""
        self._settle(props)
        return CreateResult(str(props["function_name"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Make it so again."""
        self._settle(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was made stays so; the provider looks at the function itself."""
        return ReadResult(id_, self.inputs(props))

    def _settle(self, props: Props) -> None:
        client, name = connect(props["region"]), str(props["function_name"])
        wanted = change(props, _active(client, props))
        if not wanted:
            return
        asked = {"FunctionName": name, "Namespace": str(props["namespace"]), **wanted}
        when_free(lambda: client.call(SCF, "UpdateFunctionConfiguration", asked, idempotent=True))
        left = lacking(props, _active(client, props))
        if left:
            what = f"function {name} keeps its {' and '.join(left)} as they were"
            raise GapError(what, "change them in the console, or replace the function (`pulumi up --replace`)")


def _active(client: Client, props: Props) -> dict[str, Any]:
    """The function, once its last change is done: until then it shows what was, and refuses the next."""
    asked = {"FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]), "ShowCode": "FALSE"}
    seen: list[str] = []

    def probe() -> dict[str, Any] | None:
        function = client.call(SCF, "GetFunction", asked, idempotent=True)
        seen.append(str(function.get("Status")))
        # Whatever cannot become active, FunctionReady tells of, with its reasons.
        return None if seen[-1] in ("Creating", "Updating", "Publishing") else function

    def late() -> GapError:
        what = f"function {asked['FunctionName']} is still {seen[-1]} after {SETTLE_SECONDS} s"
        return GapError(what, "run `up` again: it waits on")

    return wait_until(probe, seconds=SETTLE_SECONDS, late=late)


class FunctionExtras(Gap, module="tencentcloud", name="FunctionExtras"):
    """Network, logs, file systems and concurrency of a function, made what the program says."""

    function_name: pulumi.Output[str]
    """The function, known when it is so."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        namespace: pulumi.Input[str],
        vpc_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        logset_id: pulumi.Input[str],
        topic_id: pulumi.Input[str],
        files: Sequence[Mapping[str, pulumi.Input[str]]],
        concurrency: int | None,
        revision_key: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare what the function is to have.

        Args:
            name: logical name.
            function_name: the function.
            namespace: the function's namespace.
            vpc_id: the network; empty for none.
            subnet_id: its subnet; empty for none.
            logset_id: where logs go; empty for nowhere.
            topic_id: the topic there; empty for none.
            files: file systems, in the words of `FILE`.
            concurrency: calls that one instance serves at once, 1 to 100; None for a handler.
            revision_key: what changes when the function does: all is looked at again.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "namespace": namespace,
            "vpc_id": vpc_id,
            "subnet_id": subnet_id,
            "logset_id": logset_id,
            "topic_id": topic_id,
            "files": [dict(one) for one in files],
            "concurrency": concurrency,
            "revision_key": revision_key,
            "region": region,
        }
        super().__init__(FunctionExtrasProvider(), name, props, opts)
