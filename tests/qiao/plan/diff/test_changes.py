"""What a change of settings does, told before it is done: tables of real changes of a stage on each cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from qiao.plan.diff import Change, Difference, compare
from tests.qiao.plan.diff.stages import BASE, REGION, planned


def table(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return found


ROWS, ALICLOUD = table("changes.yaml"), table("changes_alicloud.yaml")
EVERY = [("volcengine", row) for row in ROWS] + [("alicloud", row) for row in ALICLOUD]
MARKS = {"replace": "!", "unseen": ".", "ignored": "i", "engine": "o", "update": ""}
APP = "apps.agent"


def told(change: Change) -> str:
    """A change in the words of the table."""
    fields = [f"{field.path}{MARKS[field.effect]}{'<' if field.cause else ''}" for field in change.fields]
    return " ".join([change.kind, *(["first"] if change.delete_first else []), *fields])


def after(changes: dict[str, Any]) -> Difference:
    return compare(planned(), planned(changes))


@pytest.mark.parametrize(("cloud", "row"), EVERY, ids=[f"{cloud} {row['row']}" for cloud, row in EVERY])
def test_a_change_of_settings(cloud: str, row: dict[str, Any]) -> None:
    before, now = (planned(row.get(side), cloud=cloud) for side in ("before", "after"))
    difference = compare(before, now)
    assert {change.name: told(change) for change in difference.changes} == row["expect"]
    assert not difference.problems
    assert not difference.findings
    assert difference.exit_status == 0


def test_the_table_has_every_kind_of_change() -> None:
    expected = [text for row in ROWS for text in row["expect"].values()]
    assert len(ROWS) >= 25
    assert {text.split()[0] for text in expected} == {"destroy", "replace", "create", "update", "options", "unseen"}


def test_a_plan_against_itself_is_nothing() -> None:
    for row in ROWS[::6]:
        same = planned(row.get("after"))
        difference = compare(same, same)
        assert difference.is_empty, row["row"]
        assert difference.outputs == ()


def test_the_cause_of_a_cascade_is_named() -> None:
    changes = {change.name: change for change in after({f"{APP}.database.version": 14}).changes}
    account = changes["agent-database-user"]
    assert [field.cause.rpartition("::")[2] for field in account.fields] == ["agent-database-instance"]
    release = changes["agent-function-release"]
    assert release.fields[0].why == "replace_on_changes"
    gateway = {change.name: change for change in after({f"{APP}.native": {"gateway": {"type": "standard"}}}).changes}
    assert gateway["agent-gateway-logs"].reasons == ("gateway_id: agent-gateway-gateway is deleted first",)


def test_a_secret_set_anew_is_told_by_its_setting_and_never_shown() -> None:
    difference = after({f"{APP}.secret_env.API_KEY": {"secure": "v1:two"}})
    function = next(change for change in difference.changes if change.name == "agent-function-function")
    (field,) = function.fields
    assert isinstance(field.old, dict)
    assert isinstance(field.new, dict)
    path = "qiao:apps.agent.secret_env.API_KEY"
    before, now = (value["settings"] for value in (field.old, field.new))
    assert isinstance(before, dict)
    assert isinstance(now, dict)
    assert list(before) == list(now) == [path]
    assert before[path] != now[path]


def test_an_application_renamed_is_another_one() -> None:
    """Names are promises: the diff says that everything goes, before anything does."""
    difference = compare(planned(), planned({APP: None, "apps.chat": BASE["apps"]["agent"]}))
    mine = [change for change in difference.changes if change.app in ("agent", "chat")]
    assert {change.kind for change in mine} == {"destroy", "create"}
    gone = {change.name for change in mine if change.kind == "destroy"}
    assert {"agent-database-instance", "agent-bucket-bucket", "agent-function-function"} <= gone


def test_a_release_on_the_other_cloud_is_refused_by_the_same_law() -> None:
    canary = {f"{APP}.release": {"weight": 10}}
    for before, now, path in (
        (canary, {**canary, f"{APP}.image.tag": "1.1.0"}, "version_key"),
        ({}, canary, "weight"),
    ):
        (problem,) = compare(planned(before, cloud="alicloud"), planned(now, cloud="alicloud")).problems
        assert (problem.kind, problem.name, problem.path) == ("guard", "agent-function-history", path)


CANARY = {f"{APP}.release": {"weight": 10}}


@pytest.mark.parametrize(
    ("before", "now", "path", "says"),
    [
        pytest.param(
            CANARY, {**CANARY, f"{APP}.image.tag": "1.1.0"}, "version_key",
            "the last version stands at 10 percent, and a new release would roll it back half-way", id="half-way",
        ),
        pytest.param(
            {}, CANARY, "weight", "the version already takes all calls, so it cannot go back to 10 percent", id="back",
        ),
        pytest.param(
            {APP: None, "apps.other": BASE["apps"]["agent"]}, CANARY, "weight",
            "a function's first release must take all calls (release.weight 10)", id="first",
        ),
    ],
)  # fmt: skip
def test_what_a_release_may_not_be_is_refused(before: Any, now: Any, path: str, says: str) -> None:
    difference = compare(planned(before), planned(now))
    (problem,) = [each for each in difference.problems if each.kind == "guard"]
    assert (problem.name, problem.path) == ("agent-function-release-guard", path)
    assert problem.message.startswith(says)
    assert difference.exit_status == 1


def test_a_function_made_anew_has_no_canary_to_finish_and_none_to_begin() -> None:
    """The preview cannot see it: there the new function's id is not known yet, and the guard lets it pass."""
    assert compare(planned(CANARY), planned({f"{APP}.command": "./other.sh"})).problems == ()
    refused = compare(planned(CANARY), planned({**CANARY, f"{APP}.command": "./other.sh"})).problems
    assert [(each.kind, each.path) for each in refused] == [("guard", "weight")]
    assert "a function's first release must take all calls" in refused[0].message


