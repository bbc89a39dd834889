"""Why a provider does not see a change, as `up` meets it on a resource that exists: the cases that providers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from qiao.plan.diff.values import Spot, at, parsed
from qiao.plan.saved.values import text_of


@dataclass(frozen=True)
class Sides:
    """A resource's inputs before and after."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]


When = Callable[[Spot, Sides], str]
"""Why the provider does not see a change, or nothing where it does."""


def comparing(reason: When) -> When:
    """A reason that looks at both values. Where they are equal, the plan knows no more than what the value stands on,
    which is made anew: the cloud will have another."""

    @wraps(reason)
    def compared(spot: Spot, sides: Sides) -> str:
        return "" if spot.old == spot.new else reason(spot, sides)

    return compared


def created_only(_: Spot, __: Sides) -> str:
    """It counts when the resource is made, and never after."""
    return "it only counts when the resource is made"


def seen(_: Spot, __: Sides) -> str:
    """It is left out when the resource is made, and seen after."""
    return ""


def unless(field: str, *values: Any) -> When:
    """Only with another field at certain values does it count."""

    def reason(_: Spot, sides: Sides) -> str:
        value = at(sides.new, field)
        given = value if isinstance(value, list) else [value]
        words = " or ".join("true" if each is True else str(each) for each in values)
        return "" if any(each in given for each in values) else f"it only counts with {field} {words}"

    return reason


def unless_turned(field: str, value: Any) -> When:
    """Only together with a change of another field does it count."""

    def reason(_: Spot, sides: Sides) -> str:
        turned = at(sides.old, field) != at(sides.new, field) and at(sides.new, field) == value
        word = "true" if value is True else value
        return "" if turned else f"it only counts together with a change of {field} to {word}"

    return reason


@comparing
def same_json(spot: Spot, _: Sides) -> str:
    """The text differs, and means the same."""
    old, new = parsed(spot.old), parsed(spot.new)
    return "the same JSON, written otherwise" if old is not None and old == new else ""


@comparing
def same_policy(_: Spot, sides: Sides) -> str:
    """A bucket's policy is compared without its version, and one action like a list of one."""
    old, new = (_statements(at(side, "policy")) for side in (sides.old, sides.new))
    return "the same policy, written otherwise" if old is not None and old == new else ""


def _statements(policy: Any) -> Any:
    found = parsed(policy)
    if not isinstance(found, dict):
        return None
    lists = ("Principal", "Action", "Resource")

    def listed(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        return {key: [value] if key in lists and isinstance(value, str) else value for key, value in item.items()}

    statements = found.get("Statement")
    items = [listed(item) for item in statements] if isinstance(statements, list) else statements
    return {key: value for key, value in found.items() if key not in ("Version", "Statement")} | {"Statement": items}


@comparing
def same_words(spot: Spot, _: Sides) -> str:
    """A list in one text, separated by commas: its order means nothing."""
    old, new = text_of(spot.old), text_of(spot.new)
    if old is None or new is None:
        return ""
    return "the same items in another order" if sorted(old.split(",")) == sorted(new.split(",")) else ""


def privileges(spot: Spot, sides: Sides) -> str:
    """Only an ordinary account's privileges are changed."""
    if at(sides.new, "accountType") not in (None, "Normal"):
        return "only a Normal account's privileges can be changed"
    return same_words(spot, sides)


def respelled(spot: Spot, _: Sides) -> str:
    """One spelling was corrected."""
    return "another spelling of the same" if (spot.old, spot.new) == ("Nat", "NAT") else ""


def taken_away(spot: Spot, sides: Sides) -> str:
    """What is no longer set stays as it was in the cloud."""
    return "" if spot.field in sides.new else "taking it away changes nothing in the cloud: give an empty one"


def with_(field: str, *values: Any) -> When:
    """With another field at certain values it does not count."""

    def reason(_: Spot, sides: Sides) -> str:
        return f"it does not count with {field} {at(sides.new, field)}" if at(sides.new, field) in values else ""

    return reason


@comparing
def same_host(spot: Spot, sides: Sides) -> str:
    """A host's name is the same with and without the dot at its end."""
    old, new = text_of(spot.old), text_of(spot.new)
    if at(sides.new, "type") not in ("NS", "MX", "CNAME", "SRV") or old is None or new is None:
        return ""
    return "the same name, a dot at its end" if new.strip().removesuffix(".") == old else ""


@comparing
def same_charset(spot: Spot, _: Sides) -> str:
    """A character set in other letters, or without the sorting that comes with it, is the same."""
    old, new = ((text_of(side) or "").lower().split(",") for side in (spot.old, spot.new))
    return "the same character set, written otherwise" if old == new or (len(new) == 1 and old[0] == new[0]) else ""


def several(spot: Spot, _: Sides) -> str:
    """More than one in one text, separated by commas, is compared no more once it is there."""
    return "several are only looked at when the resource is made" if "," in (text_of(spot.new) or "") else ""


def ports(spot: Spot, sides: Sides) -> str:
    """Only TCP and UDP have ports, and -1/-1 stands for those that have none."""
    has_ports = at(sides.new, "ipProtocol") in ("tcp", "udp")
    every = text_of(spot.new) == "-1/-1"
    return "it does not count for this protocol" if every is has_ports else ""


def sourced(_: Spot, sides: Sides) -> str:
    """A rule with an address, or a group, needs no list."""
    others = ("cidrIp", "ipv6CidrIp", "sourceSecurityGroupId")
    return "another source is given" if any(at(sides.new, other) for other in others) else ""


def grows_itself(_: Spot, sides: Sides) -> str:
    """A disk that grows by itself, and one of an instance without fixed size, is the service's affair."""
    grows = at(sides.new, "storageAutoScale") == "Enable" or at(sides.new, "instanceChargeType") == "Serverless"
    return "the disk grows by itself" if grows else ""


def no_tls_switch(_: Spot, sides: Sides) -> str:
    """Of serverless instances only MySQL's have the switch."""
    fixed = at(sides.new, "instanceChargeType") == "Serverless" and at(sides.new, "engine") != "MySQL"
    return "serverless instances of this engine have no such switch" if fixed else ""


def never(_: Spot, __: Sides) -> str:
    """It is compared with nothing."""
    return "the provider never compares it"


def among(field: str, key: str) -> When:
    """Where a list has it, the list alone counts."""

    def reason(spot: Spot, sides: Sides) -> str:
        items = sides.new.get(field)
        named = [item.get(key) for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
        return f"{field} says where it stands" if spot.new in named else ""

    return reason


def alone(*others: str) -> When:
    """Only together with another change is it sent."""

    def reason(_: Spot, sides: Sides) -> str:
        changed = any(sides.old.get(other) != sides.new.get(other) for other in others)
        return "" if changed else f"it is only sent together with a change of {' or '.join(others)}"

    return reason
