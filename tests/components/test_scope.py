"""Scope and Profile: what a stage asks, field by field, and what names and tags derive from."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.errors import UserError
from components.scope import RESERVED_TAGS, Profile, Scope


def scope(**fields: Any) -> Scope:
    given: dict[str, Any] = {"project": "qiao", "stage": "dev", "app": "agent", "region": "cn-beijing"}
    return Scope(**(given | {"profile": Profile.dev()} | fields))


def test_prod_is_closed_protected_and_over_two_zones() -> None:
    prod = Profile.prod()
    assert (prod.high_availability, prod.protect, prod.retain, prod.encrypt, prod.versioned) == (True,) * 5
    assert (prod.private_access, prod.open_to_world, prod.urgent_alerts, prod.size) == (True, False, True, "medium")
    assert (prod.log_retention_days, prod.backup_retention_days) == (180, 30)


def test_dev_is_small_and_disposable() -> None:
    dev = Profile.dev()
    assert (dev.high_availability, dev.protect, dev.retain, dev.encrypt, dev.versioned) == (False,) * 5
    assert (dev.private_access, dev.open_to_world, dev.urgent_alerts, dev.size) == (False, True, False, "small")
    assert (dev.log_retention_days, dev.backup_retention_days) == (7, 7)


@pytest.mark.parametrize("stage", ["dev", "feature-x", "production", "prod-eu"])
def test_only_the_stage_called_prod_is_production(stage: str) -> None:
    assert Profile.for_stage(stage) == Profile.dev()
    assert Profile.for_stage("prod") == Profile.prod()


@pytest.mark.parametrize("name", [item.name for item in dataclasses.fields(Profile)])
def test_each_field_is_overridden_alone(name: str) -> None:
    changed = Profile.dev().override(**{name: getattr(Profile.prod(), name)})
    assert getattr(changed, name) == getattr(Profile.prod(), name)
    assert changed.override(**{name: getattr(Profile.dev(), name)}) == Profile.dev()
    assert Profile.dev().override(**{name: None}) == Profile.dev()


def test_false_overrides_too() -> None:
    assert Profile.prod().override(protect=False).protect is False


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"log_retention_days": 0}, "profile.log_retention_days: 0 is out of range; use 1 to 3650 days"),
        ({"log_retention_days": 3651}, "profile.log_retention_days: 3651 is out of range; use 1 to 3650 days"),
        ({"backup_retention_days": 6}, "profile.backup_retention_days: 6 is out of range; use 7 to 365 days"),
        ({"backup_retention_days": 366}, "profile.backup_retention_days: 366 is out of range; use 7 to 365 days"),
    ],
)
def test_retention_has_limits(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        Profile.dev().override(**fields)
    assert str(error.value) == message


@pytest.mark.parametrize("part", ["project", "stage", "app"])
@pytest.mark.parametrize("value", ["", "Agent", "1st", "a--b", "-a", "a-", "a_b", "a.b", "智能体", "a\n"])
def test_names_are_plain_words(part: str, value: str) -> None:
    with pytest.raises(UserError) as error:
        scope(**{part: value})
    assert str(error.value) == (
        f"scope.{part}: {value!r} is not valid;"
        " use lower-case letters, digits and single hyphens, beginning with a letter"
    )


@pytest.mark.parametrize("value", ["a", "feature-x", "v2", "a-1-b"])
def test_plain_words_are_taken(value: str) -> None:
    assert scope(app=value).for_app("other") == scope(app="other")


def test_our_tags_come_first_then_the_users_in_order() -> None:
    tags = scope(tags={"z": "1", "a": "2"}).component_tags("agent-net")
    assert list(tags.items()) == [
        ("project", "qiao"), ("stage", "dev"), ("app", "agent"), ("component", "agent-net"), ("a", "2"), ("z", "1")
    ]  # fmt: skip
    assert tuple(tags)[:4] == RESERVED_TAGS


@pytest.mark.parametrize("key", RESERVED_TAGS)
def test_our_own_tags_cannot_be_set(key: str) -> None:
    with pytest.raises(UserError) as error:
        scope(tags={key: "x"})
    assert str(error.value) == f"tags.{key}: Qiao writes this tag itself; choose another key"


def test_a_scope_never_changes() -> None:
    mine = {"a": "1"}
    it = scope(tags=mine)
    mine["a"] = "2"
    assert it.tags == {"a": "1"}
    with pytest.raises(TypeError):
        it.tags["b"] = "3"  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        it.stage = "prod"  # type: ignore[misc]
