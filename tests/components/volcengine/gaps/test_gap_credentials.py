"""Whose credentials sign: those of the environment, as the provider's plugin picks them, and nobody else's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_volcengine as volcengine
import pytest

from components.errors import UserError
from components.volcengine.gaps.client import VEFAAS
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError
from components.volcengine.gaps.image_ready import ImageReady
from qiao.plan.recorder import record
from qiao.plan.standins import Asked, StandIns
from tests.fakes.volcengine.server import Fake
from tests.fakes.volcengine.wire import REGION, Clock

ROLE = "trn:iam::2100000001:role/deployer"


def look(cloud: Fake) -> str:
    """Make a call, and return the access key that signed it."""
    connect(REGION).call(VEFAAS, "GetFunction", {"Id": cloud.vefaas.make_function()}, idempotent=True)
    return cloud.calls[-1].key


def take_role(cloud: Fake, env: pytest.MonkeyPatch) -> None:
    """Ask for a role by the key pair."""
    env.setenv("VOLCENGINE_ASSUME_ROLE_TRN", ROLE)
    env.setenv("VOLCENGINE_ASSUME_ROLE_SESSION_NAME", "qiao")
    cloud.sts.roles[ROLE] = ""


def take_role_by_token(cloud: Fake, env: pytest.MonkeyPatch) -> None:
    """Ask for a role by an OIDC token, as a pipeline without keys does."""
    env.setenv("VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN", ROLE)
    env.setenv("VOLCENGINE_ASSUME_ROLE_WITH_OIDC_SESSION_NAME", "pipeline")
    env.setenv("VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TOKEN", "an-oidc-token")
    cloud.sts.roles[ROLE] = "an-oidc-token"


@pytest.mark.parametrize("token", ["", "of-a-session"])
def test_a_role_is_taken_on_by_the_key_pair(new_cloud: Callable[..., Fake], bare: Any, token: str) -> None:
    cloud = new_cloud(token=token)
    take_role(cloud, bare)
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    asked = cloud.bodies("AssumeRole")
    assert asked == [{"RoleTrn": ROLE, "RoleSessionName": "qiao", "DurationSeconds": "3600"}]


def test_a_role_is_kept_until_shortly_before_its_end(cloud: Fake, bare: Any, clock: Clock) -> None:
    take_role(cloud, bare)
    bare.setenv("VOLCENGINE_ASSUME_ROLE_DURATION_SECONDS", "1800")
    first = look(cloud)
    clock.time += 1499
    assert look(cloud) == first
    clock.time += 2
    assert look(cloud) == cloud.sts.issued[1] != first
    assert cloud.bodies("AssumeRole")[0]["DurationSeconds"] == "1800"


def test_a_role_is_taken_on_by_an_oidc_token_without_keys(cloud: Fake, bare: Any) -> None:
    for name in ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY"):
        bare.delenv(name)
    take_role_by_token(cloud, bare)
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    assert cloud.actions() == ["AssumeRoleWithOIDC", "GetFunction"]
    assert cloud.bodies("AssumeRoleWithOIDC")[0]["RoleSessionName"] == "pipeline"


def test_a_token_that_is_refused_is_not_shown(cloud: Fake, bare: Any) -> None:
    bare.delenv("VOLCENGINE_ACCESS_KEY")
    take_role_by_token(cloud, bare)
    bare.setenv("VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TOKEN", "a-stale-token")
    with pytest.raises(ApiError, match=r"AssumeRoleWithOIDC failed: AccessDenied") as caught:
        look(cloud)
    assert "a-stale-token" not in str(caught.value)
    cloud.complaints.clear()


def test_beside_an_access_key_the_token_is_ignored_as_the_plugin_does(cloud: Fake, bare: Any) -> None:
    take_role_by_token(cloud, bare)
    assert look(cloud) in cloud.keys
    assert cloud.actions() == ["GetFunction"]


def test_half_a_role_is_no_role(cloud: Fake, bare: Any) -> None:
    bare.setenv("VOLCENGINE_ASSUME_ROLE_TRN", ROLE)
    look(cloud)
    assert cloud.actions() == ["GetFunction"]


class Part(pulumi.ComponentResource):
    """A component as a cloud's components are: the provider reaches it by its options."""

    def __init__(self, **options: Any) -> None:
        super().__init__("test:Part", "part", None, pulumi.ResourceOptions(**options))
        ImageReady("part-image", function_id="f1", source="host/n/i:1", region=REGION,
                   opts=pulumi.ResourceOptions(parent=self))  # fmt: skip


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ({"access_key": "AKother"}, "access_key"),
        ({"secret_key": "SKother"}, "secret_key"),
        ({"session_token": "other-token"}, "session_token"),
        ({"access_key": pulumi.Output.secret("AKother")}, "access_key"),
    ],
)
def test_a_provider_that_acts_as_somebody_else_is_refused(
    bare: pytest.MonkeyPatch, own: dict[str, Any], name: str
) -> None:
    bare.setenv("VOLCENGINE_ACCESS_KEY", "AKmine")
    bare.setenv("VOLCENGINE_SECRET_KEY", "SKmine")

    def program() -> None:
        Part(provider=volcengine.Provider("there", region=REGION, **own))

    with pytest.raises(UserError) as caught:
        record(program)
    assert caught.value.where == "ImageReady part-image"
    assert f"its provider is given {name}," in caught.value.what
    assert caught.value.instead == f"leave {name} out of the provider and set VOLCENGINE_{name.upper()}"
    for secret in ("AKother", "SKother", "other-token", "AKmine", "SKmine"):
        assert secret not in str(caught.value)


