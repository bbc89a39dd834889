"""Settings that one cloud alone knows: every field of every one can be given as its type says, and no other way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from components import CLOUDS, cloud
from components.errors import UserError
from stacks.app_settings import CONCEPTS
from stacks.natives import native_of
from stacks.settings import REGION_CONCEPTS
from tests.stacks.support import app, child, region, run

EVERY = [
    (name, concept)
    for name in CLOUDS
    for concept in dict.fromkeys([*CONCEPTS, *REGION_CONCEPTS])
    if concept in cloud(name).concepts
]
every_native = pytest.mark.parametrize(("name", "concept"), EVERY, ids=[f"{n}-{c}" for n, c in EVERY])


def given(name: str, concept: str, values: Mapping[str, Any]) -> Any:
    return native_of(cloud(name), {concept: values}, concept, "native")


@every_native
def test_nothing_given_is_the_clouds_own_defaults(name: str, concept: str) -> None:
    kind = cloud(name).native(concept)
    assert given(name, concept, {}) == kind()
    assert native_of(cloud(name), {}, concept, "native") is None


@every_native
def test_every_field_refuses_what_is_not_of_its_type(name: str, concept: str) -> None:
    kind = cloud(name).native(concept)
    assert fields(kind)
    for field in fields(kind):
        # No field takes a list of mappings: each refuses it in words of its own, whatever its type is made of.
        with pytest.raises(UserError) as caught:
            given(name, concept, {field.name: [{"hush": 1}]})
        assert caught.value.where == f"native.{concept}.{field.name}"
        assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("concept", "values"),
    [
        ("registry", {"account_id": "2100000000", "edition": "Enterprise"}),
        ("bucket", {"kms_key_id": "key-1"}),
        ("postgres", {"parameters": {"max_connections": "200"}, "ssl": True}),
        ("observability", {"shards": 3, "log_keys": {"status": "long"}}),
        ("alerts", {"silence_minutes": 30, "webhook": None}),
    ],
)
def test_what_programs_may_give_as_an_output_settings_give_plainly(concept: str, values: dict[str, Any]) -> None:
    made = given("volcengine", concept, values)
    assert {key: getattr(made, key) for key in values} == values


def test_the_account_reaches_the_name_that_docker_logs_in_with() -> None:
    recording = run(
        {"agent": app(enabled=False, image={"tag": "1.0.0"})},
        region(native={"registry": {"account_id": "2100000000", "edition": "Enterprise"}}),
    )
    assert child(recording, "cr/registry:Registry", "shared-volcengine-cn-beijing-registry-instance").inputs[
        "type"
    ] == ("Enterprise")
    assert "@2100000000 " in recording.outputs["agent"]["login"]


def test_a_key_of_the_key_service_reaches_the_bucket() -> None:
    settings = app(image=None, code={"path": "app"}, bucket={}, native={"bucket": {"kms_key_id": "key-1"}})
    recording = run({"agent": settings})
    rule = child(recording, "tos/bucketEncryption:BucketEncryption", "agent-bucket-encryption").inputs["rule"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == "key-1"
