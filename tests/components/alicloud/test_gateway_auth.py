"""Who passes a gateway. A route is never published before its check stands: the security of the whole thing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components import tokens
from components.alicloud.gateway import GatewayNative
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction
from components.gateway import Domain, Route
from qiao.plan.recording import UNKNOWN, Recording, Resource, Secret
from tests.components.alicloud.gateway_support import (
    CHAT,
    CONSUMER,
    DEPLOYMENT,
    GATEWAY,
    GRANT,
    LOGIN,
    PING,
    POLICY,
    READY,
    RECORD,
    ROUTE,
    THERE,
    everything_before,
    of_route,
    one_gateway,
    policy,
    slugs,
)
from tests.components.alicloud.support import behind, waits_for
from tests.components.keys import PRIVATE_KEY, pair

KB = Route(name="kb", path="/kb", function=THERE, rate_limit=5, allow_cidrs=["203.0.113.0/24"])
OTHER = ExistingFunction(id="f-other")
ALL = (CHAT, KB, PING, LOGIN)


def edges(resource: Resource) -> set[str]:
    """URNs of what a resource waits for by an edge of its own."""
    return set(resource.depends_on)


# ---- nothing is published before its check stands


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("route", ["chat", "kb"])
def test_a_checked_route_is_published_after_its_check_and_granted_after_that(route: str, preview: bool) -> None:
    recording = one_gateway(*ALL, preview=preview)
    deployment = of_route(recording, DEPLOYMENT, route)
    check, grant = policy(recording, "jwt", route), of_route(recording, GRANT, route)
    assert {check.urn, recording.get(CONSUMER).urn} <= edges(deployment)
    # Nobody is granted a route that is not published; one that checks and has nobody granted is closed.
    assert deployment.urn in edges(grant)
    before = everything_before(recording, deployment)
    assert {recording.get(CONSUMER).urn, recording.get(PRIVATE_KEY).urn} <= before


@pytest.mark.parametrize("preview", [True, False])
def test_every_policy_of_a_route_stands_before_it_is_published(preview: bool) -> None:
    recording = one_gateway(*ALL, preview=preview)
    for name in ("chat", "kb", "ping", "login"):
        deployment, target = of_route(recording, DEPLOYMENT, name), of_route(recording, ROUTE, name)
        attached = {
            found.urn
            for found in recording.of_type(POLICY)
            if target.urn in found.input_dependencies["attachResourceIds"]
        }
        assert attached
        assert attached <= edges(deployment)
        assert {recording.by_urn(urn).name for urn in attached} == {
            f"agent-gateway-policy-{name}-{slug}" for slug in slugs(recording, name)
        }


def test_nothing_of_a_check_waits_for_the_publication() -> None:
    """A circle would be an error of the engine; an edge the other way would open the route first."""
    recording = one_gateway(*ALL)
    published = {found.urn for found in recording.of_type(DEPLOYMENT)}
    for kind in (POLICY, CONSUMER, ROUTE):
        for found in recording.of_type(kind):
            assert not published & everything_before(recording, found), found.name


def test_nobody_is_told_of_an_address_before_all_behind_it_is_published() -> None:
    domain = Domain(name="a.example.com", certificate_id="1", dns_zone="example.com")
    recording = one_gateway(*ALL, domain=domain)
    published = {found.urn for found in recording.of_type(DEPLOYMENT)}
    assert len(published) == len(ALL)
    granted = {found.urn for found in recording.of_type(GRANT)}
    assert {found.name for found in recording.of_type(GRANT)} == {
        f"agent-gateway-grant-{name}" for name in ("chat", "kb")
    }
    assert published | granted <= edges(recording.get(RECORD))


def test_in_the_end_a_route_is_unpublished_before_its_check_goes() -> None:
    """Deletion goes the edges backwards: what waits for another goes before it."""
    recording = one_gateway(*ALL)
    for name in ("chat", "kb"):
        deployment, check, grant, target = (
            of_route(recording, DEPLOYMENT, name), policy(recording, "jwt", name), of_route(recording, GRANT, name),
            of_route(recording, ROUTE, name),
        )  # fmt: skip
        assert {check.urn, target.urn} <= everything_before(recording, deployment)
        assert deployment.urn in edges(grant)
        assert target.urn in edges(check)
        assert target.urn in edges(grant)


# ---- updates


def test_a_route_whose_auth_changes_is_made_anew_and_not_led_elsewhere_first() -> None:
    """Its name cannot be changed in place: the engine takes away publication, check and route, and begins again."""
    app = Route(name="chat", path=CHAT.path, function=THERE, auth="app")
    public = Route(name="chat", path=CHAT.path, function=THERE, auth="public", reason="for all")
    names = {route.auth: of_route(one_gateway(route), ROUTE).inputs["routeName"] for route in (CHAT, app, public)}
    assert names == {
        "jwt": "qiao-dev-agent-gateway-chat-jwt", "app": "qiao-dev-agent-gateway-chat",
        "public": "qiao-dev-agent-gateway-chat",
    }  # fmt: skip
    # The same resource: replaced, never a second one beside the first.
    assert {of_route(one_gateway(route), ROUTE).name for route in (CHAT, app)} == {"agent-gateway-route-chat"}
    assert of_route(one_gateway(CHAT), ROUTE).delete_before_replace is True


def test_a_long_name_keeps_the_two_apart_too() -> None:
    name = "a" * 31
    long = [Route(name=name, path="/a", function=THERE, auth=auth) for auth in ("jwt", "app")]
    first, second = (of_route(one_gateway(route), ROUTE, name).inputs["routeName"] for route in long)
    assert first != second
    assert max(len(first), len(second)) <= 64


def test_the_check_of_a_route_is_never_taken_away_to_make_another() -> None:
    """Deleted first, it would leave a published route open until its successor stands."""
    recording = one_gateway(*ALL)
    for name in ("chat", "kb"):
        assert policy(recording, "jwt", name).delete_before_replace is not True
        assert policy(recording, "timeout", name).delete_before_replace is True


def trigger(*routes: Route, **fields: Any) -> str:
    found = of_route(one_gateway(*routes, **fields), DEPLOYMENT).inputs["trigger"]
    assert isinstance(found, str)
    return found


def changed(**fields: Any) -> Route:
    given: dict[str, Any] = {"name": "chat", "path": CHAT.path, "function": THERE}
    return Route(**{**given, **fields})


@pytest.mark.parametrize(
    "route",
    [
        changed(path="/other"), changed(match="exact"), changed(methods=("POST",)), changed(function=OTHER),
        changed(auth="app"), changed(timeout_seconds=600), changed(rate_limit=7), changed(allow_cidrs=["10.0.0.0/8"]),
        changed(request_headers={"x-from": "gateway"}), changed(response_headers={"server": None}),
        changed(strip_prefix=True),
    ],
)  # fmt: skip
def test_what_changes_on_a_route_is_published_again(route: Route) -> None:
    assert trigger(route) != trigger(CHAT)


def test_what_stays_is_not_published_again() -> None:
    assert trigger(CHAT) == trigger(CHAT) == trigger(CHAT, LOGIN)
    assert len(trigger(CHAT)) == 32


def test_another_key_is_published_again() -> None:
    """The service says that what consumers are takes effect with the next publication."""
    other = {PRIVATE_KEY: {"privateKeyPem": Secret(pair("foreign")[0]), "publicKeyPem": pair("foreign")[1]}}
    assert trigger(CHAT, answers=other) != trigger(CHAT)
    unchecked = [of_route(one_gateway(CHAT, LOGIN, answers=key), DEPLOYMENT, "login") for key in (other, {})]
    assert unchecked[0].inputs["trigger"] == unchecked[1].inputs["trigger"]


def test_another_domain_is_published_again() -> None:
    assert trigger(CHAT, domain=Domain(name="a.example.com", certificate_id="1")) != trigger(CHAT)


# ---- which routes are checked, and how


def test_each_route_has_the_check_of_its_auth() -> None:
    recording = one_gateway(*ALL)
    checked = {name: "jwt" in slugs(recording, name) for name in ("chat", "kb", "ping", "login")}
    assert checked == {"chat": True, "kb": True, "ping": False, "login": False}
    assert {grant.name for grant in recording.of_type(GRANT)} == {
        "agent-gateway-grant-chat", "agent-gateway-grant-kb",
    }  # fmt: skip


def test_a_route_is_checked_unless_it_says_otherwise() -> None:
    recording = one_gateway(Route(name="chat", path="/", function=THERE))
    check = policy(recording, "jwt")
    assert check.inputs["policyClassName"] == "Authentication"
    assert json.loads(check.inputs["policyConfig"]) == {"authenticationType": "Jwt", "enable": True}
    assert check.inputs["attachResourceType"] == "GatewayRoute"
    assert check.inputs["attachResourceIds"] == [of_route(recording, ROUTE).outputs["routeId"]]


def test_a_grant_lets_this_gateways_bearers_through_this_route() -> None:
    recording = one_gateway(CHAT, KB)
    consumer, environment = recording.get(CONSUMER), recording.get(GATEWAY).outputs["environments"][0]
    for name in ("chat", "kb"):
        grant, target = of_route(recording, GRANT, name), of_route(recording, ROUTE, name)
        expected = {
            "consumer_id": consumer.outputs["consumer_id"], "environment_id": environment["environmentId"],
            "http_api_id": target.inputs["httpApiId"], "route_id": target.outputs["routeId"], "region": "cn-hangzhou",
        }  # fmt: skip
        assert {key: grant.inputs[key] for key in expected} == expected
        assert behind(grant, "consumer_id") == {"agent-gateway-consumer"}
        assert behind(grant, "route_id") == {f"agent-gateway-route-{name}"}


def test_the_consumer_is_known_by_the_key_and_by_the_issuer() -> None:
    recording = one_gateway(CHAT)
    consumer = recording.get(CONSUMER, "agent-gateway-consumer")
    expected = {
        "consumer_name": "qiao-dev-agent-gateway", "jwks": tokens.jwks_of(pair("stack")[1]), "payload_key": "iss",
        "payload_value": recording.outputs["issuer"], "region": "cn-hangzhou",
    }  # fmt: skip
    assert {key: consumer.inputs[key] for key in expected} == expected
    assert behind(consumer, "jwks") == {"agent-gateway-signing-key"}


def test_how_bearers_are_known_can_be_said_in_other_words() -> None:
    native = GatewayNative(consumer_words={"token_prefix": "Bearer", "secret_type": "Asymmetric"})
    inputs = one_gateway(CHAT, native=native).get(CONSUMER).inputs
    assert (inputs["token_prefix"], inputs["secret_type"]) == ("Bearer", "Asymmetric")
    assert not {"identity_type", "token_position", "token_key"} & {key for key in inputs if inputs[key] is not None}
    assert inputs["payload_key"] == "iss"
    with pytest.raises(UserError, match=r"GatewayNative\.consumer_words: 'jwks' is unknown; use one of identity_type"):
        GatewayNative(consumer_words={"jwks": "{}"})


def test_a_token_for_this_gateway_names_what_the_consumer_is_told() -> None:
    recording = one_gateway(CHAT)
    key, consumer = recording.outputs["signing_key"], recording.get(CONSUMER).inputs
    said = {"issuer": recording.outputs["issuer"], "audience": recording.outputs["audience"]}
    token = tokens.mint(key.value, subject="me", lifetime_seconds=60, **said)
    claims = tokens.verify(token, consumer["jwks"], **said)
    assert claims[consumer["payload_key"]] == consumer["payload_value"]


@pytest.mark.parametrize("routes", [(PING,), (LOGIN,), (PING, LOGIN)])
def test_without_a_checked_route_there_is_no_key_to_lose(routes: tuple[Route, ...]) -> None:
    recording = one_gateway(*routes)
    assert [recording.of_type(kind) for kind in (PRIVATE_KEY, CONSUMER, GRANT)] == [[], [], []]
    assert [recording.outputs.get(key) for key in ("issuer", "audience", "signing_key")] == [None, None, None]


def test_the_key_of_a_gateway_is_a_secret_output() -> None:
    assert one_gateway(CHAT).outputs["signing_key"] == Secret(pair("stack")[0])
    assert one_gateway(CHAT, preview=True).outputs["signing_key"] in (UNKNOWN, Secret(UNKNOWN))


def test_the_clouds_request_signing_is_not_for_gateways() -> None:
    route = Route(name="kb", path="/kb", function=THERE, auth="cloud")
    with pytest.raises(UnsupportedError, match=r"alicloud Gateway\.routes\[kb\]\.auth=cloud: not supported") as error:
        one_gateway(route)
    assert "use jwt" in error.value.instead


def test_a_form_from_config_checks_tokens_all_the_same() -> None:
    native = GatewayNative(policy_templates={"Authentication": {"enable": True, "authenticationType": "JWT"}})
    recording = one_gateway(*ALL, native=native)
    check = policy(recording, "jwt")
    assert check.inputs["policyConfig"] == '{"authenticationType":"JWT","enable":true}'
    assert check.urn in edges(of_route(recording, DEPLOYMENT))
    assert trigger(CHAT, native=native) != trigger(CHAT)


def test_on_a_gateway_that_is_there_already_the_same_holds() -> None:
    native = GatewayNative(gateway_id="gw-there", environment_id="env-there")
    recording: Recording = one_gateway(CHAT, native=native)
    deployment, grant, check = of_route(recording, DEPLOYMENT), of_route(recording, GRANT), policy(recording, "jwt")
    assert {check.urn, recording.get(READY).urn} <= edges(deployment)
    assert grant.inputs["environment_id"] == check.inputs["environmentId"] == "env-there"
    assert check.inputs["gatewayId"] == deployment.inputs["gateway_id"] == "gw-there"
    assert "agent-gateway-deployment-chat" in waits_for(grant)
