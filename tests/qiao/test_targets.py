"""What `--target` gets for an application: all of it and what it leans on, nothing of another one."""

from __future__ import annotations

import pulumi
import pulumi_random as random
import pytest

from components.errors import UserError
from qiao.plan.recorder import record
from qiao.targets import Targets, matches

PREFIX = "urn:pulumi:dev::qiao::"
AGENT = f"{PREFIX}qiao:app:Agent"
SHARED = [f"{PREFIX}qiao:app:Foundation::shared", f"{PREFIX}qiao:app:Foundation$**::shared-**"]


class Part(pulumi.ComponentResource):
    """A component with one child of its own name."""

    def __init__(self, kind: str, name: str, *leans_on: pulumi.Resource, child: str = "id") -> None:
        super().__init__(f"qiao:app:{kind}", name)
        opts = pulumi.ResourceOptions(parent=self, depends_on=list(leans_on))
        self.id = random.RandomId(f"{name}-{child}", byte_length=3, opts=opts)
        self.register_outputs({})


def targets(*links: tuple[str, ...]) -> Targets:
    """Applications `a`, `b` and so on, each leaning on those it names, all of them on the foundation."""

    def program() -> None:
        shared = Part("Foundation", "shared")
        Part("Foundation", "unused")
        apps: dict[str, Part] = {}
        for name, *uses in links:
            apps[name] = Part("Agent", name, shared.id, *(apps[each].id for each in uses))

    return Targets(record(program))


def test_an_application_comes_with_its_foundation_and_no_other() -> None:
    assert targets(("one",), ("two",)).of(["one"]) == [f"{AGENT}::one", f"{AGENT}$**::one-**", *SHARED]


def test_what_it_links_to_comes_along_however_far() -> None:
    found = targets(("c",), ("b", "c"), ("a", "b"), ("other",)).of(["a"])
    assert found == [pattern for name in "abc" for pattern in (f"{AGENT}::{name}", f"{AGENT}$**::{name}-**")] + SHARED


def test_an_explicit_provider_comes_along() -> None:
    def program() -> None:
        provider = random.Provider("p")
        agent = Part("Agent", "a")
        opts = pulumi.ResourceOptions(parent=agent, provider=provider)
        random.RandomId("a-other", byte_length=3, opts=opts)

    assert Targets(record(program)).of(["a"]) == [
        f"{PREFIX}pulumi:providers:random::p",
        f"{AGENT}::a",
        f"{AGENT}$**::a-**",
    ]


def test_a_pattern_that_would_reach_into_another_application_is_not_used() -> None:
    """`agent-**` is also the beginning of every name of `agent-two`."""
    both = targets(("agent",), ("agent-two",))
    child = f"{AGENT}$random:index/randomId:RandomId"
    assert both.to_destroy(["agent"]) == [f"{child}::agent-id", f"{AGENT}::agent"]
    assert both.to_destroy(["agent-two"]) == [f"{AGENT}::agent-two", f"{AGENT}$**::agent-two-**"]


def test_a_child_that_is_not_named_after_its_application_is_targeted_too() -> None:
    def program() -> None:
        agent = Part("Agent", "a")
        random.RandomId("stray", byte_length=3, opts=pulumi.ResourceOptions(parent=agent))

    child = f"{AGENT}$random:index/randomId:RandomId"
    assert Targets(record(program)).of(["a"]) == [f"{child}::a-id", f"{child}::stray", f"{AGENT}::a"]


def test_destroy_leaves_what_it_leans_on() -> None:
    found = targets(("b",), ("a", "b")).to_destroy(["a"])
    assert found == [f"{AGENT}::a", f"{AGENT}$**::a-**"]


def test_destroy_refuses_what_another_application_uses() -> None:
    linked = targets(("b",), ("a", "b"))
    with pytest.raises(UserError, match=r"a uses b; name a too"):
        linked.to_destroy(["b"])
    assert len(linked.to_destroy(["a", "b"])) == 4


def test_destroy_refuses_what_is_protected_before_the_engine_deletes_the_rest() -> None:
    def program() -> None:
        shared = Part("Foundation", "shared")
        Part("Agent", "free", shared.id)
        agent = Part("Agent", "kept", shared.id)
        random.RandomId("kept-data", byte_length=3, opts=pulumi.ResourceOptions(parent=agent, protect=True))

    recorded = Targets(record(program))
    for apps in ([], ["kept"], ["free", "kept"]):
        with pytest.raises(UserError, match="protected: kept-data; set protect: false"):
            recorded.to_destroy(apps)
    assert recorded.to_destroy(["free"]) == [f"{AGENT}::free", f"{AGENT}$**::free-**"]


def test_no_application_named_is_the_whole_stage() -> None:
    assert targets(("one",)).of([]) == targets(("one",)).to_destroy([]) == []


@pytest.mark.parametrize("name", ["shared", "unused", "none"])
def test_only_applications_can_be_named(name: str) -> None:
    with pytest.raises(UserError, match=f"{name} is no enabled application of this stage; there are: one, two"):
        targets(("two",), ("one",)).of([name])


@pytest.mark.parametrize(
    ("pattern", "urn", "matching"),
    [
        ("a$**::one-**", "a$x:y/z:Z::one-vpc", True),
        ("a$**::one-**", "a$x:y/z:Z$x:q:Q::one-net-vpc", True),
        ("a$**::one-**", "a$x:y/z:Z::two-vpc", False),
        ("a$**::one-**", "a::one-vpc", False),
        ("a$*::one", "a$bc::one", True),
        ("a$*::one", "a$b:c::one", False),
        ("a.b", "axb", False),
    ],
)
def test_patterns_mean_what_they_mean_to_the_engine(pattern: str, urn: str, matching: bool) -> None:
    assert matches(pattern, urn) is matching
