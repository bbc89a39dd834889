"""Holds the recorder against the SDK: it stands on parts that are not all exported, so an upgrade must fail loudly.

The second opinion is `register_stack_transformation`, which is exported: it runs in the program and is handed every
resource with its options.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import pulumi
from pulumi import ResourceTransformationArgs
from pulumi.runtime import mocks
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2

from qiao.plan.callbacks import LocalCallbacks
from qiao.plan.recorder import record
from qiao.plan.recording import Resource
from tests.qiao.plan.program import Box, Provider, Thing, child


def rich_program() -> None:
    provider = Provider("mine")
    anchor = Thing("anchor", value="v")
    box = Box("box", pulumi.ResourceOptions(providers=[provider], protect=True))
    Thing("plain", child(box), value=1, key={"a": [True, None, "x"]})
    Thing("rich", child(
        box, depends_on=[anchor], ignore_changes=["key"], replace_on_changes=["value"], delete_before_replace=True,
        aliases=[pulumi.Alias(name="old")], additional_secret_outputs=["key"], retain_on_delete=True, version="1.0.0",
        custom_timeouts=pulumi.CustomTimeouts(create="1m"), import_="there", deleted_with=anchor,
    ), value=2, key="k")  # fmt: skip
    box.register_outputs({})


def options_in_the_program() -> dict[str, dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}

    def look(args: ResourceTransformationArgs) -> None:
        options: Any = args.opts
        seen[args.name] = {
            "type": args.type_,
            "inputs": {key: value for key, value in args.props.items() if value is not None},
            "parent": options.parent._name if options.parent else None,
            "protect": options.protect,
            "depends_on": sorted(resource._name for resource in options._depends_on_list()),
            "ignore_changes": tuple(options.ignore_changes or ()),
            "replace_on_changes": tuple(options.replace_on_changes or ()),
            "delete_before_replace": options.delete_before_replace,
            "aliases": tuple(alias.name for alias in options.aliases or ()),
            "additional_secret_outputs": tuple(options.additional_secret_outputs or ()),
            "retain_on_delete": bool(options.retain_on_delete),
            "version": options.version or "",
            "create": options.custom_timeouts.create if options.custom_timeouts else None,
            "import_id": options.import_ or "",
            "deleted_with": options.deleted_with._name if options.deleted_with else None,
        }

    def program() -> None:
        pulumi.runtime.register_stack_transformation(look)
        rich_program()

    record(program)
    return seen


def name_in(urn: str) -> str | None:
    return urn.rsplit("::", 1)[-1] if urn and "pulumi:Stack" not in urn else None


def as_seen_in_the_program(resource: Resource) -> dict[str, Any]:
    return {
        "type": resource.type,
        "inputs": resource.inputs,
        "parent": name_in(resource.parent),
        "protect": resource.protect or None,
        "depends_on": sorted(str(name_in(urn)) for urn in resource.depends_on),
        "ignore_changes": resource.ignore_changes,
        "replace_on_changes": resource.replace_on_changes,
        "delete_before_replace": resource.delete_before_replace,
        "aliases": tuple(alias.name for alias in resource.aliases),
        "additional_secret_outputs": resource.additional_secret_outputs,
        "retain_on_delete": resource.retain_on_delete,
        "version": resource.version,
        "create": resource.custom_timeouts.get("create"),
        "import_id": resource.import_id,
        "deleted_with": name_in(resource.deleted_with),
    }


def test_what_the_monitor_records_is_what_the_exported_api_sees() -> None:
    seen = options_in_the_program()
    recorded = {resource.name: as_seen_in_the_program(resource) for resource in record(rich_program).resources}
    # Protection is inherited after the transformation has looked.
    assert recorded["plain"].pop("protect") is True
    assert recorded["rich"].pop("protect") is True
    for name in ("plain", "rich"):
        seen[name].pop("protect")
    assert recorded == seen
    assert set(seen) == {"mine", "anchor", "box", "plain", "rich"}


def test_the_sdk_parts_we_stand_on_are_still_there() -> None:
    """Names and shapes outside the SDK's exported API. When one is gone, read its successor first."""
    assert set(inspect.signature(_CallbackServicer.__init__).parameters) == {"self", "monitor"}
    made_by_the_base = {"_callbacks", "_transforms", "_state_migrations", "_monitor", "_target", "_loop", "_server"}
    assert set(inspect.get_annotations(_CallbackServicer)) - {"_servicers", "_loop"} == made_by_the_base - {"_loop"}
    assert set(vars(LocalCallbacks(None, None))) == made_by_the_base - {"_server"}  # type: ignore[arg-type]
    requests = {name for name in vars(mocks.MockMonitor) if name[0].isupper()} - {"ResourceRegistration"}
    assert requests == {
        "ExistsResource", "GetDeploymentInfo", "Invoke", "ReadResource", "RegisterErrorHook", "RegisterPackage",
        "RegisterResource", "RegisterResourceHook", "RegisterResourceOutputs", "RegisterStackInvokeTransform",
        "RegisterStackTransform", "SignalAndWaitForShutdown", "SupportsFeature",
    }  # fmt: skip


def test_every_option_a_transform_can_change_is_known_here() -> None:
    """A new field of the engine's transform options must be copied in `goal.py` before it can be trusted."""
    fields = set(resource_pb2.TransformResourceOptions.DESCRIPTOR.fields_by_name)
    copied = {
        "depends_on", "protect", "ignore_changes", "replace_on_changes", "version", "aliases", "provider", "providers",
        "custom_timeouts", "plugin_download_url", "retain_on_delete", "deleted_with", "delete_before_replace",
        "additional_secret_outputs", "hooks", "import", "hide_diff", "replace_with",
    }  # fmt: skip
    assert fields - copied == {"plugin_checksums", "replacement_trigger"}


def test_the_recorder_was_read_against_this_sdk() -> None:
    assert version("pulumi") == "3.272.0", "read the new SDK's monitor and transforms, then move this line"
