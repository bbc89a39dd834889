"""FunctionUrl: the address of one alias or version of a function.

The provider makes a function's address with the function, for its unpublished code: calls would go past every release,
and any other trigger that changes makes it anew, under another host. A function has one address for each alias, so one
that an interrupted create left behind is found by its alias, and taken on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until, when_free
from components.tencentcloud.gaps.base import Gap, GapProvider, Props, gone, known
from components.tencentcloud.gaps.client import SCF, Client
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.url_words import (
    described,
    description,
    is_as_asked,
    mapping,
    part,
    place,
    settings,
    urls,
)  # fmt: skip

KIND: Final = "http"
TRIGGER: Final = "url-trigger"
"""Its name as the cloud's own tools write it. The service may give it another, which is then the one that counts."""
AUTH_TYPES: Final = ("NONE", "CAM")
SETTLE_SECONDS: Final = 300
GONE: Final = ("Function", "FunctionName", "Namespace", "Trigger", "Qualifier", "Alias", "FunctionVersion", "Version")


class FunctionUrlProvider(GapProvider):
    """Makes, changes and deletes the address of one alias or version."""

    IDENTITY = ("region", "namespace", "function_name", "qualifier")
    SETTINGS = ("auth_type", "internet", "intranet", "cors")

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """An address that nobody reaches, and words that the service does not take."""
        found: list[tuple[str, str]] = []
        if known(news, "auth_type") and news.get("auth_type") not in AUTH_TYPES:
            found.append(("auth_type", f"{news.get('auth_type')!r} is unknown: use NONE or CAM"))
        if known(news, "internet") and known(news, "intranet") and not (news.get("internet") or news.get("intranet")):
            found.append(("internet", "nobody could reach the address: open it to the internet, to networks, or both"))
        if known(news, "cors") and news.get("cors") is not None and mapping(news["cors"]) is None:
            found.append(("cors", "no JSON object: write the service's CorsConfig"))
        return found

    def differs(self, key: str, old: Any, new: Any) -> bool:
        """Whether a setting has changed; JSON by what it says, not by how it is written."""
        if key == "cors" and isinstance(new, str):
            return mapping(old) != mapping(new)
        return super().differs(key, old, new)

    def create(self, props: Props) -> CreateResult:
        """Make the address, or take on the one that the alias has."""
        name = "+".join(str(props[key]) for key in ("namespace", "function_name", "qualifier"))
        return CreateResult(name, self._set(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Set everything anew: the service takes the description as a whole."""
        return UpdateResult(self._set(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """The address as it is; gone when its function or alias is."""
        try:
            trigger = _find(connect(props["region"]), props)
        except ApiError as error:
            if error.missing(*GONE):
                return gone()
            raise
        if trigger is None:
            return gone()
        said = described(trigger)
        return ReadResult(id_, {**self.inputs(props), **settings(said, props), **urls(said)})

    def delete(self, _id: str, props: Props) -> None:
        """Take the address away. Done where it is gone, with its function or before it."""
        client = connect(props["region"])
        try:
            trigger = _find(client, props)
            if trigger is not None:
                asked = {**place(props), "TriggerName": trigger["TriggerName"], "Type": KIND}
                when_free(lambda: client.call(SCF, "DeleteTrigger", asked, idempotent=True))
        except ApiError as error:
            if not error.missing(*GONE):
                raise

    def _set(self, props: Props) -> dict[str, Any]:
        client = connect(props["region"])
        trigger = _find(client, props)
        if trigger is None:
            _make(client, props)
        else:
            _change(client, props, trigger)
        return self._settled(client, props)

    def _settled(self, client: Client, props: Props) -> dict[str, Any]:
        """All properties, once the address is as it was asked for."""
        seen = ["no address"]

        def probe() -> dict[str, str] | None:
            trigger = _find(client, props)
            if trigger is None:
                return None
            said = described(trigger)
            net = json.dumps(part(said, "NetConfig"), sort_keys=True)
            seen[0] = f"AuthType {said.get('AuthType')}, NetConfig {net}"
            return urls(said) if is_as_asked(said, props) else None

        def late() -> GapError:
            what = f"function {props['function_name']}:{props['qualifier']} has no address as asked for"
            return GapError(f"{what} after {SETTLE_SECONDS} s; last seen: {seen[0]}", "run `up` again")

        return {**self.inputs(props), **wait_until(probe, seconds=SETTLE_SECONDS, late=late)}


def _find(client: Client, props: Props) -> dict[str, Any] | None:
    """The trigger that is the alias's address."""
    asked = {"FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"])}
    for trigger in client.listed("ListTriggers", asked, "Triggers"):
        if trigger.get("Type") == KIND and trigger.get("Qualifier") == props["qualifier"]:
            return trigger
    return None


def _make(client: Client, props: Props) -> None:
    asked = {
        **place(props), "TriggerName": TRIGGER, "Type": KIND, "Enable": "OPEN", "TriggerDesc": description(props),
    }  # fmt: skip
    try:
        when_free(lambda: client.call(SCF, "CreateTrigger", asked, idempotent=False))
    except ApiError as error:
        # The answer was lost, or somebody was faster: what is there decides, and `_settled` whether it is as asked for.
        trigger = _find(client, props) if error.transient or error.exists else None
        if trigger is None:
            raise
        _change(client, props, trigger)


def _change(client: Client, props: Props, trigger: Mapping[str, Any]) -> None:
    asked = {
        **place(props), "TriggerName": trigger["TriggerName"], "Type": KIND, "Enable": "OPEN",
        "TriggerDesc": description(props),
    }  # fmt: skip
    when_free(lambda: client.call(SCF, "UpdateTrigger", asked, idempotent=True))


class FunctionUrl(Gap, module="tencentcloud", name="FunctionUrl"):
    """The address of one alias or version of a function. It stays while both do."""

    internet_url: pulumi.Output[str]
    """Its address on the internet, `https://...`; empty where it has none."""
    intranet_url: pulumi.Output[str]
    """Its address inside networks of the region; empty where it has none."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        namespace: pulumi.Input[str],
        qualifier: pulumi.Input[str],
        auth_type: pulumi.Input[str],
        internet: bool,
        intranet: bool,
        cors: pulumi.Input[str] | None,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the address.

        Args:
            name: logical name.
            function_name: the function.
            namespace: the function's namespace.
            qualifier: the alias or version that answers; another one has another address.
            auth_type: `NONE` lets everybody call, `CAM` asks for a signature.
            internet: whether it is reached from the internet.
            intranet: whether it is reached from networks of the region.
            cors: the service's CorsConfig as JSON; None for none.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "namespace": namespace,
            "qualifier": qualifier,
            "auth_type": auth_type,
            "internet": internet,
            "intranet": intranet,
            "cors": cors,
            "region": region,
            "internet_url": None,
            "intranet_url": None,
        }
        super().__init__(FunctionUrlProvider(), name, props, opts)
