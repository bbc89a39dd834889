"""FunctionExtras, GatewayLogs and PostgresBackup: settings that the provider cannot make, and nothing else touched."""

from __future__ import annotations

import copy
import traceback
from typing import Any

import pytest

from components.volcengine.gaps.errors import ApiError, GapError
from components.volcengine.gaps.function_extras import FunctionExtrasProvider
from components.volcengine.gaps.gateway_logs import GatewayLogsProvider
from components.volcengine.gaps.postgres_backup import PostgresBackupProvider
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.wire import REGION, UNKNOWN, Clock, wire


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later: a delete sees nothing else."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def extras(function_id: str, enabled: Any = True, retries: Any = 2) -> dict[str, Any]:
    """Inputs of FunctionExtras."""
    return wire(function_id=function_id, async_enabled=enabled, max_retries=retries, region=REGION)


def test_asynchronous_calls_come_on_and_all_else_of_the_function_stays(cloud: Fake) -> None:
    made = cloud.vefaas.make_function(AsyncTaskConfig={"EnableAsyncTask": False, "MaxRetry": 0})
    before = copy.deepcopy(cloud.vefaas.functions[made])
    created = FunctionExtrasProvider().create(extras(made))
    assert created.id == made
    assert created.outs == {"region": REGION, "function_id": made, "async_enabled": True, "max_retries": 2}
    after = cloud.vefaas.functions[made]
    assert after.pop("AsyncTaskConfig") == {"EnableAsyncTask": True, "MaxRetry": 2}
    assert after == {key: value for key, value in before.items() if key != "AsyncTaskConfig"}


def test_where_results_are_sent_is_kept(cloud: Fake) -> None:
    target = {"OnFailure": {"Destination": "a-topic"}}
    made = cloud.vefaas.make_function(
        AsyncTaskConfig={"EnableAsyncTask": True, "MaxRetry": 1, "DestinationConfig": target}
    )
    state = state_of(FunctionExtrasProvider().create(extras(made, retries=3)))
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"] == {
        "EnableAsyncTask": True, "MaxRetry": 3, "DestinationConfig": target,
    }  # fmt: skip
    FunctionExtrasProvider().delete(made, state)
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"] == {
        "EnableAsyncTask": False, "MaxRetry": 0, "DestinationConfig": target,
    }  # fmt: skip


