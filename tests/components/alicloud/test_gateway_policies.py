"""Policies of a route: what each says in the gateway's JSON, and how a form from config takes its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.alicloud import gateway_policies
from components.alicloud.gateway import GatewayNative
from components.alicloud.gateway_policies import SLUGS, TEMPLATES, canonical, policies
from components.errors import UserError
from components.function import ExistingFunction
from components.gateway import Route
from qiao.plan.recording import Recording
from tests.components.alicloud.gateway_support import (
    GATEWAY,
    POLICY,
    ROUTE,
    THERE,
    of_route,
    one_gateway,
    policy,
    slugs,
)

FULL: dict[str, Any] = {
    "rate_limit": 20, "allow_cidrs": ["203.0.113.9", "198.51.100.0/24"],
    "request_headers": {"x-from": "gateway", "x-real-user": None},
    "response_headers": {"server": None, "strict-transport-security": "max-age=31536000"},
    "strip_prefix": True, "timeout_seconds": 600,
}  # fmt: skip


def route(**fields: Any) -> Route:
    return Route(**{"name": "chat", "path": "/chat", "function": THERE, "auth": "app", **fields})


def config(slug: str, *, native: GatewayNative | None = None, **fields: Any) -> Any:
    """The JSON of one policy of one route."""
    return json.loads(policy(one_gateway(route(**fields), native=native), slug).inputs["policyConfig"])


# ---- what each says


def test_a_route_has_the_policies_that_it_asks_for_and_a_timeout() -> None:
    assert slugs(one_gateway(route())) == {"timeout"}
    assert slugs(one_gateway(route(auth="jwt", **FULL))) == set(SLUGS.values())


def test_a_policy_is_attached_to_its_route_on_its_gateway() -> None:
    recording = one_gateway(route(**FULL))
    gateway, target = recording.get(GATEWAY), of_route(recording, ROUTE)
    for found in recording.of_type(POLICY):
        expected = {
            "gatewayId": gateway.id, "environmentId": gateway.outputs["environments"][0]["environmentId"],
            "attachResourceType": "GatewayRoute", "attachResourceIds": [target.outputs["routeId"]],
        }  # fmt: skip
        assert {key: found.inputs[key] for key in expected} == expected
        assert found.input_dependencies["attachResourceIds"] == (target.urn,)
    kinds = {found.name.removeprefix("agent-gateway-policy-chat-"): found for found in recording.of_type(POLICY)}
    assert {slug: found.inputs["policyClassName"] for slug, found in kinds.items()} == {
        slug: kind for kind, slug in SLUGS.items() if kind != "Authentication"
    }


def test_names_are_the_same_every_time_and_no_two_alike() -> None:
    """Two policies of some classes must not share a name on one gateway."""

    def names(recording: Recording) -> list[str]:
        return [found.inputs["policyName"] for found in recording.of_type(POLICY)]

    routes = [route(**FULL), Route(name="kb", path="/kb", function=THERE, allow_cidrs=["10.0.0.0/8"])]
    first = names(one_gateway(*routes))
    assert first == names(one_gateway(*routes))
    assert len(set(first)) == len(first)
    assert "qiao-dev-agent-gateway-kb-ip-access" in first


@pytest.mark.parametrize(("own", "expected"), [(None, 300), (700, 700)])
def test_a_route_waits_at_least_as_long_as_its_function(own: int | None, expected: int) -> None:
    """The gateway's own limit would cut a streamed answer."""
    assert config("timeout", timeout_seconds=own) == {"enable": True, "timeUnit": "s", "unitNum": expected}


def test_a_slow_function_is_waited_for() -> None:
    slow = ExistingFunction(id="f-slow", timeout_seconds=3600)
    assert config("timeout", function=slow)["unitNum"] == 3600
    with pytest.raises(UserError, match="never shorter than its function"):
        route(function=slow, timeout_seconds=300)


def test_calls_are_limited_by_the_second() -> None:
    expected = {"enable": True, "limit": 20, "responseStatusCode": 429, "unit": "Second"}
    assert config("rate-limit", rate_limit=20) == expected


def test_calls_come_from_the_blocks_alone() -> None:
    said = config("ip-access", allow_cidrs=["203.0.113.9", "198.51.100.0/24"])
    assert said == {
        "content": "203.0.113.9/32,198.51.100.0/24", "enable": True, "protocolLayer": "L7", "type": "White",
    }  # fmt: skip


def test_headers_are_set_and_taken_out_both_ways() -> None:
    def item(direction: str, action: str, key: str, value: str) -> dict[str, str]:
        return {"directionType": direction, "opType": action, "key": key, "value": value}

    asked: dict[str, Any] = {key: FULL[key] for key in ("request_headers", "response_headers")}
    assert config("headers", **asked) == {
        "enable": True,
        "headerOpItems": [
            item("Request", "Update", "x-from", "gateway"), item("Request", "Delete", "x-real-user", ""),
            item("Response", "Delete", "server", ""),
            item("Response", "Update", "strict-transport-security", "max-age=31536000"),
        ],
    }  # fmt: skip
    backwards: dict[str, Any] = {key: dict(reversed(value.items())) for key, value in asked.items()}
    assert config("headers", **backwards) == config("headers", **asked)