def test_protected_things_are_neither_replaced_nor_destroyed() -> None:
    protect = {"profile.protect": True}
    replaced = compare(planned(protect), planned({**protect, f"{APP}.database.version": 14}))
    refused = {problem.name: problem.message for problem in replaced.problems}
    assert sorted(refused) == ["agent-database-database", "agent-database-instance"]
    assert refused["agent-database-instance"].startswith("is protected and would be replaced")
    destroyed = compare(planned(protect), planned({**protect, f"{APP}.database": None}))
    names = [problem.name for problem in destroyed.problems]
    assert names == ["agent-database-password", "agent-database-database", "agent-database-instance"]
    assert all(change.protected for change in destroyed.changes if change.name in names)
    assert destroyed.exit_status == 1


def test_unprotecting_and_replacing_go_together_but_destroying_does_not() -> None:
    """The engine looks at the new plan for a replacement, and at its state for a deletion."""
    replaced = compare(planned({"profile.protect": True}), planned({f"{APP}.database.version": 14}))
    assert replaced.problems == ()
    destroyed = compare(planned({"profile.protect": True}), planned({f"{APP}.database": None}))
    assert {problem.name for problem in destroyed.problems} >= {"agent-database-instance"}


def test_what_outlives_the_stack_is_told() -> None:
    retain = {"profile.retain": True}
    difference = compare(planned(retain), planned({**retain, f"{APP}.database": None}))
    instance = next(change for change in difference.changes if change.name == "agent-database-instance")
    assert (instance.kind, instance.retained) == ("destroy", True)


def test_a_subnet_cannot_take_addresses_that_are_still_taken() -> None:
    blocks = {f"{REGION}.subnet_cidrs": {"cn-beijing-a": "10.0.0.0/23", "cn-beijing-b": "10.0.4.0/22"}}
    difference = compare(planned(), planned(blocks))
    (problem,) = difference.problems
    assert (problem.kind, problem.path) == ("collision", "cidrBlock")
    assert problem.name.endswith("subnet-cn-beijing-a")
    assert "10.0.0.0/23 is made while" in problem.message
    free = {f"{REGION}.subnet_cidrs": {"cn-beijing-a": "10.0.64.0/24", "cn-beijing-b": "10.0.65.0/24"}}
    assert compare(planned(), planned(free)).problems == ()


def test_new_lines_of_the_checklist_are_told() -> None:
    """A secret that nobody has set yet."""
    difference = compare(planned(), planned({f"{APP}.secret_env": {"API_KEY": None}}))
    assert [line for line in difference.checklist if "API_KEY" in line]
    assert not set(difference.checklist) & set(planned().checklist)
