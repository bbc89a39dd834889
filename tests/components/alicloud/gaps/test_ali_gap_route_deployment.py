"""RouteDeployment: a route is published, stays so, and is taken back before it is deleted."""

from __future__ import annotations

from typing import Any

import pytest

from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.route_deployment import UNPUBLISHED, RouteDeploymentProvider
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire

PUBLISHING = RouteDeploymentProvider()


def inputs(route: tuple[str, str], trigger: Any = "t1", gateway: str = "gw-1") -> dict[str, Any]:
    """Inputs of RouteDeployment."""
    return wire(http_api_id=route[0], route_id=route[1], gateway_id=gateway, trigger=trigger, region=REGION)


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def test_a_route_is_published_and_waited_for(cloud: Fake, clock: Clock) -> None:
    route = cloud.apig.make_route()
    created = PUBLISHING.create(inputs(route))
    assert created.id == ":".join(route)
    assert created.outs == {
        "region": REGION, "http_api_id": route[0], "route_id": route[1], "gateway_id": "gw-1", "trigger": "t1",
    }  # fmt: skip
    assert cloud.bodies("DeployHttpApi") == [{"httpApiId": route[0], "routeId": route[1]}]
    assert cloud.apig.routes[route].look() == "Deployed"
    assert clock.pauses == [1, 2, 3], "not done at the first look, which still shows what was before"


@pytest.mark.parametrize("status", ["Deployed", "DeployedWithChanges", "DeployFailed", "UndeployFailed", "NotDeployed"])
def test_whatever_its_status_it_is_published(cloud: Fake, status: str) -> None:
    """One that says Deployed too: saving a route may publish it, and then without the policies that came after."""
    route = cloud.apig.make_route(status)
    PUBLISHING.create(inputs(route))
    assert "Deployed" in [cloud.apig.routes[route].look() for _ in range(4)]
    assert len(cloud.bodies("DeployHttpApi")) == 1


def test_a_publication_under_way_is_waited_for_first(cloud: Fake) -> None:
    done, withdrawn = (
        cloud.apig.make_route("Deploying", "Deployed"),
        cloud.apig.make_route("Undeploying", "NotDeployed"),
    )
    PUBLISHING.create(inputs(done))
    assert cloud.actions()[:2] == ["GetHttpApiRoute", "GetHttpApiRoute"]
    assert len(cloud.bodies("DeployHttpApi")) == 1
    PUBLISHING.create(inputs(withdrawn))
    assert len(cloud.bodies("DeployHttpApi")) == 2


def test_a_route_with_domains_of_its_own_is_published_by_its_gateway(cloud: Fake) -> None:
    route = cloud.apig.make_route(own_domains_only=True)
    PUBLISHING.create(inputs(route))
    assert cloud.bodies("DeployHttpApi")[1] == {
        "httpApiId": route[0], "httpApiConfig": {"gatewayId": "gw-1", "routeIds": [route[1]]},
    }  # fmt: skip
    assert cloud.apig.routes[route].look() == "Deployed"
    assert cloud.complaints.pop().startswith("DeployHttpApi: 400 BadRequest.NoPublishableDomain")


def test_where_both_ways_are_refused_the_first_refusal_is_told(cloud: Fake) -> None:
    route = cloud.apig.make_route()
    cloud.play("DeployHttpApi", Fault(400, "BadRequest.First"), Fault(400, "BadRequest.Second"))
    with pytest.raises(ApiError, match=r"BadRequest\.First"):
        PUBLISHING.create(inputs(route))


@pytest.mark.parametrize("fault", [Fault(403, "NoPermission"), Fault(409, "Conflict.Odd")])
def test_no_other_refusal_is_tried_another_way(cloud: Fake, fault: Fault) -> None:
    route = cloud.apig.make_route()
    cloud.play("DeployHttpApi", fault)
    with pytest.raises(ApiError, match=fault.code):
        PUBLISHING.create(inputs(route))
    assert len(cloud.bodies("DeployHttpApi")) == 1


def test_a_gateway_that_is_being_changed_is_waited_for(cloud: Fake, clock: Clock) -> None:
    route = cloud.apig.make_route()
    locked = Fault(409, "Conflict.LockFailed")
    cloud.play("DeployHttpApi", locked, locked)
    PUBLISHING.create(inputs(route))
    assert clock.pauses[:2] == [1, 2]


def test_a_publication_that_fails_is_one_clear_error(cloud: Fake) -> None:
    route = cloud.apig.make_route("DeployFailed", ends="DeployFailed")
    with pytest.raises(GapError) as caught:
        PUBLISHING.create(inputs(route))
    assert caught.value.what == f"route {route[1]} is DeployFailed, not Deployed"
    cloud.apig.routes[route].ends = "Deployed"
    PUBLISHING.create(inputs(route))
    assert cloud.apig.routes[route].look() == "Deployed", "an old failure, still shown at first, ends no new try"


