"""The gaps under the real engine: what only it can show is that check, diff and delete get what they need."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from components.alicloud.gaps.credentials import environment
from tests.components.engine_stack import ENGINE, Stack
from tests.fakes.alicloud.fc import PENDING, READY
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION

pytestmark = ENGINE

JWKS = json.dumps({"keys": [{"kty": "RSA", "kid": "one", "n": "0vx7", "e": "AQAB"}]})
PROGRAM = f'''
import json, os
import pulumi
from components.alicloud.gaps.any_host_domain import AnyHostDomain
from components.alicloud.gaps.async_invoke import AsyncInvoke
from components.alicloud.gaps.consumer import Consumer
from components.alicloud.gaps.consumer_grant import ConsumerGrant
from components.alicloud.gaps.function_ready import FunctionReady
from components.alicloud.gaps.gateway_address import GatewayAddress
from components.alicloud.gaps.logs_ready import LogsReady
from components.alicloud.gaps.provisioned_concurrency import ProvisionedConcurrency
from components.alicloud.gaps.release_history import ReleaseHistory
from components.alicloud.gaps.route_deployment import RouteDeployment
from components.alicloud.gaps.service_ready import ServiceReady

ask, region = json.loads(os.environ["ASK"]), "{REGION}"
logs = LogsReady("logs", project=ask["project"], logstore="app", region=region)
ready = FunctionReady("ready", function_name="web", revision_key=ask["key"], region=region,
                      opts=pulumi.ResourceOptions(depends_on=[logs]))
history = ReleaseHistory("history", function_name=ready.function_name, version_id=ask["version"],
                         version_key=ask["key"], weight=ask["weight"], revision=ask.get("revision"), force=False,
                         region=region)
ProvisionedConcurrency("warm", function_name="web", qualifier="live", target=1, always_allocate_cpu=True,
                       always_allocate_gpu=False, region=region)
AsyncInvoke("async", function_name="web", qualifier="live", async_task=True, max_retries=2, max_age_seconds=60,
            region=region)
service = ServiceReady("service", service_id="svc-1", region=region)
published = RouteDeployment("published", http_api_id=ask["api"], route_id=ask["route"], gateway_id="gw-1",
                            trigger=pulumi.Output.format("{{}}-{{}}", service.service_id, ask["key"]), region=region)
consumer = Consumer("consumer", consumer_name="qiao-dev-agent", jwks={JWKS!r}, payload_key="sub",
                    payload_value="agent", region=region)
ConsumerGrant("grant", consumer_id=consumer.consumer_id, environment_id="env-1", http_api_id=ask["api"],
              route_id=published.route_id, region=region)
address = GatewayAddress("address", gateway_id="gw-1", internet=True, region=region)
domains = [AnyHostDomain(f"any-host-{{number}}", region=region).domain_id for number in range(2)]
pulumi.export("domains", pulumi.Output.all(*domains))
pulumi.export("stable", history.stable_version)
pulumi.export("canary", history.canary_version)
pulumi.export("address", address.address)
'''  # fmt: skip


def make(cloud: Fake) -> dict[str, Any]:
    """What the provider's own resources would have made, and the first thing to ask for."""
    cloud.fc.make_function(PENDING, READY, versions=1)
    project, _ = cloud.sls.make_store()
    cloud.apig.services["svc-1"] = [{"healthStatus": "Unhealthy"}, {"healthStatus": "Healthy"}]
    balancer = {"address": "nlb-1.example.com", "addressType": "Internet"}
    cloud.apig.gateways["gw-1"] = [{"status": "Running", "loadBalancers": [balancer]}]
    api, route = cloud.apig.make_route()
    return {"project": project, "key": "k1", "version": "1", "weight": 100, "api": api, "route": route}


