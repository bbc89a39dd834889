"""The gaps under the real engine: what only it can show is that check, diff and delete get what they need."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from components.volcengine.gaps.credentials import environment
from tests.components.engine_stack import ENGINE, Stack
from tests.fakes.volcengine.server import Fake
from tests.fakes.volcengine.vefaas import Rollout
from tests.fakes.volcengine.wire import REGION

PROGRAM = f'''
import json, os
import pulumi
from components.volcengine.gaps.function_extras import FunctionExtras
from components.volcengine.gaps.image_ready import ImageReady
from components.volcengine.gaps.release_guard import ReleaseGuard
from components.volcengine.gaps.release_ready import ReleaseReady
from components.volcengine.gaps.trace_index_keys import TraceIndexKeys

ask = json.loads(os.environ["ASK"])
extras = FunctionExtras("extras", function_id=ask["function"], async_enabled=True, max_retries=2, region="{REGION}")
image = ImageReady("image", function_id=ask["function"], source=ask["image"], region="{REGION}")
guard = ReleaseGuard("guard", function_id=ask["function"], version_key=image.source, weight=ask["weight"],
                     force=False, revision=None, region="{REGION}")
if ask.get("record"):
    ready = ReleaseReady("ready", function_id=ask["function"], release_id=ask["record"], weight=guard.weight,
                         region="{REGION}", opts=pulumi.ResourceOptions(depends_on=[guard]))
    pulumi.export("version", ready.version)
keys = TraceIndexKeys("keys", topic_id=ask["topic"], keys=["input", "output"], region="{REGION}")
pulumi.export("added", keys.added)
'''  # fmt: skip

pytestmark = ENGINE


def release_when_the_guard_has_asked(cloud: Fake, function_id: str, rollout: Rollout) -> None:
    """The part of the provider's own release, which is not there: it comes after the guard and before the wait."""
    shape, answer = cloud.vefaas.actions["GetReleaseStatus"]

    def then_release(body: dict[str, Any]) -> dict[str, Any]:
        answered = answer(body)
        cloud.vefaas.rollouts[function_id].append(rollout)
        cloud.vefaas.actions["GetReleaseStatus"] = shape, answer
        return answered

    cloud.vefaas.actions["GetReleaseStatus"] = shape, then_release


def test_a_gray_release_under_the_real_engine(cloud: Fake, tmp_path: Path) -> None:
    stack = Stack(tmp_path, PROGRAM)
    made, topic = cloud.vefaas.make_function(), cloud.logs.make_topic()
    preset_keys = cloud.logs.json_keys(topic)
    for image in ("i:1", "i:2", "i:3"):
        cloud.vefaas.copy_image(made, image, {"Status": "Running"}, {"Status": "Succeeded"})
    ask: dict[str, Any] = {"function": made, "topic": topic, "image": "i:1", "weight": 100}

    said = stack.run("preview", {**ask, "weight": 10}, fails=True)
    assert "a function's first release must take all calls (release.weight 10): set release.weight to 100" in said
    assert cloud.actions() == [], "a preview calls nothing"

    stack.run("up --yes --skip-preview", ask)
    assert stack.outputs() == {"added": ["input", "output"]}
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"] == {"EnableAsyncTask": True, "MaxRetry": 2}
    stack.run("preview --expect-no-changes", ask)

    cloud.vefaas.release(made, 100, looks=5)
    canary = Rollout(
        "record-2", cloud.vefaas.rollouts[made][0].revision + 1, cloud.vefaas.rollouts[made][0].revision, 10
    )
    release_when_the_guard_has_asked(cloud, made, canary)
    ask |= {"image": "i:2", "weight": 10, "record": f"{made}:{canary.record}"}
    stack.run("up --yes --skip-preview", ask)
    assert stack.outputs()["version"] == str(canary.revision)

    said = stack.run("preview", {**ask, "image": "i:3", "record": "next"}, fails=True)
    assert "the last version stands at 10 percent, and a new release would roll it back half-way: promote it" in said

    state = stack.run("stack export", {})
    assert environment().secret_key not in state
    assert environment().access_key not in state
    assert re.findall(r'"__provider": [{]', state) == [], "no secret, so no passphrase is asked for"

    canary.trouble, canary.ends, canary.looks = {"StatusMessage": "out of memory"}, "failed", 0
    said = stack.run("up --yes --skip-preview", {**ask, "weight": 20}, fails=True)
    assert "of function " + made + ": out of memory; calls stay on the version before: mend the code" in said
    assert "release_ready.py" not in said, "the way an error took is nothing to a user"

    stack.run("refresh --yes --skip-preview", ask)
    stack.run("preview", {**ask, "image": "i:3", "record": "next"})

    stack.run("destroy --yes --skip-preview", ask)
    assert cloud.logs.json_keys(topic) == preset_keys
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"]["EnableAsyncTask"] is False
