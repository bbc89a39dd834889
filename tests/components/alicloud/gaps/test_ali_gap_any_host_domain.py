"""AnyHostDomain: found whoever made it, made once, never deleted, and refused where only TLS reaches it."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.dynamic import ResourceProvider

from components.alicloud.gaps.any_host_domain import AnyHostDomainProvider
from components.alicloud.gaps.errors import ApiError, GapError
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire

ANY = AnyHostDomainProvider()
ASKED = wire(region=REGION)


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def test_the_first_one_makes_it_for_plain_http(cloud: Fake) -> None:
    created = ANY.create(ASKED)
    assert created.outs == {"region": REGION, "domain_id": created.id}
    assert cloud.apig.domains == {
        created.id: {
            "domainId": created.id, "name": "*", "protocol": "HTTP", "forceHttps": False, "gatewayType": "API",
        }
    }  # fmt: skip


def test_who_comes_second_takes_the_same_one_and_changes_nothing(cloud: Fake) -> None:
    there = cloud.apig.make_domain("*", "HTTP", resourceGroupId="rg-of-somebody")
    before = dict(cloud.apig.domains[there])
    for _ in range(2):
        assert ANY.create(ASKED).id == there
    assert cloud.apig.domains == {there: before}
    assert set(cloud.actions()) == {"ListDomains"}


def test_only_the_star_itself_is_meant(cloud: Fake) -> None:
    others = [cloud.apig.make_domain(f"*.{name}.example.com", "HTTP") for name in "abcde"]
    others.append(cloud.apig.make_domain("*", "HTTP", domainScope="Serverless"))
    there = cloud.apig.make_domain("*", "HTTP", domainScope="Dedicated")
    assert ANY.create(ASKED).id == there
    assert len(cloud.bodies("ListDomains")) == 4, "all pages are looked through"
    assert set(cloud.apig.domains) == {*others, there}


def test_an_interrupted_create_is_adopted(cloud: Fake) -> None:
    cloud.play("CreateDomain", Fault(403, "NoPermission", effect=True))
    with pytest.raises(ApiError, match="NoPermission"):
        ANY.create(ASKED)
    (made,) = cloud.apig.domains
    assert ANY.create(ASKED).id == made
    assert len(cloud.bodies("CreateDomain")) == 1


def test_a_create_whose_answer_is_lost_makes_one(cloud: Fake) -> None:
    cloud.play("CreateDomain", Fault(500, effect=True), Fault(drop=True, effect=True))
    created = ANY.create(ASKED)
    assert list(cloud.apig.domains) == [created.id]
    assert len({body["clientToken"] for body in cloud.bodies("CreateDomain")}) == 1, "to the service, one call"


def test_a_create_whose_answers_are_all_lost_is_adopted_at_once(cloud: Fake) -> None:
    cloud.play("CreateDomain", *[Fault(500, effect=True)] * 6)
    assert list(cloud.apig.domains) == [] != [ANY.create(ASKED).id] == list(cloud.apig.domains)


def test_two_gateways_of_one_up_end_with_the_same_one(cloud: Fake, clock: Clock) -> None:
    """Both have looked before either has made it, and the list is late."""
    there = cloud.apig.make_domain("*", "HTTP")
    cloud.apig.late_domains = 3
    assert ANY.create(ASKED).id == there
    assert list(cloud.apig.domains) == [there]
    assert clock.pauses == [1, 2]
    cloud.complaints.clear()


def test_one_that_is_said_to_be_there_and_never_listed_ends_with_what_was_said(cloud: Fake, clock: Clock) -> None:
    cloud.apig.make_domain("*", "HTTP")
    cloud.apig.late_domains = 1000
    with pytest.raises(ApiError, match=r"CreateDomain failed: Conflict\.DomainExisted"):
        ANY.create(ASKED)
    assert sum(clock.pauses) == 60
    cloud.complaints.clear()


def test_a_call_that_is_refused_is_told_as_it_is(cloud: Fake) -> None:
    cloud.play("CreateDomain", Fault(403, "NoPermission"))
    with pytest.raises(ApiError, match="CreateDomain failed: NoPermission"):
        ANY.create(ASKED)
    assert cloud.apig.domains == {}
    assert cloud.actions() == ["ListDomains", "CreateDomain"]


def test_one_that_answers_tls_alone_is_refused_with_the_way_out(cloud: Fake) -> None:
    there = cloud.apig.make_domain("*", "HTTPS")
    with pytest.raises(GapError) as caught:
        ANY.create(ASKED)
    assert caught.value.what == f"the domain * of this account in {REGION} ({there}) answers HTTPS only"
    assert "give the gateway a domain of its own" in str(caught.value)
    assert cloud.apig.domains[there]["protocol"] == "HTTPS"


def test_another_protocol_set_by_hand_is_a_difference_and_is_refused_while_it_lasts(cloud: Fake) -> None:
    created = ANY.create(ASKED)
    id_ = str(created.id)
    cloud.apig.domains[id_]["protocol"] = "HTTPS"
    read = ANY.read(id_, state_of(created))
    assert read.id == id_
    assert read.outs == {"region": REGION, "protocol": "HTTPS", "domain_id": id_}
    plan = ANY.diff(id_, state_of(read), ASKED)
    assert (plan.changes, plan.replaces) == (True, [])
    with pytest.raises(GapError, match="answers HTTPS only"):
        ANY.update(id_, state_of(read), ASKED)
    assert cloud.apig.domains[id_]["protocol"] == "HTTPS", "it may be others who want it so"
    cloud.apig.domains[id_]["protocol"] = "HTTP"
    assert ANY.update(id_, state_of(read), ASKED).outs == created.outs
    again = ANY.read(id_, state_of(read))
    assert ANY.diff(id_, state_of(again), ASKED).changes is False, "a refresh sees it mended too"


@pytest.mark.parametrize("protocol", ["HTTP", "", None])
def test_what_is_not_shown_has_not_changed(cloud: Fake, protocol: str | None) -> None:
    created = ANY.create(ASKED)
    cloud.apig.domains[str(created.id)]["protocol"] = protocol
    read = ANY.read(str(created.id), state_of(created))
    assert ANY.diff(str(created.id), state_of(read), ASKED).changes is False
    assert ANY.create(ASKED).id == created.id


def test_one_that_is_gone_is_made_again_and_a_strange_404_drops_nothing(cloud: Fake) -> None:
    created = ANY.create(ASKED)
    id_, state = str(created.id), state_of(created)
    for stray in (Fault(404, "NotFound"), Fault(404, "NotFound.GatewayNotFound")):
        cloud.play("GetDomain", stray)
        with pytest.raises(ApiError):
            ANY.read(id_, state)
    assert ANY.read(id_, state).id == id_
    cloud.apig.domains.clear()
    assert ANY.read(id_, state).id is None
    assert list(cloud.apig.domains) == [] != [ANY.create(ASKED).id] == list(cloud.apig.domains)


def test_leaving_the_stack_it_stays_for_the_others(cloud: Fake) -> None:
    created = ANY.create(ASKED)
    before = len(cloud.calls)
    ANY.delete(str(created.id), state_of(created))
    assert list(cloud.apig.domains) == [created.id]
    assert len(cloud.calls) == before
    assert AnyHostDomainProvider.delete is ResourceProvider.delete, "the base does nothing"


def test_another_region_has_another_one() -> None:
    assert ANY.diff("d", ASKED, ASKED).changes is False
    assert ANY.diff("d", ASKED, {**ASKED, "region": "cn-beijing"}).replaces == ["region"]
    assert ANY.check({}, ASKED).failures == ANY.check({}, wire(region=UNKNOWN)).failures == []
