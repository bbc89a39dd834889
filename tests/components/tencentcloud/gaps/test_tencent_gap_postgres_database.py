"""PostgresDatabase: made once, found exactly, handed over, dropped; never somebody else's."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.postgres_database import PostgresDatabaseProvider
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, Clock, wire

DATABASE = PostgresDatabaseProvider()
INSTANCE = "postgres-6fego161"


def inputs(**more: Any) -> dict[str, Any]:
    """Inputs as the engine sends them."""
    return wire(**{"instance_id": INSTANCE, "database": "orders", "owner": "app", "region": REGION, **more})


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later: a delete sees nothing else."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


@pytest.fixture
def there(cloud: Fake) -> Fake:
    """A cloud with an instance of two users."""
    cloud.postgres.make_instance(INSTANCE, "app", "other")
    return cloud


def test_it_is_made_for_its_owner(there: Fake) -> None:
    created = DATABASE.create(inputs())
    assert created.id == f"{INSTANCE}/orders"
    assert created.outs == {"instance_id": INSTANCE, "database": "orders", "owner": "app", "region": REGION}
    made = there.postgres.instances[INSTANCE]["orders"]
    assert (made["DatabaseOwner"], made["Encoding"], made["Collate"]) == ("app", "UTF8", "en_US.utf8")
    (body,) = there.bodies("CreateDatabase")
    assert {"Collate", "Ctype"}.isdisjoint(body), "the instance's own"


def test_letters_and_their_order(there: Fake) -> None:
    created = DATABASE.create(inputs(collation="C", ctype="zh_CN.utf8"))
    made = there.postgres.instances[INSTANCE]["orders"]
    assert (made["Collate"], made["Ctype"]) == ("C", "zh_CN.utf8")
    assert DATABASE.diff(created.id, state_of(created), inputs(collation="C", ctype="zh_CN.utf8")).changes is False


def test_it_waits_while_the_instance_is_busy_and_until_it_is_listed(there: Fake, clock: Clock) -> None:
    there.postgres.busy, there.postgres.late = 2, 2
    DATABASE.create(inputs())
    assert clock.pauses == [1, 2, 1, 2]


def test_one_that_never_shows_is_one_clear_error(there: Fake, clock: Clock) -> None:
    there.postgres.late = 1000
    with pytest.raises(GapError) as error:
        DATABASE.create(inputs())
    assert str(error.value) == (
        "database orders was made and is not listed after 120 s; run `up` again: it takes over what is there"
    )
    assert clock.time == 1120


def test_what_an_interrupted_create_left_is_taken_over(there: Fake) -> None:
    there.play("CreateDatabase", Fault(effect=True, drop=True))
    with pytest.raises(ApiError, match="CreateDatabase failed: ConnectionFailed"):
        DATABASE.create(inputs())
    assert DATABASE.create(inputs()).id == f"{INSTANCE}/orders"
    assert len(there.bodies("CreateDatabase")) == 1


@pytest.mark.parametrize(
    ("more", "shown"), [({"owner": "other"}, "DatabaseOwner app"), ({"collation": "C"}, "Collate en_US.utf8")]
)
def test_somebody_elses_is_never_taken_over(there: Fake, more: dict[str, Any], shown: str) -> None:
    DATABASE.create(inputs())
    with pytest.raises(GapError) as error:
        DATABASE.create(inputs(**more))
    assert str(error.value) == (
        f"there is a database orders already, and it is another one ({shown}); choose another name, or drop that one"
    )


def test_a_name_that_stands_in_many_others_is_found(there: Fake) -> None:
    """The service's filter takes every name that has this one in it, a hundred at a time."""
    names = [f"a_orders_{number:03}" for number in range(150)]
    for name in names:
        DATABASE.create(inputs(database=name))
    assert DATABASE.read("x", inputs()).id is None
    DATABASE.create(inputs())
    read = DATABASE.read(f"{INSTANCE}/orders", inputs())
    assert read.outs == {"instance_id": INSTANCE, "database": "orders", "owner": "app", "region": REGION}
    assert {body["Offset"] for body in there.bodies("DescribeDatabases")} == {0, 100}


