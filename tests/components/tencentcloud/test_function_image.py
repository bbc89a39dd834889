"""Images on Tencent Cloud: which edition, which instance, pinned by digest; how they are started."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.errors import UserError
from components.scope import Scope
from components.tencentcloud.function import FunctionNative
from qiao.plan.recording import UNKNOWN
from qiao.plan.standins import mark
from tests.components.tencentcloud.function_support import (
    DIGEST,
    FUNCTION,
    IMAGE,
    IMAGES,
    INSTANCES,
    VERSION,
    Opts,
    digest_of,
    one_function,
)
from tests.components.tencentcloud.support import behind

TEAM = "qiao-dev.tencentcloudcr.com/team/web/chat:1.0"
INSTANCE = f"tcr-{mark('instance', 'qiao-dev', length=8)}"


def config(**fields: Any) -> dict[str, Any]:
    [found] = one_function(**fields).get(FUNCTION).inputs["imageConfigs"]
    return dict(found)


def asked(**fields: Any) -> list[str]:
    return [invoke.token for invoke in one_function(**fields).invokes]


def test_an_image_of_the_personal_edition_stays_as_it_is() -> None:
    found = config()
    assert (found["imageType"], found["imageUri"], found["registryId"]) == ("personal", IMAGE, "")
    assert asked() == []
    # Nothing tells its digest.
    assert config(image="ccr.ccs.tencentyun.com/team/chat:1.0")["imageUri"] == "ccr.ccs.tencentyun.com/team/chat:1.0"


def test_an_image_of_an_instance_names_it_and_is_pinned() -> None:
    """The service reports the digest, and the provider compares texts: a tag alone would be a change on every `up`."""
    recording = one_function(image=TEAM)
    [found] = recording.get(FUNCTION).inputs["imageConfigs"]
    assert found["imageType"] == "enterprise"
    assert found["registryId"] == INSTANCE
    assert found["imageUri"] == f"{TEAM}@{digest_of('1.0')}"
    images, instances = sorted(recording.invokes, key=lambda invoke: invoke.token)
    assert (instances.token, instances.args["name"]) == (INSTANCES, "qiao-dev")
    assert images.token == IMAGES
    assert {key: images.args[key] for key in ("registryId", "namespaceName", "repositoryName", "imageVersion")} == {
        "registryId": INSTANCE, "namespaceName": "team", "repositoryName": "web/chat", "imageVersion": "1.0",
    }  # fmt: skip
    assert images.args["exactMatch"] is True
    assert {"::explicit::" in invoke.provider for invoke in recording.invokes} == {True}


def test_a_built_image_is_pinned_already_and_only_its_instance_is_asked_for() -> None:
    pinned = f"{TEAM}@{DIGEST}"
    assert config(image=pinned)["imageUri"] == pinned
    assert asked(image=pinned) == [INSTANCES]


def test_an_instance_that_is_said_is_not_asked_for() -> None:
    native = FunctionNative(registry_id="tcr-elsewhere")
    found = config(image=f"images.example.com/team/chat:1.0@{DIGEST}", native=native)
    assert (found["imageType"], found["registryId"]) == ("enterprise", "tcr-elsewhere")
    assert asked(image=f"images.example.com/team/chat:1.0@{DIGEST}", native=native) == []
    assert config(image="images.example.com/team/chat:1.0", native=native)["imageUri"].endswith(digest_of("1.0"))


def test_a_tag_that_is_pushed_anew_is_a_new_version() -> None:
    def version(digest: str) -> Any:
        info = {
            "digest": digest, "imageVersion": "1.0", "kind": "", "kmsSignature": "", "size": 1, "updateTime": "",
        }  # fmt: skip
        answer = {"id": "i", "imageInfoLists": [info], "registryId": "", "namespaceName": "", "repositoryName": ""}
        return one_function(image=TEAM, invokes={IMAGES: lambda _: answer}).get(VERSION).inputs["description"]

    assert version(digest_of("first")) == version(digest_of("first"))
    assert version(digest_of("first")) != version(digest_of("second"))


def test_an_image_that_is_not_there_yet_is_waited_for_and_nothing_is_asked_before() -> None:
    def more(_scope: Scope, _opts: Opts) -> dict[str, Any]:
        pushed = random.RandomId("pushed", byte_length=1)
        return {"image": pulumi.Output.concat("qiao-dev.tencentcloudcr.com/team/chat:", pushed.hex)}

    preview = one_function(more=more, preview=True)
    [found] = preview.get(FUNCTION).inputs["imageConfigs"]
    assert (found["imageUri"], found["registryId"], found["imageType"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert preview.invokes == ()
    known = one_function(more=more)
    assert "pushed" in behind(known.get(FUNCTION), "imageConfigs")
    assert known.get(FUNCTION).inputs["imageConfigs"][0]["registryId"] == INSTANCE


def test_an_image_or_a_registry_that_is_not_there_is_named() -> None:
    none = {"id": "i", "imageInfoLists": [], "registryId": "", "namespaceName": "", "repositoryName": ""}
    with pytest.raises(UserError, match=r"FunctionArgs\.image: .*chat:1.0 is not in its registry; push it first"):
        one_function(image=TEAM, invokes={IMAGES: lambda _: none})
    with pytest.raises(UserError, match=r"ap-guangzhou has no registry named qiao-dev; give FunctionNative\.reg"):
        one_function(image=TEAM, invokes={INSTANCES: lambda _: {"id": "i", "name": "", "instanceLists": []}})


def test_a_server_listens_where_the_application_says_and_starts_by_its_own_command() -> None:
    usual = config()
    assert (usual["imagePort"], usual["command"], usual["args"]) == (8000, "", "")
    assert usual["containerImageAccelerate"] is False
    said = config(port=3210, command="python3 -m server --port 3210", native=FunctionNative(accelerate_image=True))
    assert (said["imagePort"], said["command"], said["args"]) == (3210, "python3", "-m server --port 3210")
    assert said["containerImageAccelerate"] is True


@pytest.mark.parametrize("kind", ["event", "task"])
def test_events_and_tasks_of_an_image_come_to_its_server(kind: str) -> None:
    assert config(kind=kind)["imagePort"] == 9000


def test_how_an_image_is_started_is_part_of_a_version() -> None:
    keys = {
        one_function(**fields).get(VERSION).inputs["description"]
        for fields in ({}, {"command": "./serve"}, {"port": 3000}, {"native": FunctionNative(accelerate_image=True)})
    }
    assert len(keys) == 4