@pytest.mark.parametrize("path", ["/app", "/app/"])
def test_a_prefix_is_taken_off_with_its_slash(path: str) -> None:
    """Without the slash, `/app/test` would reach the function as `//test`."""
    recording = one_gateway(route(path=path, strip_prefix=True))
    assert of_route(recording, ROUTE).inputs["match"] == {"path": {"type": "Prefix", "value": "/app/"}}
    said = json.loads(policy(recording, "rewrite").inputs["policyConfig"])
    assert said == {"enable": True, "path": "/", "pathType": "PRE"}


def test_there_is_nothing_to_take_off_the_root() -> None:
    recording = one_gateway(route(path="/", strip_prefix=True))
    assert "rewrite" not in slugs(recording)
    assert of_route(recording, ROUTE).inputs["match"] == {"path": {"type": "Prefix", "value": "/"}}


def test_forms_are_one_canonical_line() -> None:
    """The provider compares texts: another order would be a change on every `up`."""
    for found in one_gateway(route(auth="jwt", **FULL)).of_type(POLICY):
        text = found.inputs["policyConfig"]
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


# ---- forms from config


def test_a_form_from_config_takes_the_built_in_ones_place() -> None:
    native = GatewayNative(
        policy_templates={
            "RateLimit": '{"threshold": "${calls}", "behaviorType": 0, "enable": true}',
            "IpAccessControl": {"enable": True, "whiteList": "${blocks}", "note": "only ${blocks_text}"},
            "HeaderModify": {
                "rules": {"$each": "headers", "item": {"${x}": 1, "set": "${name}=${value}", "on": "${direction}"}}
            },
            "HttpRewrite": {"pattern": "^${prefix}(.*)", "substitution": "/\\1"},
        }
    )
    said = {slug: config(slug, native=native, **FULL) for slug in ("rate-limit", "ip-access", "headers", "rewrite")}
    assert said["rate-limit"] == {"threshold": 20, "behaviorType": 0, "enable": True}
    assert said["ip-access"] == {
        "enable": True, "whiteList": ["203.0.113.9/32", "198.51.100.0/24"],
        "note": "only 203.0.113.9/32,198.51.100.0/24",
    }  # fmt: skip
    assert said["headers"]["rules"][0] == {"${x}": 1, "set": "x-from=gateway", "on": "Request"}
    assert said["rewrite"] == {"pattern": "^/chat/(.*)", "substitution": "/\\1"}
    # The others stay as they are.
    assert config("timeout", native=native, **FULL)["unitNum"] == 600


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        ({"Cors": {}}, "policy_templates: 'Cors' is unknown; use one of Authentication, HeaderModify"),
        ({"RateLimit": "{"}, "policy_templates.RateLimit: it is no JSON;"),
        ({"RateLimit": "[1]"}, "policy_templates.RateLimit: it is no JSON object"),
        ({"RateLimit": {"limit": "${blocks}"}}, r"'blocks' has no value here; use \$\{calls\}"),
        ({"Authentication": {"jwks": ["${calls}"]}}, "'calls' has no value here; this class has no values"),
        ({"HeaderModify": {"a": "${name}"}}, "'name' has no value here"),
        ({"HeaderModify": {"a": {"$each": "headers"}}}, "a list is written"),
        ({"RateLimit": {"a": {"$each": "headers", "item": "${name}"}}}, "a list is written"),
        ({"HeaderModify": {"a": {"$each": "headers", "item": "${calls}"}}}, "'calls' has no value here"),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused(templates: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        GatewayNative(policy_templates=templates)


def test_every_built_in_form_can_be_filled_in() -> None:
    gateway_policies.check_templates("built in", {kind: template.config for kind, template in TEMPLATES.items()})
    assert set(SLUGS) == set(TEMPLATES)
    found = {found.kind: found.config for found in policies(route(auth="jwt", **FULL), {})}
    assert set(found) == set(TEMPLATES)
    assert not [kind for kind, text in found.items() if "${" in text or "$each" in text]
    assert found["Timeout"] == canonical({"timeUnit": "s", "enable": True, "unitNum": 600})


# ---- what nobody has confirmed


def warnings(recording: Recording) -> list[str]:
    return [message.text for message in recording.messages if message.severity == "warning"]


def test_an_allow_list_whose_form_is_guessed_says_so() -> None:
    """The service keeps forms that it does not know: such a list may let everybody in."""
    [text] = warnings(one_gateway(route(allow_cidrs=["10.0.0.0/8"])))
    assert text.startswith("routes[chat].allow_cidrs: ")
    assert "native.policy_templates" in text
    confirmed = GatewayNative(policy_templates={"IpAccessControl": TEMPLATES["IpAccessControl"].config})
    assert warnings(one_gateway(route(allow_cidrs=["10.0.0.0/8"]), native=confirmed)) == []
    assert warnings(one_gateway(route(rate_limit=5))) == []


def test_forms_that_keep_callers_out_are_told_from_the_others() -> None:
    assert {kind for kind, template in TEMPLATES.items() if template.guard} == {"Authentication", "IpAccessControl"}