def test_an_unknown_owner_is_the_services_own_error(there: Fake) -> None:
    with pytest.raises(ApiError, match=r"CreateDatabase failed: InvalidParameterValue\.AccountNotExist"):
        DATABASE.create(inputs(owner="nobody"))
    assert there.complaints.pop().startswith("CreateDatabase: 200 InvalidParameterValue.AccountNotExist")


def test_another_owner_is_an_update_in_place(there: Fake) -> None:
    created = DATABASE.create(inputs())
    news = inputs(owner="other")
    change = DATABASE.diff(created.id, state_of(created), news)
    assert (change.changes, change.replaces) == (True, [])
    there.postgres.busy = 1
    assert DATABASE.update(created.id, state_of(created), news).outs == {**created.outs, "owner": "other"}  # type: ignore[dict-item]
    assert there.postgres.instances[INSTANCE]["orders"]["DatabaseOwner"] == "other"


@pytest.mark.parametrize(
    "more",
    [{"database": "carts"}, {"instance_id": "postgres-2"}, {"region": "ap-x"}, {"collation": "C"}, {"ctype": "C"}],
)
def test_another_database_is_another_one(there: Fake, more: dict[str, Any]) -> None:
    created = DATABASE.create(inputs())
    assert DATABASE.diff(created.id, state_of(created), inputs(**more)).replaces == list(more)


def test_an_owner_changed_by_hand_is_a_difference(there: Fake) -> None:
    created = DATABASE.create(inputs())
    there.postgres.instances[INSTANCE]["orders"]["DatabaseOwner"] = "other"
    read = DATABASE.read(created.id, state_of(created))
    assert read.inputs == read.outs
    assert DATABASE.diff(created.id, state_of(read), inputs()).changes is True


def test_what_is_gone_is_made_again(there: Fake) -> None:
    created = DATABASE.create(inputs())
    del there.postgres.instances[INSTANCE]["orders"]
    assert DATABASE.read(created.id, state_of(created)).id is None
    del there.postgres.instances[INSTANCE]
    assert DATABASE.read(created.id, state_of(created)).id is None


def test_a_refresh_without_rights_forgets_nothing(there: Fake) -> None:
    created = DATABASE.create(inputs())
    there.play("DescribeDatabases", Fault(code="UnauthorizedOperation"))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        DATABASE.read(created.id, state_of(created))


def test_it_is_dropped_once_and_no_other(there: Fake) -> None:
    created = DATABASE.create(inputs())
    DATABASE.create(inputs(database="orders_old"))
    there.postgres.busy = 1
    DATABASE.delete(created.id, state_of(created))
    assert "orders" not in there.postgres.instances[INSTANCE]
    assert "orders_old" in there.postgres.instances[INSTANCE]
    DATABASE.delete(created.id, state_of(created))
    del there.postgres.instances[INSTANCE]
    DATABASE.delete(created.id, state_of(created))
    assert len(there.bodies("DeleteDatabase")) == 2, "the one that was turned away, and the one that was not"


def test_a_lost_answer_to_a_drop_is_no_error(there: Fake) -> None:
    created = DATABASE.create(inputs())
    there.play("DeleteDatabase", Fault(effect=True, drop=True))
    DATABASE.delete(created.id, state_of(created))
    assert "orders" not in there.postgres.instances[INSTANCE]


def test_a_drop_that_is_refused_is_an_error(there: Fake) -> None:
    created = DATABASE.create(inputs())
    there.play("DeleteDatabase", Fault(code="FailedOperation.DatabaseAccessError"))
    with pytest.raises(ApiError, match=r"DeleteDatabase failed: FailedOperation\.DatabaseAccessError"):
        DATABASE.delete(created.id, state_of(created))
