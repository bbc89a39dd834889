"""Physical names: always what the cloud accepts, always the same, never two things in one name."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.names import HASH_LENGTH, RULES, NameRule, fit, physical, rule
from components.scope import Profile, Scope

WORD = st.from_regex(r"[a-z][a-z0-9]{0,14}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
"""A project, stage, application or component, as Scope accepts them."""
ANYTHING = st.text(st.sampled_from("abXYZ019-_.~/ 中é"), max_size=40)
TYPES = st.sampled_from(sorted(RULES))

CLOUD_PATTERNS = {
    "volcengine:cr/registry:Registry": r"[a-z][a-z0-9-]{1,28}[a-z0-9]",
    "volcengine:cr/namespace:Namespace": r"(?=.{2,90}$)[a-z0-9]+([._-][a-z0-9]+)*",
    "volcengine:tos/bucket:Bucket": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "volcengine:iam/user:User": r"[A-Za-z0-9_.@-]{1,64}",
    "volcengine:iam/policy:Policy": r"[A-Za-z0-9+=,.@_-]{1,64}",
    "volcengine:rds_postgresql/instance:Instance": r"[^0-9-].{0,127}",
    "volcengine:vefaas/function:Function": r"[A-Za-z0-9_-]{4,64}",
}
"""The clouds' own words, from their documents: a second opinion on our table."""


def scope(project: str = "qiao", stage: str = "dev", app: str = "agent") -> Scope:
    return Scope(project=project, stage=stage, app=app, region="cn-beijing", profile=Profile.dev())


def suffix_of(kind: str) -> str:
    return "0a1b2c" if RULES[kind].unique else ""


@given(TYPES, WORD, WORD, WORD, st.lists(ANYTHING, max_size=3))
def test_whatever_is_asked_the_rule_holds(kind: str, project: str, stage: str, app: str, parts: list[str]) -> None:
    name = physical(scope(project, stage, app), kind, *parts, suffix=suffix_of(kind))
    accepted = rule(kind)
    assert re.fullmatch(accepted.pattern, name), name
    assert accepted.shortest <= len(name) <= accepted.longest
    assert name.endswith(suffix_of(kind))


@given(st.sampled_from(sorted(CLOUD_PATTERNS)), WORD, WORD, WORD, WORD)
def test_the_clouds_own_pattern_holds(kind: str, project: str, stage: str, app: str, component: str) -> None:
    name = physical(scope(project, stage, app), kind, component, suffix=suffix_of(kind))
    assert re.fullmatch(CLOUD_PATTERNS[kind], name), name


@given(TYPES, st.lists(ANYTHING, min_size=1, max_size=2), st.lists(ANYTHING, min_size=1, max_size=2))
def test_different_names_stay_different(kind: str, one: list[str], other: list[str]) -> None:
    accepted = rule(kind)
    first, second = (accepted.separator.join(part for part in parts if part) for parts in (one, other))
    assume(first != second)
    assert physical(scope(), kind, first) != physical(scope(), kind, second)


@given(TYPES, st.integers(1, 60), st.integers(1, 60))
def test_a_long_tail_is_never_lost(kind: str, one: int, other: int) -> None:
    """Two long names that differ at the end alone: cutting must not make them one."""
    assume(one != other)
    long = "x" * 200
    assert physical(scope(), kind, long, "t" * one) != physical(scope(), kind, long, "t" * other)


@given(TYPES, WORD, WORD)
def test_stages_and_applications_never_share_a_name(kind: str, one: str, other: str) -> None:
    assume(one != other)
    assert physical(scope(stage=one), kind, "x") != physical(scope(stage=other), kind, "x")
    assert physical(scope(app=one), kind, "x") != physical(scope(app=other), kind, "x")


@given(TYPES, ANYTHING)
def test_random_suffixes_are_kept_whole(kind: str, part: str) -> None:
    assert physical(scope(), kind, part, suffix="ffffff") != physical(scope(), kind, part, suffix="fffffe")


def test_what_fits_is_left_as_it_is() -> None:
    assert physical(scope(), "volcengine:vpc/vpc:Vpc", "net", "a") == "qiao-dev-agent-net-a"
    assert physical(scope(), "volcengine:cr/registry:Registry", suffix="0a1b2c") == "qiao-dev-agent-0a1b2c"
    assert physical(scope(), "volcengine:vpc/vpc:Vpc", "", "net", "") == "qiao-dev-agent-net"


def test_names_are_frozen() -> None:
    """They are in the cloud: another hash or another cut would replace what has one."""
    long = physical(scope(stage="feature-long-lived"), "volcengine:cr/registry:Registry", "images", suffix="0a1b2c")
    assert long == "qiao-feature-lon-" + long[17:23] + "-0a1b2c"
    assert len(long) == 30
    assert re.fullmatch(f"[0-9a-f]{{{HASH_LENGTH}}}", long[17:23])
    assert fit(NameRule(40), "Under_Score") == "under-score-83ee5a"


def test_upper_case_is_kept_only_where_it_is_allowed() -> None:
    assert fit(NameRule(64, allowed="A-Za-z0-9"), "AbC") == "AbC"
    assert fit(NameRule(64), "AbC").startswith("abc-")
    assert fit(NameRule(64), "AbC") != fit(NameRule(64), "abc")


def test_a_type_without_a_rule_is_an_error() -> None:
    with pytest.raises(KeyError) as error:
        physical(scope(), "volcengine:redis/instance:Instance")
    assert error.value.args[0] == (
        "volcengine:redis/instance:Instance has no name rule: add one to components/names.py with its source"
    )


def test_every_rule_has_room_for_what_is_always_kept() -> None:
    for kind, accepted in RULES.items():
        kept = 2 * (1 + HASH_LENGTH) if accepted.unique else 1 + HASH_LENGTH
        assert accepted.longest > kept + len("qiao-"), kind
        assert accepted.separator in "-_", kind
