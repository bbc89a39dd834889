"""Consumer and ConsumerGrant: made once, adopted where a create was interrupted, and never somebody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.alicloud.gaps.consumer import DISABLED, MARK, ConsumerProvider
from components.alicloud.gaps.consumer_grant import ConsumerGrantProvider
from components.alicloud.gaps.errors import ApiError, GapError
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire

CONSUMER, GRANT = ConsumerProvider(), ConsumerGrantProvider()
KEY = {"kty": "RSA", "kid": "one", "n": "0vx7", "e": "AQAB", "alg": "RS256", "use": "sig"}
JWKS = json.dumps({"keys": [KEY]})
OTHER = json.dumps({"keys": [{**KEY, "kid": "two"}]})


def inputs(name: str = "qiao-prod-agent", jwks: Any = JWKS, **more: Any) -> dict[str, Any]:
    """Inputs of Consumer."""
    given = {"consumer_name": name, "jwks": jwks, "payload_key": "sub", "payload_value": "agent", "region": REGION}
    return wire(**{**given, **more})


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def config(jwks: str = JWKS) -> dict[str, Any]:
    """What the service is to be told."""
    return {
        "type": "Jwt", "secretType": "Asymmetry", "jwks": jwks,
        "jwtTokenConfig": {"position": "HEADER", "key": "Authorization", "prefix": "Bearer ", "pass": True},
        "jwtPayloadConfig": {"payloadKeyName": "sub", "payloadKeyValue": "agent"},
        "claimsToHeadersConfigs": [],  # the SDK says so by itself
    }  # fmt: skip


def test_a_consumer_is_made_with_its_keys_and_its_claim(cloud: Fake) -> None:
    created = CONSUMER.create(inputs())
    (made,) = cloud.apig.consumers.values()
    assert created.id == made["consumerId"]
    assert created.outs == {
        "region": REGION, "consumer_name": "qiao-prod-agent", "jwks": JWKS, "payload_key": "sub",
        "payload_value": "agent", "consumer_id": created.id,
    }  # fmt: skip
    assert made == {
        "consumerId": created.id, "name": "qiao-prod-agent", "gatewayType": "API", "enable": True,
        "description": MARK, "jwtIdentityConfig": config(),
    }  # fmt: skip


def test_each_of_the_services_words_can_be_said_otherwise(cloud: Fake) -> None:
    words = {"identity_type": "Jwt", "secret_type": "Symmetry", "token_position": "QUERY", "token_key": "token",
             "token_prefix": "JWT"}  # fmt: skip
    state = state_of(CONSUMER.create(inputs(**words)))
    (made,) = cloud.apig.consumers.values()
    assert made["jwtIdentityConfig"] == {
        **config(), "secretType": "Symmetry",
        "jwtTokenConfig": {"position": "QUERY", "key": "token", "prefix": "JWT", "pass": True},
    }  # fmt: skip
    assert CONSUMER.diff("cs", state, inputs(**words)).changes is False
    assert CONSUMER.diff("cs", state, inputs()).changes is True
    assert CONSUMER.diff("cs", inputs(), inputs(secret_type="Asymmetry")).changes is False, "said, and meant anyway"


def test_an_interrupted_create_is_adopted_with_what_is_asked_for_now(cloud: Fake) -> None:
    cloud.play("CreateConsumer", Fault(403, "NoPermission", effect=True))
    with pytest.raises(ApiError, match="NoPermission"):
        CONSUMER.create(inputs())
    (made,) = cloud.apig.consumers
    assert CONSUMER.create(inputs(jwks=OTHER)).id == made
    assert cloud.apig.consumers[made]["jwtIdentityConfig"]["jwks"] == OTHER
    assert len(cloud.apig.consumers) == 1


def test_a_create_whose_answer_is_lost_makes_one_consumer(cloud: Fake) -> None:
    cloud.play("CreateConsumer", Fault(500, effect=True), Fault(drop=True, effect=True))
    created = CONSUMER.create(inputs())
    assert list(cloud.apig.consumers) == [created.id]
    tokens = {body["clientToken"] for body in cloud.bodies("CreateConsumer")}
    assert len(tokens) == 1, "all repeats are one call to the service"


def test_a_create_whose_answers_are_all_lost_is_adopted_at_once(cloud: Fake) -> None:
    cloud.play("CreateConsumer", *[Fault(500, effect=True)] * 6)
    created = CONSUMER.create(inputs())
    assert list(cloud.apig.consumers) == [created.id]


def test_a_service_that_knows_no_tokens_makes_one_consumer_too(cloud: Fake) -> None:
    real = cloud.apig.create_consumer

    def forgetful(asked: dict[str, Any]) -> dict[str, Any]:
        cloud.apig.tokens.clear()
        return real(asked)

    act = cloud.apig.acts["CreateConsumer"]
    object.__setattr__(act, "answer", forgetful)
    cloud.play("CreateConsumer", Fault(500, effect=True))
    created = CONSUMER.create(inputs())
    assert list(cloud.apig.consumers) == [created.id]


def test_a_consumer_made_again_after_its_end_is_a_new_one(cloud: Fake) -> None:
    """Within a day, the service answers a known token with the consumer that it made then."""
    first = CONSUMER.create(inputs())
    CONSUMER.delete(str(first.id), state_of(first))
    second = CONSUMER.create(inputs())
    assert list(cloud.apig.consumers) == [second.id] != [first.id]


def test_a_consumer_of_somebody_else_is_never_touched(cloud: Fake) -> None:
    made = cloud.apig.make_consumer("qiao-prod-agent", "of the other team")
    before = dict(cloud.apig.consumers[made])
    with pytest.raises(GapError) as caught:
        CONSUMER.create(inputs())
    assert caught.value.what == "consumer qiao-prod-agent is there already, and not by Qiao"
    assert cloud.apig.consumers == {made: before}


def test_a_name_that_only_contains_ours_is_anothers(cloud: Fake) -> None:
    others = [cloud.apig.make_consumer(f"qiao-prod-agent-{number}", MARK) for number in range(5)]
    created = CONSUMER.create(inputs())
    assert created.id not in others
    assert len(cloud.bodies("ListConsumers")) == 3, "all pages are looked through"
    assert CONSUMER.create(inputs()).id == created.id


def test_keys_and_claims_change_in_place(cloud: Fake) -> None:
    created = CONSUMER.create(inputs())
    state, id_ = state_of(created), str(created.id)
    for news in (inputs(jwks=OTHER), inputs(payload_value="other"), inputs(jwks=UNKNOWN)):
        plan = CONSUMER.diff(id_, state, news)
        assert (plan.changes, plan.replaces) == (True, [])
    spaced = json.dumps({"keys": [dict(reversed(KEY.items()))]}, indent=2)
    assert CONSUMER.diff(id_, state, inputs(jwks=spaced)).changes is False, "the same keys, written otherwise"
    assert CONSUMER.diff(id_, state, inputs("other")).replaces == ["consumer_name"]
    assert CONSUMER.diff(id_, state, inputs(region="cn-beijing")).replaces == ["region"]
    state = state_of(CONSUMER.update(id_, state, inputs(jwks=OTHER)))
    assert state["consumer_id"] == id_
    assert cloud.apig.consumers[id_]["jwtIdentityConfig"] == config(OTHER)


@pytest.mark.parametrize(
    ("shown", "differs"),
    [
        ({}, False),
        ({"jwtIdentityConfig": None}, False),
        ({"jwtIdentityConfig": {**config(), "jwks": json.dumps(json.loads(JWKS), indent=1)}}, False),
        ({"jwtIdentityConfig": {**config(), "jwks": None}}, False),
        ({"jwtIdentityConfig": {**config(), "jwks": OTHER}}, True),
        ({"jwtIdentityConfig": {**config(), "secretType": "Symmetry"}}, True),
        ({"jwtIdentityConfig": {**config(), "jwtPayloadConfig": {"payloadKeyValue": "intruder"}}}, True),
        ({"enable": False}, True),
    ],
)
def test_changes_by_hand_are_differences_and_what_is_not_shown_is_none(
    cloud: Fake, shown: dict[str, Any], differs: bool
) -> None:
    created = CONSUMER.create(inputs())
    id_ = str(created.id)
    cloud.apig.consumers[id_].update(shown)
    read = CONSUMER.read(id_, state_of(created))
    assert read.id == id_
    assert read.inputs is not None
    assert read.outs == {**read.inputs, "consumer_id": id_}
    assert CONSUMER.diff(id_, state_of(read), inputs()).changes is differs
    assert (read.inputs["jwks"] == DISABLED) is (shown.get("enable") is False)
    CONSUMER.update(id_, state_of(read), inputs())
    assert (cloud.apig.consumers[id_]["enable"], cloud.apig.consumers[id_]["jwtIdentityConfig"]) == (True, config())


def test_a_consumer_goes_in_the_end_and_one_that_is_gone_needs_nothing(cloud: Fake, clock: Clock) -> None:
    created = CONSUMER.create(inputs())
    id_ = str(created.id)
    for stray in (Fault(404, "NotFound"), Fault(404, "InvalidAction.NotFound")):
        cloud.play("GetConsumer", stray)
        cloud.play("DeleteConsumer", stray)
        with pytest.raises(ApiError):
            CONSUMER.read(id_, state_of(created))
        with pytest.raises(ApiError):
            CONSUMER.delete(id_, state_of(created))
    cloud.play("DeleteConsumer", Fault(409, "Conflict.LockFailed"))
    CONSUMER.delete(id_, state_of(created))
    assert cloud.apig.consumers == {}
    assert clock.pauses == [1]
    CONSUMER.delete(id_, state_of(created))
    assert CONSUMER.read(id_, state_of(created)).id is None


@pytest.mark.parametrize(
    ("jwks", "said"),
    [
        ("", "no JSON Web Key Set"),
        ("not json", "no JSON Web Key Set"),
        ("[]", "no JSON Web Key Set"),
        ('{"keys": []}', "no JSON Web Key Set"),
        ('{"keys": "x"}', "no JSON Web Key Set"),
        ('{"keys": ["x"]}', "no JSON Web Key Set"),
        (json.dumps({"keys": [KEY, {**KEY, "d": "the-private-half"}]}), "hold a private or shared one"),
        (json.dumps({"keys": [{"kty": "oct", "k": "the-private-half"}]}), "hold a private or shared one"),
    ],
)
def test_keys_that_are_none_or_private_are_refused_in_the_preview(jwks: str, said: str) -> None:
    (failure,) = CONSUMER.check({}, inputs(jwks=jwks)).failures
    assert failure.property == "jwks"
    assert said in failure.reason
    assert "the-private-half" not in failure.reason


@pytest.mark.parametrize("jwks", [JWKS, UNKNOWN])
def test_public_keys_and_unknown_ones_pass(jwks: str) -> None:
    assert CONSUMER.check({}, inputs(jwks=jwks)).failures == []


def grant(consumer: str, route: tuple[str, str], environment: str = "env-1") -> dict[str, Any]:
    """Inputs of ConsumerGrant."""
    return wire(
        consumer_id=consumer, environment_id=environment, http_api_id=route[0], route_id=route[1], region=REGION
    )


@pytest.fixture
def asked(cloud: Fake) -> dict[str, Any]:
    """A grant to ask for: of a published route, to a consumer."""
    return grant(cloud.apig.make_consumer("c", MARK), cloud.apig.make_route("Deployed"))


def test_a_consumer_may_call_a_route(cloud: Fake, asked: dict[str, Any]) -> None:
    cloud.apig.late_rules = 3
    created = GRANT.create(asked)
    assert list(cloud.apig.rules) == [created.id]
    wanted = {key: value for key, value in asked.items() if key != "__provider"}
    assert created.outs == {**wanted, "rule_id": created.id}
    (body,) = cloud.bodies("CreateConsumerAuthorizationRules")
    (rule,) = body["authorizationRules"]
    assert {key: value for key, value in rule["resourceIdentifier"].items() if value} == {
        "environmentId": "env-1", "parentResourceId": asked["http_api_id"], "resourceId": asked["route_id"],
    }  # fmt: skip
    assert (rule["consumerId"], rule["resourceType"], rule["expireMode"]) == (
        asked["consumer_id"], "HttpApiRoute", "LongTerm",
    )  # fmt: skip


def test_a_grant_that_is_there_is_kept(cloud: Fake, asked: dict[str, Any]) -> None:
    first = GRANT.create(asked)
    assert GRANT.create(asked).id == first.id
    assert len(cloud.bodies("CreateConsumerAuthorizationRules")) == 1


@pytest.mark.parametrize("fault", [Fault(500, effect=True), Fault(drop=True, effect=True)])
def test_a_grant_whose_answer_is_lost_is_found(cloud: Fake, asked: dict[str, Any], fault: Fault) -> None:
    cloud.play("CreateConsumerAuthorizationRules", fault)
    assert list(cloud.apig.rules) == [] != [GRANT.create(asked).id] == list(cloud.apig.rules)


def test_a_grant_that_never_came_about_is_told(cloud: Fake, asked: dict[str, Any]) -> None:
    cloud.play("CreateConsumerAuthorizationRules", Fault(500))
    with pytest.raises(ApiError, match="InternalError"):
        GRANT.create(asked)
    assert len(cloud.bodies("CreateConsumerAuthorizationRules")) == 1, "twice might be two"


def test_a_grant_of_a_route_that_is_not_published_is_refused(cloud: Fake, asked: dict[str, Any]) -> None:
    cloud.apig.routes[asked["http_api_id"], asked["route_id"]].coming = ["NotDeployed"]
    with pytest.raises(ApiError, match="RouteNotDeployed"):
        GRANT.create(asked)
    cloud.complaints.clear()


def test_a_grant_that_is_never_listed_is_one_clear_error(cloud: Fake, asked: dict[str, Any], clock: Clock) -> None:
    cloud.apig.late_rules = 1000
    with pytest.raises(GapError, match="is not listed after 60 s"):
        GRANT.create(asked)
    assert clock.time == 1060


def test_a_grant_in_another_environment_is_another(cloud: Fake, asked: dict[str, Any]) -> None:
    first = GRANT.create(asked)
    cloud.apig.rules[str(first.id)]["environmentInfo"] = {"environmentId": "env-2"}
    assert GRANT.read(str(first.id), state_of(first)).id is None


@pytest.mark.parametrize("key", ["consumer_id", "environment_id", "http_api_id", "route_id", "region"])
def test_anything_else_is_another_grant(key: str) -> None:
    olds = grant("cs", ("api", "hr"))
    assert GRANT.diff("x", olds, olds).changes is False
    assert GRANT.diff("x", olds, {**olds, key: "other"}).replaces == [key]


def test_a_grant_made_anew_by_hand_is_taken_back_in_the_end(cloud: Fake, asked: dict[str, Any]) -> None:
    created = GRANT.create(asked)
    cloud.apig.rules["car-anew"] = {**cloud.apig.rules.pop(str(created.id)), "consumerAuthorizationRuleId": "car-anew"}
    read = GRANT.read(str(created.id), state_of(created))
    assert read.id == created.id
    assert state_of(read)["rule_id"] == "car-anew"
    GRANT.delete(str(created.id), state_of(read))
    assert cloud.apig.rules == {}


def test_a_grant_that_is_gone_needs_nothing(cloud: Fake, asked: dict[str, Any]) -> None:
    created = GRANT.create(asked)
    id_, state = str(created.id), state_of(created)
    cloud.play("QueryConsumerAuthorizationRules", Fault(404, "NotFound"))
    with pytest.raises(ApiError):
        GRANT.read(id_, state)
    cloud.play("DeleteConsumerAuthorizationRule", Fault(404, "NotFound"))
    with pytest.raises(ApiError):
        GRANT.delete(id_, state)
    for _ in range(2):
        GRANT.delete(id_, state)
        assert GRANT.read(id_, state).id is None
    cloud.apig.consumers.clear()
    GRANT.delete(id_, state)
    assert GRANT.read(id_, state).id is None
