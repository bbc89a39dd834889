"""Transforms run as the engine runs them: own, ancestors', stack's; properties and options; data sources too."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import ResourceTransformArgs, ResourceTransformResult

from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Alias, Secret
from qiao.plan.standins import StandIns
from tests.qiao.plan.program import Box, Provider, Thing, child, look_up

THING = "demo:index:Thing"


def stamp(mark: str) -> pulumi.ResourceTransform:
    """A transform that appends its mark to `value` of every Thing."""

    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ != THING:
            return None
        props: dict[str, Any] = dict(args.props)
        props["value"] = props.get("value", "") + mark
        return ResourceTransformResult(props, args.opts)

    return transform


def test_own_then_parents_then_the_stacks() -> None:
    def program() -> None:
        pulumi.runtime.register_resource_transform(stamp("S"))
        outer = Box("outer", pulumi.ResourceOptions(transforms=[stamp("o")]))
        inner = Box("inner", child(outer, transforms=[stamp("i"), stamp("j")]))
        thing = Thing("leaf", child(inner, transforms=[stamp("l")]), value="v:")
        Thing("outside", value="v:")
        pulumi.export("answer", thing.value)

    recorded = record(program)
    assert recorded.get(THING, "leaf").inputs["value"] == "v:lijoS"
    assert recorded.get(THING, "outside").inputs["value"] == "v:S"
    assert recorded.outputs["answer"] == "v:lijoS"


def test_a_stack_transform_reaches_only_what_comes_after() -> None:
    def program() -> None:
        Thing("before", value="v:")
        pulumi.runtime.register_resource_transform(stamp("S"))
        Thing("after", value="v:")

    recorded = record(program)
    assert recorded.get(THING, "before").inputs["value"] == "v:"
    assert recorded.get(THING, "after").inputs["value"] == "v:S"


def test_a_transform_sees_what_the_child_asks_for() -> None:
    seen: list[dict[str, Any]] = []

    def spy(args: ResourceTransformArgs) -> None:
        if args.custom and args.type_ == THING:
            seen.append({"name": args.name, "props": dict(args.props), "protect": args.opts.protect,
                         "ignore": args.opts.ignore_changes, "retain": args.opts.retain_on_delete})  # fmt: skip

    def program() -> None:
        box = Box("box", pulumi.ResourceOptions(transforms=[spy], protect=True, retain_on_delete=True))
        Thing("leaf", child(box, ignore_changes=["value"]), value="v")

    record(program)
    assert seen == [
        {"name": "leaf", "props": {"value": "v"}, "protect": True, "ignore": ["value"], "retain": True},
    ]


def change_every_option(anchor: Thing, provider: Provider) -> pulumi.ResourceTransform:
    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ != THING or args.name == "anchor":
            return None
        opts = args.opts
        opts.protect, opts.retain_on_delete, opts.deleted_with = True, True, anchor
        opts.depends_on, opts.provider = [anchor], provider
        opts.aliases = [pulumi.Alias(name="old"), pulumi.Alias(type_="demo:index:Old", parent=anchor)]
        opts.ignore_changes, opts.replace_on_changes = ["key"], ["value"]
        opts.delete_before_replace, opts.version, opts.import_ = True, "9.9.9", "there"
        opts.additional_secret_outputs = ["key"]
        opts.custom_timeouts = pulumi.CustomTimeouts(create="9m")
        props = {**args.props, "value": pulumi.Output.secret("hush")}
        return ResourceTransformResult(props, opts)

    return transform


def test_a_transform_changes_properties_and_options() -> None:
    def program() -> None:
        anchor, provider = Thing("anchor"), Provider("late")
        change = change_every_option(anchor, provider)
        Thing("own", pulumi.ResourceOptions(transforms=[change]), value="v", key="k")
        Thing("heir", child(Box("box", pulumi.ResourceOptions(transforms=[change]))), value="v", key="k")

    recorded = record(program)
    anchor, late = recorded.get(THING, "anchor"), recorded.get("pulumi:providers:demo")
    for name in ("own", "heir"):
        changed = recorded.get(THING, name)
        assert changed.inputs == {"key": "k", "value": Secret("hush")}
        assert changed.outputs == {"key": Secret("k"), "value": Secret("hush")}
        assert (changed.protect, changed.retain_on_delete, changed.deleted_with) == (True, True, anchor.urn)
        assert changed.provider == f"{late.urn}::{late.id}"
        assert changed.aliases == (Alias(name="old"), Alias(type="demo:index:Old", parent=anchor.urn))
        assert (changed.ignore_changes, changed.replace_on_changes) == (("key",), ("value",))
        assert (changed.delete_before_replace, changed.version, changed.id) == (True, "9.9.9", "there")
        assert changed.additional_secret_outputs == ("key",)
        assert changed.custom_timeouts == {"create": "9m"}
    # The engine reads `depends_on` back from a resource's own transforms only: seen on the real one.
    assert recorded.get(THING, "own").depends_on == (anchor.urn,)
    assert recorded.get(THING, "heir").depends_on == ()


def test_options_that_a_parents_transform_set_are_inherited() -> None:
    def protect_boxes(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ != "demo:index:Box":
            return None
        args.opts.retain_on_delete = True
        return ResourceTransformResult(args.props, args.opts)

    def program() -> None:
        Thing("heir", child(Box("box", pulumi.ResourceOptions(transforms=[protect_boxes]))))

    assert record(program).get(THING, "heir").retain_on_delete


def test_a_transform_may_be_async_and_await_the_programs_outputs() -> None:
    def program() -> None:
        anchor = Thing("anchor", value="from-anchor")

        async def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
            if args.name != "leaf":
                return None
            props = {**args.props, "value": await anchor.value.future(), "key": anchor.id}
            return ResourceTransformResult(props, args.opts)

        Thing("leaf", pulumi.ResourceOptions(transforms=[transform]))

    recorded = record(program)
    assert recorded.get(THING, "leaf").inputs == {"value": "from-anchor", "key": recorded.get(THING, "anchor").id}


def test_unknowns_and_secrets_pass_through_a_transform() -> None:
    def same(args: ResourceTransformArgs) -> ResourceTransformResult:
        return ResourceTransformResult(args.props, args.opts)

    def program() -> None:
        box = Box("box", pulumi.ResourceOptions(transforms=[same]))
        first = Thing("first", child(box))
        Thing("second", child(box), value=first.id, key=pulumi.Output.secret("hush"))

    recorded = record(program, preview=True)
    assert recorded.get(THING, "second").inputs == {"key": Secret("hush"), "value": UNKNOWN}


@pytest.mark.timeout(30)
def test_an_error_in_a_transform_comes_out_as_it_is() -> None:
    def broken(args: ResourceTransformArgs) -> None:
        raise ZeroDivisionError(f"on {args.name}")

    def program() -> None:
        box = Box("box")
        for number in range(20):
            Thing(f"t{number}", child(box, transforms=[broken] if number == 7 else None))

    with pytest.raises(ZeroDivisionError, match="on t7"):
        record(program)


def test_transforms_of_data_sources_change_arguments_and_provider() -> None:
    def program() -> None:
        provider = Provider("late")

        def transform(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
            args.opts.provider = provider
            return pulumi.InvokeTransformResult({**args.args, "more": "yes"}, args.opts)

        pulumi.runtime.register_invoke_transform(transform)
        pulumi.export("answer", look_up("demo:index:look", {"id": "1"}))

    recorded = record(program, standins=StandIns(invokes={"demo:index:look": dict}))
    late = recorded.get("pulumi:providers:demo")
    assert [(call.args, call.provider) for call in recorded.invokes] == [
        ({"id": "1", "more": "yes"}, f"{late.urn}::{late.id}"),
    ]
    assert recorded.outputs["answer"] == {"id": "1", "more": "yes"}
