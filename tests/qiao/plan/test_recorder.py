"""What a recording holds of each request, and that errors come out as they are."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest

from qiao.plan.recorder import DuplicateUrnError, record
from qiao.plan.recording import UNKNOWN, Alias, Recording, Secret
from qiao.plan.standins import StandIns
from tests.qiao.plan.program import Box, Provider, Thing, child, look_up

THING, BOX = "demo:index:Thing", "demo:index:Box"


def test_urns_carry_every_ancestor_but_the_stack() -> None:
    def program() -> None:
        outer = Box("outer")
        inner = Box("inner", child(outer))
        Thing("leaf", child(inner))
        Thing("root")

    recorded = record(program, project="p", stack="s")
    leaf = recorded.get(THING, "leaf")
    assert leaf.urn == "urn:pulumi:s::p::demo:index:Box$demo:index:Box$demo:index:Thing::leaf"
    assert leaf.parent == "urn:pulumi:s::p::demo:index:Box$demo:index:Box::inner"
    root = recorded.get(THING, "root")
    assert root.urn == "urn:pulumi:s::p::demo:index:Thing::root"
    assert root.parent == "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"
    outer = recorded.get(BOX, "outer").urn
    assert [r.name for r in recorded.descendants(outer)] == ["inner", "leaf"]
    assert recorded.by_urn(leaf.urn) is leaf


def test_dependencies_say_which_input_waits_for_what() -> None:
    def program() -> None:
        first, second = Thing("first"), Thing("second")
        Thing("third", pulumi.ResourceOptions(depends_on=[second]), value=first.id, key="plain")

    recorded = record(program)
    first, second, third = (recorded.get(THING, name) for name in ("first", "second", "third"))
    assert third.depends_on == tuple(sorted([first.urn, second.urn]))
    assert third.input_dependencies == {"key": (), "value": (first.urn,)}
    assert third.inputs == {"key": "plain", "value": first.id}


def test_two_things_never_share_an_id_even_with_one_name() -> None:
    def program() -> None:
        Thing("same", child(Box("box")))
        Thing("same")

    one, other = record(program).of_type(THING)
    assert one.id
    assert other.id
    assert one.id != other.id
    again = record(program).of_type(THING)
    assert [r.id for r in again] == [one.id, other.id]


def test_secrets_stay_secret_in_inputs_outputs_and_exports() -> None:
    def program() -> None:
        thing = Thing("t", pulumi.ResourceOptions(additional_secret_outputs=["key"]),
                      value={"list": [pulumi.Output.secret("hush")]}, key="derived")  # fmt: skip
        pulumi.export("whole", thing.value)
        pulumi.export("key", thing.key.apply(lambda key: f"{key}!"))
        pulumi.export("clear", "c")

    recorded = record(program)
    thing = recorded.get(THING)
    assert thing.inputs["value"] == {"list": [Secret("hush")]}
    assert thing.inputs["key"] == "derived"
    assert thing.outputs["key"] == Secret("derived")
    assert recorded.outputs == {"clear": "c", "key": Secret("derived!"), "whole": Secret({"list": ["hush"]})}
    assert "hush" not in repr(recorded)


def test_options_are_recorded_and_inherited_as_the_engine_does() -> None:
    def program() -> None:
        anchor = Thing("anchor")
        box = Box("box", pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=anchor))
        Thing("heir", child(box))
        Thing("rebel", child(box, protect=False, retain_on_delete=False))
        Thing("own", pulumi.ResourceOptions(
            ignore_changes=["value"], replace_on_changes=["key"], delete_before_replace=False, import_="there-1",
            custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="1h"), version="1.2.3", hide_diffs=["key"],
            replace_with=[anchor],
        ))  # fmt: skip

    recorded = record(program)
    anchor, heir, rebel, own = (recorded.get(THING, name) for name in ("anchor", "heir", "rebel", "own"))
    assert (heir.protect, heir.retain_on_delete, heir.deleted_with) == (True, True, anchor.urn)
    assert (rebel.protect, rebel.retain_on_delete) == (False, False)
    assert (anchor.protect, anchor.retain_on_delete, anchor.deleted_with) == (False, False, "")
    assert (own.ignore_changes, own.replace_on_changes, own.delete_before_replace) == (("value",), ("key",), False)
    assert (own.import_id, own.id, own.version) == ("there-1", "there-1", "1.2.3")
    assert own.custom_timeouts == {"create": "5m", "delete": "1h"}
    assert (own.hide_diffs, own.replace_with) == (("key",), (anchor.urn,))
    assert anchor.delete_before_replace is None


def test_the_callers_provider_is_recorded_on_children_components_and_calls() -> None:
    def program() -> None:
        provider = Provider("mine", region="r1")
        box = Box("box", pulumi.ResourceOptions(providers=[provider]))
        Thing("inside", child(Box("inner", child(box))))
        Thing("outside")
        pulumi.export("seen", look_up("demo:index:look", {}, parent=box))

    recorded = record(program, standins=StandIns(invokes={"demo:index:look": lambda _: {"seen": "yes"}}))
    mine = recorded.get("pulumi:providers:demo")
    reference = f"{mine.urn}::{mine.id}"
    assert mine.inputs == {"region": "r1"}
    assert recorded.get(THING, "inside").provider == reference
    assert recorded.get(THING, "outside").provider == ""
    assert recorded.get(BOX, "inner").providers == {"demo": reference}
    assert [call.provider for call in recorded.invokes] == [reference]


def test_aliases_are_whole() -> None:
    def program() -> None:
        box = Box("box")
        Thing("t", child(box, aliases=[
            pulumi.Alias(name="old"), pulumi.Alias(type_="demo:index:Older"),
            pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE),
            pulumi.Alias(parent=box, stack="other", project="elsewhere"), "urn:pulumi:s::p::demo:index:Thing::whole",
        ]))  # fmt: skip

    recorded = record(program)
    assert recorded.get(THING).aliases == (
        Alias(name="old"),
        Alias(type="demo:index:Older"),
        Alias(no_parent=True),
        Alias(parent=recorded.get(BOX).urn, stack="other", project="elsewhere"),
        Alias(urn="urn:pulumi:s::p::demo:index:Thing::whole"),
    )


def test_components_publish_their_outputs_once() -> None:
    def program() -> None:
        Box("closed", url="u", token=pulumi.Output.secret("t")).close()
        Box("open", url="u")

    recorded = record(program)
    closed, left_open = recorded.get(BOX, "closed"), recorded.get(BOX, "open")
    assert (closed.outputs, closed.outputs_registered) == ({"token": Secret("t"), "url": "u"}, 1)
    assert (left_open.outputs, left_open.outputs_registered) == ({}, 0)


def test_in_a_preview_nothing_is_known_that_does_not_exist() -> None:
    ran: list[str] = []

    def note(identity: str) -> str:
        ran.append(identity)
        return identity

    def program() -> None:
        thing = Thing("t", value="given")
        Thing("u", key=thing.id.apply(note))
        pulumi.export("id", thing.id)
        pulumi.export("echo", thing.value)

    recorded = record(program, preview=True)
    assert recorded.get(THING, "u").inputs == {"key": UNKNOWN}
    assert recorded.get(THING, "t").id is None
    assert recorded.outputs == {"echo": UNKNOWN, "id": UNKNOWN}
    assert ran == []


def test_existing_resources_are_read_not_made() -> None:
    class Kept(pulumi.CustomResource):
        def __init__(self, name: str, identity: str) -> None:
            super().__init__("demo:index:Kept", name, {"size": None}, pulumi.ResourceOptions(id=identity))

    def program() -> None:
        pulumi.export("id", Kept("kept", "k-7").id)

    for preview in (False, True):
        recorded = record(program, preview=preview)
        kept = recorded.get("demo:index:Kept")
        assert (kept.read, kept.id, kept.custom) == (True, "k-7", True)
        assert recorded.outputs == {"id": "k-7"}


@pytest.mark.parametrize("preview", [False, True])
def test_outputs_of_another_stack_keep_their_secrets(preview: bool) -> None:
    def program() -> None:
        other = pulumi.StackReference("org/p/base")
        pulumi.export("vpc", other.require_output("vpc"))
        pulumi.export("password", other.require_output("password"))

    outputs = {"vpc": "vpc-9", "password": Secret("hush")}
    recorded = record(program, preview=preview, standins=StandIns(stack_references={"org/p/base": outputs}))
    assert recorded.outputs == {"password": Secret("hush"), "vpc": "vpc-9"}
    assert recorded.get("pulumi:pulumi:StackReference").read


def test_an_unknown_stack_is_named_with_those_there_are() -> None:
    def program() -> None:
        pulumi.StackReference("org/p/nowhere")

    with pytest.raises(LookupError, match="stack org/p/nowhere has no stand-in outputs; known stacks: org/p/base"):
        record(program, standins=StandIns(stack_references={"org/p/base": {}}))


def test_calls_wait_for_what_they_depend_on() -> None:
    standins = StandIns(invokes={"demo:index:look": lambda args: {"echo": args.get("id", "none")}})

    def program() -> None:
        thing = Thing("t")
        pulumi.export("by-input", look_up("demo:index:look", {"id": thing.id}))
        pulumi.export("by-option", look_up("demo:index:look", {}, depends_on=[thing]))
        pulumi.export("free", look_up("demo:index:look", {}))

    recorded = record(program, standins=standins)
    thing = recorded.get(THING)
    waiting = {(repr(dict(call.args)), call.depends_on) for call in recorded.invokes}
    assert waiting == {(repr({"id": thing.id}), (thing.urn,)), ("{}", (thing.urn,)), ("{}", ())}
    assert recorded.outputs["by-input"] == {"echo": thing.id}
    previewed = record(program, preview=True, standins=standins)
    assert previewed.outputs == {"by-input": UNKNOWN, "by-option": UNKNOWN, "free": {"echo": "none"}}


def test_the_answer_to_a_secret_question_is_secret() -> None:
    def program() -> None:
        pulumi.export("answer", look_up("demo:index:look", {"id": pulumi.Output.secret("hush")}))

    recorded = record(program, standins=StandIns(invokes={"demo:index:look": lambda _: {"plain": 1}}))
    assert recorded.outputs == {"answer": Secret({"plain": 1})}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("preview", [False, True])
def test_an_unknown_call_is_an_error_that_names_it(preview: bool) -> None:
    def program() -> None:
        Thing("t", value=look_up("demo:index:nobodyKnows", {}))

    with pytest.raises(LookupError, match="data source demo:index:nobodyKnows has no stand-in"):
        record(program, preview=preview)


def test_a_method_call_is_an_error_that_names_it() -> None:
    def program() -> None:
        pulumi.export("x", pulumi.runtime.call("demo:index:Thing/method", {}, Thing("t")))

    with pytest.raises(LookupError, match="method demo:index:Thing/method has no stand-in"):
        record(program)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("preview", [False, True])
def test_a_duplicate_urn_is_refused_and_nothing_hangs(preview: bool) -> None:
    def program() -> None:
        Thing("twice")
        second = Thing("twice")
        for number in range(20):
            Thing(f"after-{number}", value=second.id)

    with pytest.raises(DuplicateUrnError, match=r"name 'twice' .*\(urn:pulumi:dev::qiao::demo:index:Thing::twice\)"):
        record(program, preview=preview)


def test_parents_of_one_type_do_not_tell_children_apart() -> None:
    def program() -> None:
        for name in ("a", "b"):
            Thing("same", child(Box(name)))

    with pytest.raises(DuplicateUrnError, match="same"):
        record(program)


def test_one_name_is_free_under_another_parent_or_type() -> None:
    def program() -> None:
        Thing("twice")
        Box("twice")
        Thing("twice", child(Box("parent")))

    assert len(record(program).resources) == 4


class MistakeError(Exception):
    pass


def fail(_: Any = None) -> None:
    raise MistakeError("told you")


@pytest.mark.timeout(30)
def test_errors_of_the_program_come_out_as_they_are() -> None:
    def in_apply() -> None:
        Thing("t").id.apply(fail)

    def after_a_refusal() -> None:
        Thing("twice")
        Thing("twice")
        Thing("t").id.apply(fail)
        fail()

    for program in (fail, in_apply, after_a_refusal):
        with pytest.raises(MistakeError, match="told you"):
            record(program)


def test_a_program_may_be_a_coroutine_or_use_pulumi_run() -> None:
    async def later() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"made": Thing("t").id}

    async def program() -> None:
        pulumi.export("made", (await later())["made"])

    def runner() -> None:
        pulumi.run(later)

    ids = [record(each).outputs["made"] for each in (program, runner)]
    assert ids[0] == ids[1]
    assert str(ids[0]).startswith("thing-")


def test_exports_are_what_the_engine_would_store() -> None:
    def program() -> None:
        pulumi.export("thing", {"nested": [pulumi.Output.from_input(1.5), None, True]})
        pulumi.export("twice", "first")
        pulumi.export("twice", "second")

    assert record(program).outputs == {"thing": {"nested": [1.5, None, True]}, "twice": "second"}


def test_messages_of_the_program_are_kept() -> None:
    def program() -> None:
        thing = Thing("t")
        pulumi.log.warn("careful")
        pulumi.log.info("about t", thing)
        pulumi.log.debug("noise")

    recorded = record(program)
    told = {(message.severity, message.text, message.urn) for message in recorded.messages}
    assert told == {("warning", "careful", ""), ("info", "about t", recorded.get(THING).urn)}


def test_config_and_names_reach_the_program() -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        seen.update(
            project=pulumi.get_project(), stack=pulumi.get_stack(), organization=pulumi.get_organization(),
            size=pulumi.Config().require_int("size"), dry=pulumi.runtime.is_dry_run(),
        )  # fmt: skip
        pulumi.export("token", pulumi.Config("other").require_secret("token"))

    recorded = record(program, project="p", stack="s", organization="o", preview=True,
                      config={"p:size": "3", "other:token": "hush"}, secret_keys=["other:token"])  # fmt: skip
    assert seen == {"project": "p", "stack": "s", "organization": "o", "size": 3, "dry": True}
    assert recorded.outputs == {"token": Secret("hush")}


def test_order_never_depends_on_threads() -> None:
    def program() -> None:
        for number in range(40):
            Thing(f"t{number}", value=number)

    def seen() -> Recording:
        return record(program)

    first = seen()
    assert [r.urn for r in first.resources] == sorted(r.urn for r in first.resources)
    assert repr(seen()) == repr(first)


def test_a_lookup_that_finds_nothing_says_what_there_is() -> None:
    def program() -> None:
        Thing("a")
        Thing("b")

    recorded = record(program)
    with pytest.raises(LookupError, match=r"2 resources match demo:index:Thing ; of that type: .*Thing a, .*Thing b"):
        recorded.get(THING)
    with pytest.raises(LookupError, match="0 resources match demo:index:None ; of that type: none"):
        recorded.get("demo:index:None")