def test_an_environment_variable_of_the_function_never_gets_into_state(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    state = state_of(FunctionExtrasProvider().create(extras(made)))
    read = FunctionExtrasProvider().read(made, state)
    assert "clear-text-of-an-env" not in str(state) + str(read.outs) + str(read.inputs)


def test_asynchronous_calls_change_in_place(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    state = state_of(FunctionExtrasProvider().create(extras(made)))
    news = extras(made, retries=0)
    plan = FunctionExtrasProvider().diff(made, state, news)
    assert (plan.changes, plan.replaces) == (True, [])
    assert FunctionExtrasProvider().diff(made, state, extras(made)).changes is False
    assert FunctionExtrasProvider().diff(made, state, extras("other")).replaces == ["function_id"]
    state = state_of(FunctionExtrasProvider().update(made, state, news))
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"]["MaxRetry"] == state["max_retries"] == 0


def test_a_change_by_hand_is_a_difference_after_a_refresh(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    state = state_of(FunctionExtrasProvider().create(extras(made)))
    same = FunctionExtrasProvider().read(made, state)
    assert FunctionExtrasProvider().diff(made, state_of(same), extras(made)).changes is False
    cloud.vefaas.functions[made]["AsyncTaskConfig"] = {"EnableAsyncTask": False}
    read = FunctionExtrasProvider().read(made, state)
    assert read.inputs == read.outs
    assert (state_of(read)["async_enabled"], state_of(read)["max_retries"]) == (False, 0)
    assert FunctionExtrasProvider().diff(made, state_of(read), extras(made)).changes is True


def test_asynchronous_calls_end_with_their_function(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    state = state_of(FunctionExtrasProvider().create(extras(made)))
    del cloud.vefaas.functions[made]
    FunctionExtrasProvider().delete(made, state)
    assert FunctionExtrasProvider().read(made, state).id is None
    with pytest.raises(ApiError, match="FunctionNotFound"):
        FunctionExtrasProvider().create(extras(made))


def test_an_interrupted_create_is_made_again(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.play("UpdateFunction", *[Fault(500, effect=True)] * 6)
    with pytest.raises(ApiError, match="UpdateFunction failed: InternalError"):
        FunctionExtrasProvider().create(extras(made))
    assert FunctionExtrasProvider().create(extras(made)).id == made
    assert cloud.vefaas.functions[made]["AsyncTaskConfig"] == {"EnableAsyncTask": True, "MaxRetry": 2}


def test_a_known_error_comes_without_the_way_it_took(cloud: Fake) -> None:
    with pytest.raises(ApiError) as caught:
        FunctionExtrasProvider().create(extras("nowhere"))
    files = [frame.filename.rsplit("/", 1)[-1] for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert files == ["test_gap_settings.py", "base.py"], "the engine prints every line of it"
    with pytest.raises(KeyError) as unknown:
        FunctionExtrasProvider().create(wire(region=REGION))
    assert "function_extras.py" in str(traceback.extract_tb(unknown.value.__traceback__))


@pytest.mark.parametrize(
    ("provider", "news", "key"),
    [
        (FunctionExtrasProvider(), extras("f", retries=4), "max_retries"),
        (FunctionExtrasProvider(), extras("f", retries=-1), "max_retries"),
        (PostgresBackupProvider(), wire(instance_id="i", retention_days=6, region=REGION), "retention_days"),
        (PostgresBackupProvider(), wire(instance_id="i", retention_days=366, region=REGION), "retention_days"),
    ],
)
def test_values_out_of_range_are_refused_in_the_preview(provider: Any, news: dict[str, Any], key: str) -> None:
    (failure,) = provider.check({}, news).failures
    assert failure.property == key
    assert "use " in failure.reason


@pytest.mark.parametrize(
    ("provider", "news"),
    [
        (FunctionExtrasProvider(), extras("f", retries=0)),
        (FunctionExtrasProvider(), extras("f", retries=3)),
        (FunctionExtrasProvider(), extras(UNKNOWN, retries=UNKNOWN)),
        (PostgresBackupProvider(), wire(instance_id="i", retention_days=7, region=REGION)),
        (PostgresBackupProvider(), wire(instance_id="i", retention_days=365, region=REGION)),
        (PostgresBackupProvider(), wire(instance_id=UNKNOWN, retention_days=UNKNOWN, region=REGION)),
    ],
)
def test_values_in_range_and_unknown_ones_pass(provider: Any, news: dict[str, Any]) -> None:
    assert provider.check({}, news).failures == []


def logs(gateway_id: str, topic: str = "t1", project: str = "p1") -> dict[str, Any]:
    """Inputs of GatewayLogs."""
    return wire(gateway_id=gateway_id, project_id=project, topic_id=topic, region=REGION)


def test_the_access_log_comes_on_and_the_gateway_runs_again(cloud: Fake, clock: Clock) -> None:
    made = cloud.apig.make_gateway()
    created = GatewayLogsProvider().create(logs(made))
    assert created.id == made
    assert created.outs == {"region": REGION, "gateway_id": made, "project_id": "p1", "topic_id": "t1"}
    spec = {"Enable": True, "ProjectId": "p1", "TopicId": "t1"}
    assert cloud.bodies("UpdateGatewayLog") == [{"Id": made, "LogSpec": spec}]
    gateway = cloud.apig.gateways[made]
    assert (gateway["Status"], gateway["LogSpec"]) == ("Running", spec)
    assert clock.pauses == [1, 2, 3], "it is not done before the restarted gateway shows its log"


def test_a_gateway_that_is_being_changed_is_waited_for(cloud: Fake) -> None:
    made = cloud.apig.make_gateway(status="Updating")
    cloud.apig.restarting[made] = 4
    cloud.play("UpdateGatewayLog", Fault(409, "OperationConflict"), Fault(409, "OperationConflict"))
    GatewayLogsProvider().create(logs(made))
    assert cloud.apig.gateways[made]["LogSpec"]["TopicId"] == "t1"


def test_a_gateway_that_fails_or_never_runs_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    broken, stuck = cloud.apig.make_gateway(status="CreationFailed"), cloud.apig.make_gateway(status="Creating")
    with pytest.raises(GapError, match=f"gateway {broken} is CreationFailed"):
        GatewayLogsProvider().create(logs(broken))
    assert clock.pauses == []
    with pytest.raises(GapError, match=f"gateway {stuck} is not Running as asked after 600 s; last seen: Creating"):
        GatewayLogsProvider().create(logs(stuck))
    assert cloud.bodies("UpdateGatewayLog") == []


def test_an_interrupted_create_of_the_log_is_resumed_without_a_second_restart(cloud: Fake) -> None:
    made = cloud.apig.make_gateway()
    cloud.play("GetGateway", Fault(403, "Denied"))
    with pytest.raises(ApiError):
        GatewayLogsProvider().create(logs(made))
    GatewayLogsProvider().create(logs(made))
    GatewayLogsProvider().create(logs(made))
    assert len(cloud.bodies("UpdateGatewayLog")) == 1


def test_the_access_log_goes_elsewhere_in_place_and_off_at_the_end(cloud: Fake) -> None:
    made = cloud.apig.make_gateway()
    state = state_of(GatewayLogsProvider().create(logs(made)))
    plan = GatewayLogsProvider().diff(made, state, logs(made, "t2"))
    assert (plan.changes, plan.replaces) == (True, [])
    assert GatewayLogsProvider().diff(made, state, logs(made)).changes is False
    assert GatewayLogsProvider().diff(made, state, logs("other")).replaces == ["gateway_id"]
    state = state_of(GatewayLogsProvider().update(made, state, logs(made, "t2")))
    assert cloud.apig.gateways[made]["LogSpec"]["TopicId"] == "t2"
    GatewayLogsProvider().delete(made, state)
    assert cloud.apig.gateways[made]["LogSpec"] == {"Enable": False}


def test_a_log_that_somebody_sent_elsewhere_is_not_switched_off(cloud: Fake) -> None:
    made = cloud.apig.make_gateway()
    state = state_of(GatewayLogsProvider().create(logs(made)))
    cloud.apig.gateways[made]["LogSpec"]["TopicId"] = "of-the-security-team"
    GatewayLogsProvider().delete(made, state)
    assert cloud.apig.gateways[made]["LogSpec"]["Enable"] is True
    read = GatewayLogsProvider().read(made, state)
    assert read.inputs == read.outs
    assert GatewayLogsProvider().diff(made, state_of(read), logs(made)).changes is True


def test_a_log_switched_off_by_hand_is_a_difference_after_a_refresh(cloud: Fake) -> None:
    made = cloud.apig.make_gateway()
    state = state_of(GatewayLogsProvider().create(logs(made)))
    assert (
        GatewayLogsProvider().diff(made, state_of(GatewayLogsProvider().read(made, state)), logs(made)).changes is False
    )
    cloud.apig.gateways[made]["LogSpec"] = {"Enable": False, "ProjectId": "p1", "TopicId": "t1"}
    read = GatewayLogsProvider().read(made, state)
    assert GatewayLogsProvider().diff(made, state_of(read), logs(made)).changes is True
    assert read.id == made


def test_the_log_ends_with_its_gateway(cloud: Fake) -> None:
    made = cloud.apig.make_gateway()
    state = state_of(GatewayLogsProvider().create(logs(made)))
    del cloud.apig.gateways[made]
    GatewayLogsProvider().delete(made, state)
    assert GatewayLogsProvider().read(made, state).id is None


def backup(instance_id: str, days: int = 30) -> dict[str, Any]:
    """Inputs of PostgresBackup."""
    return wire(instance_id=instance_id, retention_days=days, region=REGION)


HOURLY = {"FullBackupPeriod": "Monday,Friday", "FullBackupTime": "18:00Z-19:00Z", "HourlyIncrBackupEnable": True,
          "IncrementBackupFrequency": 6, "WALLogSpaceLimitEnable": True}  # fmt: skip


@pytest.mark.parametrize("policy", [{}, HOURLY, {"DataIncrBackupPeriods": "Tuesday"}])
def test_backups_are_kept_longer_and_the_rest_of_the_policy_stays(cloud: Fake, policy: dict[str, Any]) -> None:
    made = cloud.postgres.make_instance(**policy)
    before = dict(cloud.postgres.policies[made])
    created = PostgresBackupProvider().create(backup(made))
    assert created.id == made
    assert created.outs == {"region": REGION, "instance_id": made, "retention_days": 30}
    assert cloud.postgres.policies[made] == {**before, "BackupRetentionPeriod": 30}


def test_a_policy_that_already_says_so_is_not_touched(cloud: Fake) -> None:
    made = cloud.postgres.make_instance(BackupRetentionPeriod=30)
    PostgresBackupProvider().create(backup(made))
    assert cloud.actions() == ["DescribeBackupPolicy"]


def test_an_instance_that_is_being_changed_is_waited_for(cloud: Fake, clock: Clock) -> None:
    made = cloud.postgres.make_instance()
    cloud.postgres.busy = 3
    PostgresBackupProvider().create(backup(made))
    assert cloud.postgres.policies[made]["BackupRetentionPeriod"] == 30
    assert clock.pauses == [1, 2, 3]
    cloud.complaints.clear()


def test_an_instance_that_stays_busy_is_an_error_in_the_end(cloud: Fake, clock: Clock) -> None:
    made = cloud.postgres.make_instance()
    cloud.postgres.busy = 10_000
    with pytest.raises(ApiError, match="OperationDenied_InstanceStatus"):
        PostgresBackupProvider().create(backup(made))
    assert clock.time == 1600
    cloud.complaints.clear()


def test_an_interrupted_change_of_the_policy_is_made_again(cloud: Fake) -> None:
    made = cloud.postgres.make_instance(**HOURLY)
    cloud.play("ModifyBackupPolicy", *[Fault(drop=True, effect=True)] * 6)
    with pytest.raises(ApiError, match="ConnectionFailed"):
        PostgresBackupProvider().create(backup(made))
    PostgresBackupProvider().create(backup(made))
    assert cloud.postgres.policies[made]["BackupRetentionPeriod"] == 30
    assert cloud.postgres.policies[made]["IncrementBackupFrequency"] == 6


def test_the_retention_changes_in_place_shows_drift_and_is_left_at_the_end(cloud: Fake) -> None:
    made = cloud.postgres.make_instance()
    state = state_of(PostgresBackupProvider().create(backup(made)))
    assert PostgresBackupProvider().diff(made, state, backup(made)).changes is False
    assert PostgresBackupProvider().diff(made, state, backup("other")).replaces == ["instance_id"]
    plan = PostgresBackupProvider().diff(made, state, backup(made, 60))
    assert (plan.changes, plan.replaces) == (True, [])
    state = state_of(PostgresBackupProvider().update(made, state, backup(made, 60)))
    cloud.postgres.policies[made]["BackupRetentionPeriod"] = 7
    read = PostgresBackupProvider().read(made, state)
    assert (read.inputs, state_of(read)["retention_days"]) == (read.outs, 7)
    cloud.postgres.policies[made]["BackupRetentionPeriod"] = 60
    PostgresBackupProvider().delete(made, state)
    assert cloud.postgres.policies[made]["BackupRetentionPeriod"] == 60, "a shorter one would throw backups away"
    del cloud.postgres.policies[made]
    assert PostgresBackupProvider().read(made, state).id is None
