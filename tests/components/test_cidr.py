"""Address plans: inside the network, apart from each other, and no subnet ever moves."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import cidr
from components.errors import UserError
from components.network import NetworkArgs
from components.scope import Profile, Scope

LETTERS = [f"cn-beijing-{letter}" for letter in "abcdefghijklmnop"]
NUMBERS = [f"ap-guangzhou-{number}" for number in range(1, 17)]


@st.composite
def networks(draw: st.DrawFn) -> IPv4Network:
    """A private network that can hold a plan."""
    block = draw(st.sampled_from(cidr.PRIVATE))
    prefix = draw(st.integers(max(block.prefixlen, cidr.LARGEST), cidr.SMALLEST))
    index = draw(st.integers(0, 2 ** (prefix - block.prefixlen) - 1))
    return IPv4Network((int(block.network_address) + index * 2 ** (32 - prefix), prefix))


ZONES = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=16, unique=True)
TIERS = st.integers(0, cidr.TIERS - 1)


@given(networks(), ZONES, ZONES, TIERS)
def test_adding_a_zone_moves_nobody(network: IPv4Network, zones: list[str], more: list[str], tier: int) -> None:
    before = cidr.plan("x", str(network), zones, tier)
    after = cidr.plan("x", str(network), [*more, *(zone for zone in zones if zone not in more)], tier)
    assert {zone: after[zone] for zone in zones} == before


@given(networks())
def test_the_whole_plan_fills_the_network_and_nothing_overlaps(network: IPv4Network) -> None:
    blocks = [
        IPv4Network(b) for tier in range(cidr.TIERS) for b in cidr.plan("x", str(network), LETTERS, tier).values()
    ]
    assert sorted(blocks) == list(network.subnets(prefixlen_diff=6)), "64 equal slots: apart, inside, none left over"


@given(networks(), TIERS)
def test_letters_and_numbers_are_the_same_slots(network: IPv4Network, tier: int) -> None:
    letters, numbers = (cidr.plan("x", str(network), zones, tier) for zones in (LETTERS, NUMBERS))
    assert list(letters.values()) == list(numbers.values())


def test_slots_are_frozen() -> None:
    """They are in the cloud: another plan would replace every subnet."""
    assert cidr.plan("x", "10.0.0.0/16", ["cn-beijing-a", "cn-beijing-b"]) == {
        "cn-beijing-a": "10.0.0.0/22", "cn-beijing-b": "10.0.4.0/22"
    }  # fmt: skip
    assert cidr.plan("x", "10.0.0.0/16", ["cn-beijing-d"], 3) == {"cn-beijing-d": "10.0.204.0/22"}
    assert cidr.plan("x", "192.168.0.0/22", ["ap-guangzhou-3"], 1) == {"ap-guangzhou-3": "192.168.1.32/28"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cidr.parse("here", "ten"), "here: 'ten' is not a network address; write a block such as 10.0.0.0/16"),
        (
            lambda: cidr.parse("here", "10.0.0.1/16"),
            "here: '10.0.0.1/16' is not a network address; write a block such as 10.0.0.0/16",
        ),
        (lambda: cidr.parse("here", "fd00::/8"), "here: 'fd00::/8' is IPv6; write an IPv4 block such as 10.0.0.0/16"),
        (
            lambda: cidr.parse_private("here", "203.0.113.0/24"),
            "here: 203.0.113.0/24 is not private; use a block inside 10/8, 172.16/12 or 192.168/16",
        ),
        (
            lambda: cidr.parse_private("here", "172.0.0.0/8"),
            "here: 172.0.0.0/8 is not private; use a block inside 10/8, 172.16/12 or 192.168/16",
        ),
        (lambda: cidr.parse_private("here", "10.0.0.0/23"), "here: /23 cannot hold the plan; use /8 to /22"),
        (lambda: cidr.plan("here", "10.0.0.0/16", ["x-a"], 4), "here: tier 4 does not exist; use 0 to 3"),
        (
            lambda: cidr.refuse_overlap("here", ["10.0.0.0/24", "10.1.0.0/24", "10.0.0.128/25"]),
            "here: 10.0.0.0/24 overlaps 10.0.0.128/25; give blocks that share no address",
        ),
    ],
)  # fmt: skip
def test_refusals(call: object, message: str) -> None:
    with pytest.raises(UserError) as error:
        call()  # type: ignore[operator]
    assert str(error.value) == message


@pytest.mark.parametrize("zone", ["cn-beijing", "cn-beijing-q", "cn-beijing-A", "gz-17", "gz-0", "gz-01", "a", ""])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(UserError) as error:
        cidr.zone_slot("here", zone)
    assert str(error.value) == f"here: {zone!r} is not a zone; write a zone such as cn-beijing-a"


@given(st.lists(networks(), min_size=2, max_size=5))
def test_overlap_is_refused_exactly_where_there_is_one(blocks: list[IPv4Network]) -> None:
    overlap = any(a.overlaps(b) for i, a in enumerate(blocks) for b in blocks[i + 1 :])
    if overlap:
        with pytest.raises(UserError, match="overlaps"):
            cidr.refuse_overlap("here", [str(block) for block in blocks])
    else:
        cidr.refuse_overlap("here", [str(block) for block in blocks])


@pytest.mark.parametrize(
    ("block", "world"),
    [("0.0.0.0/0", True), (" 0.0.0.0/0 ", True), ("::/0", True), ("128.0.0.0/1", True), ("10.0.0.0/8", False)],
)
def test_the_world(block: str, world: bool) -> None:
    assert cidr.is_world(block) is world


@given(networks(), st.permutations(LETTERS))
def test_a_networks_subnets_are_those_of_its_zones(network: IPv4Network, zones: list[str]) -> None:
    scope = Scope(project="qiao", stage="dev", app="agent", region="cn-beijing", profile=Profile.dev())
    args = NetworkArgs(scope=scope, zones=zones[:2], cidr=str(network))
    assert list(args.blocks()) == zones[:2], "in the order given: the first zone holds what is in one zone"
    assert args.blocks() == {zone: cidr.plan("x", str(network), LETTERS)[zone] for zone in zones[:2]}