class Spy(StandIns):
    """Stand-ins that write down what the engine is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str] = []

    def resource(self, asked: Asked) -> Any:
        """Write it down, and answer as ever; a provider takes its time: what does not wait for it goes ahead."""
        self.types.append(asked.type)
        if asked.type == "pulumi:providers:volcengine":
            time.sleep(0.3)
        return super().resource(asked)


def test_a_refused_gap_is_never_asked_for(bare: pytest.MonkeyPatch) -> None:
    def program() -> None:
        # Without a parent, which would wait for the provider itself.
        own = pulumi.ResourceOptions(providers=[volcengine.Provider("own", region=REGION, access_key="AK")])
        ImageReady("image", function_id="f", source="s", region=REGION, opts=own)

    spy = Spy()
    with pytest.raises(UserError):
        record(program, standins=spy)
    assert "pulumi:providers:volcengine" in spy.types
    assert "pulumi-python:dynamic/volcengine:ImageReady" not in spy.types


def test_keys_given_where_the_environment_has_none_are_refused(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="is given access_key"):
        record(lambda: Part(provider=volcengine.Provider("there", region=REGION, access_key="AK", secret_key="SK")))


@pytest.mark.parametrize("preview", [False, True])
def test_the_environments_own_keys_pass_and_leave_no_edge_and_no_secret(
    bare: pytest.MonkeyPatch, preview: bool
) -> None:
    bare.setenv("VOLCENGINE_ACCESS_KEY", "AKmine")
    bare.setenv("VOLCENGINE_SECRET_KEY", "SKmine")

    def program() -> None:
        # The provider's SDK copies both variables into the provider's inputs by itself.
        Part(provider=volcengine.Provider("there", region=REGION))

    gap = record(program, preview=preview).get("pulumi-python:dynamic/volcengine:ImageReady")
    assert gap.depends_on == ()
    given = {key: value for key, value in gap.inputs.items() if key != "__provider"}
    assert given == {"function_id": "f1", "source": "host/n/i:1", "region": REGION, "timeout_seconds": 900}
    assert isinstance(gap.inputs["__provider"], str), "no secret, so no passphrase is asked for"


@pytest.mark.parametrize(
    ("word", "named", "variable"),
    [
        ("accessKey", "access_key", "VOLCENGINE_ACCESS_KEY"),
        ("secretKey", "secret_key", "VOLCENGINE_SECRET_KEY"),
        ("sessionToken", "session_token", "VOLCENGINE_SESSION_TOKEN"),
        ("assumeRole", "volcengine:assumeRole", "VOLCENGINE_ASSUME_ROLE_TRN"),
        ("assumeRoleWithOidc", "volcengine:assumeRoleWithOidc", "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN"),
    ],
)
def test_the_default_provider_may_not_be_configured_otherwise(
    bare: pytest.MonkeyPatch, word: str, named: str, variable: str
) -> None:
    with pytest.raises(UserError) as caught:
        record(Part, config={f"volcengine:{word}": "configured"})
    assert f"is given {named}," in caught.value.what
    assert variable in caught.value.instead
    assert "configured" not in str(caught.value)


def test_the_default_provider_without_configuration_passes(bare: pytest.MonkeyPatch) -> None:
    assert record(Part).get("pulumi-python:dynamic/volcengine:ImageReady").inputs["function_id"] == "f1"


@pytest.mark.parametrize("shape", ["provider", "providers list", "providers map"])
def test_the_provider_is_found_in_the_gaps_own_options_too(bare: pytest.MonkeyPatch, shape: str) -> None:
    def program() -> None:
        own: Any = volcengine.Provider("own", region=REGION, access_key="AKown")
        given = {"provider": own, "providers list": [own], "providers map": {"volcengine": own}}[shape]
        options = pulumi.ResourceOptions(**{shape.partition(" ")[0]: given})
        ImageReady("image", function_id="f", source="s", region=REGION, opts=options)

    with pytest.raises(UserError, match="is given access_key"):
        record(program)
