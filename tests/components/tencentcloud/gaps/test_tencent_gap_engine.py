"""The gaps under the real engine: what only it can show is that check, diff and delete get what they need."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from components.tencentcloud.gaps.credentials import environment
from tests.components.engine_stack import ENGINE, Stack
from tests.fakes.tencentcloud.scf import ACTIVE, CREATING
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION

pytestmark = ENGINE

CORS = json.dumps({"Enable": True, "Origins": ["https://a.example"], "Methods": ["GET"], "MaxAge": 10})
PROGRAM = f'''
import json, os
import pulumi
from components.tencentcloud.gaps.function_ready import FunctionReady
from components.tencentcloud.gaps.function_url import FunctionUrl
from components.tencentcloud.gaps.release_history import ReleaseHistory

ask, region = json.loads(os.environ["ASK"]), "{REGION}"
ready = FunctionReady("ready", function_name="web", namespace="default", revision_key=ask["key"], region=region)
history = ReleaseHistory("history", function_name=ready.function_name, version_id=ask["version"],
                         version_key=ask["key"], weight=ask["weight"], revision=ask.get("revision"), force=False,
                         region=region)
url = FunctionUrl("url", function_name=ready.function_name, namespace="default", qualifier=ask.get("alias", "live"),
                  auth_type=ask.get("auth", "NONE"), internet=True, intranet=False, cors=ask.get("cors"),
                  region=region, opts=pulumi.ResourceOptions(depends_on=[history]))
pulumi.export("stable", history.stable_version)
pulumi.export("canary", history.canary_version)
pulumi.export("url", url.internet_url)
'''  # fmt: skip


def test_a_function_from_the_first_up_to_the_end(cloud: Fake, tmp_path: Path) -> None:
    stack, ask = Stack(tmp_path, PROGRAM), {"key": "k1", "version": "1", "weight": 100, "cors": CORS}
    cloud.scf.make_function(CREATING, ACTIVE, versions=1)

    said = stack.run("preview", {**ask, "weight": 10}, fails=True)
    assert "a function's first release must take all calls (release.weight 10): set release.weight to 100" in said
    assert cloud.actions() == [], "a preview calls nothing"

    cloud.play("CreateTrigger", Fault(code="UnauthorizedOperation.CAM", text="said by the service", effect=True))
    said = stack.run("up --yes --skip-preview", ask, fails=True)
    assert "CreateTrigger failed: UnauthorizedOperation.CAM (HTTP 200): said by the service [request id " in said
    assert "function_url.py" not in said, "the way an error took is nothing to a user"
    stack.run("up --yes --skip-preview", ask)
    (trigger,) = cloud.scf.triggers["default", "web"]
    address = f"https://{trigger['host']}.{REGION}.tencentscf.com"
    assert stack.outputs() == {"stable": "1", "canary": "", "url": address}, "adopted, not made twice"
    stack.run("preview --expect-no-changes", ask)
    stack.run("refresh --yes --skip-preview --expect-no-changes", ask)

    cloud.scf.versions["default", "web"].append("2")
    canary: dict[str, Any] = {**ask, "key": "k2", "version": "2", "weight": 10}
    stack.run("up --yes --skip-preview", canary)
    assert stack.outputs() == {"stable": "1", "canary": "2", "url": address}, "a release leaves the address alone"
    said = stack.run("preview", {**canary, "key": "k3", "version": "3"}, fails=True)
    assert "the last version stands at 10 percent, and a new release would give it up half-way: promote it" in said
    full = {**canary, "weight": 100}
    stack.run("up --yes --skip-preview", full)
    said = stack.run("up --yes --skip-preview", {**full, "revision": 7}, fails=True)
    assert "function web has no version 7; there are 2, 1; set release.revision to one of them" in said
    back = {**full, "revision": 1}
    stack.run("up --yes --skip-preview", back)
    assert (stack.outputs()["stable"], stack.outputs()["canary"]) == ("1", "")

    trigger["TriggerDesc"] = json.dumps({**cloud.scf.address(), "AuthType": "CAM"})
    stack.run("refresh --yes --skip-preview", back)
    stack.run("up --yes --skip-preview", back)
    assert cloud.scf.address()["AuthType"] == "NONE", "what was changed by hand is seen, and set again"
    stack.run("up --yes --skip-preview", {**back, "alias": "other", "cors": None})
    assert [one["Qualifier"] for one in cloud.scf.triggers["default", "web"]] == ["other"]

    state = stack.run("stack export", {})
    for secret in (environment().secret_key, environment().access_key, "clear-text-of-an-env"):
        assert secret not in state
    assert re.findall(r'"__provider": [{]', state) == [], "no secret, so no passphrase is asked for"
    stack.run("destroy --yes --skip-preview", back)
    assert cloud.scf.triggers["default", "web"] == []
