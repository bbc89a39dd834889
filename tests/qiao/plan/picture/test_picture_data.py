"""The embedded data holds every resource, edge, option and input, and nothing of any secret."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any
from urllib.parse import quote

import pytest

from qiao.plan.picture import render
from qiao.plan.picture.data import LONGEST, document, encode
from qiao.plan.recording import UNKNOWN, Alias, Message, Recording, Resource, Secret
from qiao.plan.wire import SIGNATURE, is_secret
from tests.contract.recorded import recorded
from tests.contract.site import CANARIES
from tests.qiao.plan.picture.parsed import STACK, Page, a_recording, a_resource

TOKEN = "hunter2-token"


def drawn(recording: Recording, **more: Any) -> Any:
    return Page(render(recording, title="t", **more)).data


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("concept", ["function", "gateway", "registry"])
def test_every_resource_parent_and_dependency_is_there(concept: str, preview: bool) -> None:
    recording = recorded("volcengine", concept, "full", preview=preview)
    data = drawn(recording)
    known = {resource.urn for resource in recording.resources}
    urns = [each["urn"] for each in data["resources"]]
    assert urns == [resource.urn for resource in recording.resources]
    for resource, shown in zip(recording.resources, data["resources"], strict=True):
        assert (shown["name"], shown["type"], shown["protect"]) == (resource.name, resource.type, resource.protect)
        assert (shown["parent"] >= 0) == (resource.parent in known)
        assert shown["parent"] < 0 or urns[shown["parent"]] == resource.parent
        waits = {urn for more in resource.input_dependencies.values() for urn in more} | set(resource.depends_on)
        assert {urns[at] for at, _ in shown["needs"]} == waits & known
        assert set(shown["outside"]) == waits - known
        assert [key for key, _ in shown["inputs"][1]] == sorted(resource.inputs)
    assert any(shown["needs"] for shown in data["resources"])


def test_a_dependency_names_the_inputs_that_bring_it_in() -> None:
    vpc, key = a_resource("vpc"), a_resource("key")
    subnet = a_resource(
        "subnet",
        depends_on=(vpc.urn, key.urn, "urn:elsewhere"),
        input_dependencies={"vpcId": (vpc.urn,), "tags": (vpc.urn,)},
    )
    shown = drawn(a_recording(vpc, key, subnet))["resources"][2]
    assert shown["needs"] == [[0, ["tags", "vpcId"]], [1, []]]
    assert shown["outside"] == ["urn:elsewhere"]


def test_kinds_tell_components_providers_and_what_is_only_read() -> None:
    recording = a_recording(
        a_resource("box", custom=False),
        a_resource("prov", "pulumi:providers:demo"),
        a_resource("there", read=True),
        a_resource("new"),
    )
    assert [each["kind"] for each in drawn(recording)["resources"]] == ["component", "provider", "read", "resource"]


def test_every_option_that_is_not_at_its_default_is_shown() -> None:
    prov, old = a_resource("prov", "pulumi:providers:demo"), a_resource("old")
    full = a_resource(
        "full", provider=f"{prov.urn}::id-7", providers={"demo": f"{prov.urn}::id-7", "other": "urn:else::x"},
        protect=True, retain_on_delete=True, delete_before_replace=False, deleted_with=old.urn, replace_with=(old.urn,),
        ignore_changes=("tags",), replace_on_changes=("zone", "image"), hide_diffs=("code",),
        additional_secret_outputs=("password",), custom_timeouts={"create": "30m"}, version="1.2.3",
        plugin_download_url="github://api", import_id="vpc-1", aliases=(Alias(name="former", no_parent=True),),
    )  # fmt: skip
    shown = drawn(a_recording(prov, old, full))["resources"][2]
    assert dict(shown["options"]) == {
        "provider": ["at", 0],
        "providers": ["m", [["demo", ["at", 0]], ["other", "urn:else"]]],
        "deletedWith": ["at", 1],
        "replaceWith": ["l", [["at", 1]]],
        "protect": True,
        "retainOnDelete": True,
        "deleteBeforeReplace": False,
        "ignoreChanges": ["l", ["tags"]],
        "replaceOnChanges": ["l", ["zone", "image"]],
        "hideDiffs": ["l", ["code"]],
        "additionalSecretOutputs": ["l", ["password"]],
        "customTimeouts": ["m", [["create", "30m"]]],
        "aliases": ["l", [["m", [["name", "former"], ["no_parent", True]]]]],
        "import": "vpc-1",
        "version": "1.2.3",
        "pluginDownloadURL": "github://api",
    }
    assert drawn(a_recording(old))["resources"][0]["options"] == []


def test_no_field_of_a_resource_is_forgotten() -> None:
    """A field that the recorder learns must be shown, or be listed here with the reason why not."""
    left_out = {
        "id", "outputs",  # stand-ins: made up
        "outputs_registered",  # of interest to contract tests alone
        "custom", "read",  # shown as `kind`
    }  # fmt: skip
    shown = {
        "urn", "type", "name", "parent", "inputs", "provider", "providers", "protect", "retain_on_delete", "depends_on",
        "input_dependencies", "aliases", "ignore_changes", "replace_on_changes", "delete_before_replace",
        "deleted_with", "replace_with", "hide_diffs", "additional_secret_outputs", "custom_timeouts", "version",
        "plugin_download_url", "import_id",
    }  # fmt: skip
    assert {field.name for field in dataclasses.fields(Resource)} == shown | left_out


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (Secret("x"), ["s"]),
        (Secret({"user": "a", "password": [Secret("b")]}), ["s"]),
        (Secret(UNKNOWN), ["s"]),
        (UNKNOWN, ["u"]),
        ({"b": [1, Secret(2)], "a": {"c": UNKNOWN}}, ["m", [["a", ["m", [["c", ["u"]]]]], ["b", ["l", [1, ["s"]]]]]]),
        (["s"], ["l", ["s"]]),
        ([], ["l", []]),
        ({}, ["m", []]),
        (None, None),
        (True, True),
        (0, 0),
        (0.5, 0.5),
        (2**53 - 1, 2**53 - 1),
        (2**53, ["n", "9007199254740992"]),
        (-(2**60), ["n", "-1152921504606846976"]),
        (float("inf"), ["n", "inf"]),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), ["t", "x" * LONGEST, LONGEST + 1]),
        (
            {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "path": "app"},
            ["m", [["kind", "archive"], ["path", "app"]]],
        ),
        ({SIGNATURE: {"odd": 1}, "path": "app"}, ["m", [["path", "app"]]]),
    ],
)
def test_values_are_encoded_without_confusion(value: Any, encoded: Any) -> None:
    assert encode(value, str) == encoded
    assert json.loads(json.dumps(encode(value, str), allow_nan=False)) == encoded


@pytest.mark.parametrize("concept", ["function", "gateway", "observability", "alerts", "registry", "postgres"])
def test_no_secret_of_a_real_component_is_in_the_file(concept: str) -> None:
    recording = recorded("volcengine", concept, "full", "prod")
    page = render(recording, title="t")
    hidden = {text for resource in recording.resources for text in secret_texts([resource.inputs, resource.outputs])}
    marked = {text for text in hidden if len(text) > 11 and not in_clear(text, recording)}
    for secret in [*CANARIES, *marked]:
        for spelling in (
            secret,
            quote(secret, safe=""),
            base64.b64encode(secret.encode()).decode(),
            secret.encode().hex(),
        ):
            assert spelling not in page, f"a secret of {concept} is in the page"
    secret_inputs = [is_secret(resource.inputs) for resource in recording.resources]
    assert ['["s"]' in json.dumps(each["inputs"]) for each in Page(page).data["resources"]] == secret_inputs


def secret_texts(value: Any, inside: bool = False) -> set[str]:
    if isinstance(value, Secret):
        return secret_texts(value.value, True)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    found = {text for item in items for text in secret_texts(item, inside)}
    return found | {value} if inside and isinstance(value, str) else found


def in_clear(text: str, recording: Recording) -> bool:
    """Whether the program itself says it in clear elsewhere (an address inside a secret connection string)."""
    return any(text in clear for resource in recording.resources for clear in clear_texts(resource.inputs))


def clear_texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for item in value.values() for text in clear_texts(item)} | set(value)
    if isinstance(value, list | tuple):
        return {text for item in value for text in clear_texts(item)}
    return {value} if isinstance(value, str) else set()


def test_secret_stack_outputs_keep_their_names_and_nothing_else() -> None:
    recording = a_recording(outputs={"db": Secret({"user-key": TOKEN}), "url": "u", "later": UNKNOWN})
    page = render(recording, title="t")
    assert Page(page).data["outputs"] == ["m", [["db", ["s"]], ["later", ["u"]], ["url", "u"]]]
    assert TOKEN not in page
    assert "user-key" not in page


def test_the_pickled_provider_of_a_dynamic_resource_stays_out() -> None:
    pickled = base64.b64encode(TOKEN.encode() * 9).decode()
    gap = a_resource("gap", "pulumi-python:dynamic/demo:Gap", inputs={"__provider": pickled, "region": "r"})
    page = render(a_recording(gap), title="t")
    assert Page(page).data["resources"][0]["inputs"] == ["m", [["__provider", ["c"]], ["region", "r"]]]
    assert pickled[:20] not in page


def test_the_mask_sees_every_text() -> None:
    """One resource whose every text quotes a token: a field that slips past the mask shows it."""
    text = f"a {TOKEN} b"
    other = f"{STACK}demo:x:{TOKEN}::{TOKEN}"
    full = a_resource(
        text, f"demo:net:{TOKEN}", inputs={text: {text: [text]}, "long": "y" * (LONGEST - 3) + TOKEN},
        depends_on=(other,), input_dependencies={text: (other, other + "2")}, provider=f"{other}::{TOKEN}",
        providers={text: f"{other}::id"}, deleted_with=other, replace_with=(other,), ignore_changes=(text,),
        replace_on_changes=(text,), hide_diffs=(text,), additional_secret_outputs=(text,),
        custom_timeouts={text: text}, version=text, plugin_download_url=text, import_id=text,
        aliases=(Alias(urn=text, name=text, type=text, project=text, stack=text, parent=text),),
    )  # fmt: skip
    peer = a_resource("peer", depends_on=(full.urn,), input_dependencies={text: (full.urn,)})
    recording = a_recording(full, peer, project=text, stack=text, outputs={text: text})
    found = Message(severity=text, text=text, urn=full.urn)

    page = render(recording, title=text, findings=[found], mask=lambda said: said.replace(TOKEN, "[secret]"))
    assert TOKEN not in page
    assert TOKEN[:8] not in page
    data = Page(page).data
    assert data["resources"][0]["name"] == "a [secret] b"
    assert data["resources"][1]["needs"] == [[0, ["a [secret] b"]]]
    assert data["findings"] == [{"severity": "a [secret] b", "text": "a [secret] b", "at": 0}]


def test_findings_point_at_their_resource_or_at_the_stack() -> None:
    one, two = a_resource("one"), a_resource("two")
    findings = [Message(severity="error", text="bad", urn=two.urn), Message(severity="info", text="stack", urn="")]
    assert drawn(a_recording(one, two), findings=findings)["findings"] == [
        {"severity": "error", "text": "bad", "at": 1},
        {"severity": "info", "text": "stack", "at": -1},
    ]


def test_inputs_come_in_one_order_whatever_the_program_did() -> None:
    one = document(a_recording(a_resource("r", inputs={"a": 1, "b": {"x": 1, "y": 2}})), "t", [], str)
    other = document(a_recording(a_resource("r", inputs={"b": {"y": 2, "x": 1}, "a": 1})), "t", [], str)
    assert json.dumps(one) == json.dumps(other)