def test_all_gaps_from_the_first_up_to_the_end(cloud: Fake, tmp_path: Path) -> None:
    stack, ask = Stack(tmp_path, PROGRAM), make(cloud)

    said = stack.run("preview", {**ask, "weight": 10}, fails=True)
    assert "a function's first release must take all calls (release.weight 10): set release.weight to 100" in said
    assert cloud.actions() == [], "a preview calls nothing"

    cloud.play("CreateConsumer", Fault(403, "NoPermission", effect=True, text="said by the service"))
    said = stack.run("up --yes --skip-preview", ask, fails=True)
    assert "CreateConsumer failed: NoPermission (HTTP 403): said by the service [request id " in said
    assert "consumer.py" not in said, "the way an error took is nothing to a user"
    stack.run("up --yes --skip-preview", ask)
    (domain,) = cloud.apig.domains
    outputs = {"address": "nlb-1.example.com", "domains": [domain, domain]}
    assert stack.outputs() == {"stable": "1", "canary": "", **outputs}
    assert [one["name"] for one in cloud.apig.consumers.values()] == ["qiao-dev-agent"], "adopted, not made twice"
    assert [one["resourceId"] for one in cloud.apig.rules.values()] == [ask["route"]]
    assert cloud.fc.provisions["web", "live"]["defaultTarget"] == 1
    assert cloud.fc.asyncs["web", "live"]["maxAsyncRetryAttempts"] == 2
    stack.run("preview --expect-no-changes", ask)
    stack.run("refresh --yes --skip-preview --expect-no-changes", ask)

    cloud.fc.versions["web"].append(2)
    canary = {**ask, "key": "k2", "version": "2", "weight": 10}
    stack.run("up --yes --skip-preview", canary)
    assert stack.outputs() == {"stable": "1", "canary": "2", **outputs}
    assert len(cloud.bodies("DeployHttpApi")) == 2, "another trigger publishes again"
    said = stack.run("preview", {**canary, "key": "k3", "version": "3"}, fails=True)
    assert "the last version stands at 10 percent, and a new release would give it up half-way: promote it" in said
    stack.run("up --yes --skip-preview", {**canary, "weight": 100})
    assert stack.outputs()["stable"] == "2"
    said = stack.run("up --yes --skip-preview", {**canary, "weight": 100, "revision": 7}, fails=True)
    assert "function web has no version 7; there are 2, 1; set release.revision to one of them" in said
    stack.run("up --yes --skip-preview", {**canary, "weight": 100, "revision": 1})
    assert (stack.outputs()["stable"], stack.outputs()["canary"]) == ("1", "")

    state = stack.run("stack export", {})
    for secret in (environment().secret_key, environment().access_key, "clear-text-of-an-env"):
        assert secret not in state
    assert re.findall(r'"__provider": [{]', state) == [], "no secret, so no passphrase is asked for"

    back = {**canary, "weight": 100, "revision": 1}
    cloud.apig.rules.clear()
    cloud.fc.asyncs["web", "live"]["maxAsyncRetryAttempts"] = 0
    cloud.apig.routes[ask["api"], ask["route"]].coming = ["DeployedWithChanges"]
    stack.run("refresh --yes --skip-preview", back)
    stack.run("up --yes --skip-preview", back)
    assert len(cloud.apig.rules) == 1
    assert cloud.fc.asyncs["web", "live"]["maxAsyncRetryAttempts"] == 2
    assert cloud.apig.routes[ask["api"], ask["route"]].look() == "Deployed"

    stack.run("destroy --yes --skip-preview", back)
    assert (cloud.apig.consumers, cloud.apig.rules, cloud.fc.provisions, cloud.fc.asyncs) == ({}, {}, {}, {})
    assert cloud.apig.routes[ask["api"], ask["route"]].look() == "NotDeployed"
    assert list(cloud.apig.domains) == [domain], "others may answer by it"
    ends = ["DeleteConsumerAuthorizationRule", "UndeployHttpApi", "DeleteConsumer"]
    order = [action for action in cloud.actions() if action in ends]
    assert order.index(ends[0]) < min(order.index(ends[1]), order.index(ends[2])), "a right before what it names"