@pytest.mark.parametrize(("status", "ends"), [("Deploying", "Deployed"), ("NotDeployed", "Deploying")])
def test_a_publication_that_never_ends_is_one_clear_error(cloud: Fake, clock: Clock, status: str, ends: str) -> None:
    route = cloud.apig.make_route(status, ends=ends)
    with pytest.raises(GapError, match=f"route {route[1]} has not settled after 600 s; last seen: Deploying"):
        PUBLISHING.create(inputs(route))
    assert clock.time == 1600


def test_an_interrupted_publication_is_resumed(cloud: Fake) -> None:
    route = cloud.apig.make_route()
    cloud.play("DeployHttpApi", *[Fault(500, effect=True)] * 6)
    with pytest.raises(ApiError, match="DeployHttpApi failed: InternalError"):
        PUBLISHING.create(inputs(route))
    cloud.apig.routes[route].look()
    PUBLISHING.create(inputs(route))
    assert len(cloud.bodies("DeployHttpApi")) == 7, "what was lost was the answer alone: waited for, and said once more"
    assert "Deployed" in [cloud.apig.routes[route].look() for _ in range(4)]


def test_another_trigger_publishes_again_in_place(cloud: Fake) -> None:
    route = cloud.apig.make_route()
    state = state_of(PUBLISHING.create(inputs(route)))
    assert PUBLISHING.diff("x", state, inputs(route)).changes is False
    for news in (inputs(route, "t2"), inputs(route, UNKNOWN)):
        plan = PUBLISHING.diff("x", state, news)
        assert (plan.changes, plan.replaces) == (True, [])
    outs = PUBLISHING.update("x", state, inputs(route, "t2")).outs
    assert outs is not None
    assert outs["trigger"] == "t2"
    assert len(cloud.bodies("DeployHttpApi")) == 2, "the status cannot tell of a policy"


@pytest.mark.parametrize("key", ["http_api_id", "route_id", "gateway_id", "region"])
def test_another_route_is_another_publication(key: str) -> None:
    olds = inputs(("api-1", "hr-1"))
    assert PUBLISHING.diff("x", olds, {**olds, key: "other"}).replaces == [key]


@pytest.mark.parametrize("status", ["DeployedWithChanges", "DeployFailed", "UndeployFailed"])
def test_a_route_changed_or_broken_by_hand_is_a_difference_after_a_refresh(cloud: Fake, status: str) -> None:
    route = cloud.apig.make_route()
    state = state_of(PUBLISHING.create(inputs(route)))
    same = PUBLISHING.read("x", state)
    assert (same.id, same.outs) == ("x", same.inputs)
    assert PUBLISHING.diff("x", state_of(same), inputs(route)).changes is False
    cloud.apig.routes[route].coming = [status]
    read = PUBLISHING.read("x", state)
    assert read.inputs == read.outs
    assert state_of(read)["trigger"] == UNPUBLISHED
    assert PUBLISHING.diff("x", state_of(read), inputs(route)).changes is True
    PUBLISHING.update("x", state_of(read), inputs(route))
    assert cloud.apig.routes[route].look() == "Deployed"


def test_a_publication_under_way_is_no_difference(cloud: Fake) -> None:
    route = cloud.apig.make_route("Deploying")
    assert state_of(PUBLISHING.read("x", inputs(route)))["trigger"] == "t1"


def test_a_route_taken_back_or_gone_is_published_anew(cloud: Fake) -> None:
    route = cloud.apig.make_route("NotDeployed")
    assert PUBLISHING.read("x", inputs(route)).id is None
    cloud.apig.routes.clear()
    assert PUBLISHING.read("x", inputs(route)).id is None
    with pytest.raises(ApiError, match="RouteNotFound"):
        PUBLISHING.create(inputs(route))


@pytest.mark.parametrize(
    "stray", [Fault(404, "NotFound"), Fault(404, "InvalidAction.NotFound"), Fault(404, "NotFound.Page")]
)
def test_a_stray_404_drops_nothing(cloud: Fake, stray: Fault) -> None:
    route = cloud.apig.make_route("Deployed")
    cloud.play("GetHttpApiRoute", stray)
    with pytest.raises(ApiError):
        PUBLISHING.read("x", inputs(route))
    cloud.play("GetHttpApiRoute", stray)
    with pytest.raises(ApiError):
        PUBLISHING.delete("x", inputs(route))


def test_a_route_is_taken_back_in_the_end_and_waited_for(cloud: Fake) -> None:
    route = cloud.apig.make_route("Deployed")
    PUBLISHING.delete("x", inputs(route))
    assert cloud.bodies("UndeployHttpApi") == [{"httpApiId": route[0], "routeId": route[1], "gatewayId": "gw-1"}]
    assert cloud.apig.routes[route].look() == "NotDeployed"
    PUBLISHING.delete("x", inputs(route))
    cloud.apig.routes.clear()
    PUBLISHING.delete("x", inputs(route))
    assert len(cloud.bodies("UndeployHttpApi")) == 1


def test_a_route_that_cannot_be_taken_back_is_one_clear_error(cloud: Fake) -> None:
    route = cloud.apig.make_route("Deployed", withdrawn="UndeployFailed")
    with pytest.raises(GapError, match=f"route {route[1]} is UndeployFailed, not NotDeployed"):
        PUBLISHING.delete("x", inputs(route))
