"""What a function's address is in the service's own words: the description of a trigger of kind `http`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from components.gaps.base import Props

NO_CORS: Final = {"Enable": False, "Credentials": False, "MaxAge": 0}
ADDRESSES: Final = (
    ("internet_url", "ExtranetUrl", "EnableExtranet"),
    ("intranet_url", "IntranetUrl", "EnableIntranet"),
)
"""Output, where it stands in a description, and the switch beside it."""


def place(props: Props) -> dict[str, str]:
    """What an address belongs to."""
    return {
        "FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]),
        "Qualifier": str(props["qualifier"]),
    }  # fmt: skip


def description(props: Props) -> str:
    """The service's own JSON of the settings. Nothing is left out: what is not said might stay as it was."""
    said = {"AuthType": props["auth_type"], "NetConfig": switches(props), "CorsConfig": _cors(props)}
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def switches(props: Props) -> dict[str, bool]:
    """Where it is reached from."""
    return {"EnableExtranet": bool(props["internet"]), "EnableIntranet": bool(props["intranet"])}


def described(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """A trigger's description; empty where it cannot be read."""
    return mapping(trigger.get("TriggerDesc")) or {}


def urls(said: Mapping[str, Any]) -> dict[str, str]:
    """The addresses of a description; empty for one that is switched off."""
    net = part(said, "NetConfig")
    return {name: _address(net.get(word)) if net.get(switch, True) else "" for name, word, switch in ADDRESSES}


def is_as_asked(said: Mapping[str, Any], props: Props) -> bool:
    """Whether a description is what was asked for, with every address there. What it does not say counts as right."""
    wanted, net, there = switches(props), part(said, "NetConfig"), urls(said)
    return said.get("AuthType", props["auth_type"]) == props["auth_type"] and all(
        net.get(switch, wanted[switch]) == wanted[switch] and bool(there[name]) == wanted[switch]
        for name, _, switch in ADDRESSES
    )


def settings(said: Mapping[str, Any], props: Props) -> dict[str, Any]:
    """The settings as they are; those that a description does not say, as they were."""
    net, cors = part(said, "NetConfig"), part(said, "CorsConfig")
    found = {"auth_type": said.get("AuthType"), "internet": net.get("EnableExtranet"),
             "intranet": net.get("EnableIntranet")}  # fmt: skip
    # The service adds fields of its own: only those that were set tell a change.
    if cors and any(cors.get(key, value) != value for key, value in _cors(props).items()):
        found["cors"] = json.dumps(cors, sort_keys=True)
    return {key: value for key, value in found.items() if value is not None}


def mapping(text: Any) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def part(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object of a description; empty where there is none."""
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def _cors(props: Props) -> dict[str, Any]:
    return (mapping(props["cors"]) if props.get("cors") is not None else None) or NO_CORS


def _address(url: Any) -> str:
    text = str(url or "")
    return text if not text or "://" in text else f"https://{text}"
