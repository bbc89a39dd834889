"""Whose credentials sign: those of the environment, as the provider's plugin picks them, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
import tencentcloud_iac_pulumi as tencentcloud

from components.errors import UserError
from components.tencentcloud import facts
from components.tencentcloud.gaps.client import SCF
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.credentials import STRANGE, environment, role
from components.tencentcloud.gaps.errors import ApiError
from components.tencentcloud.gaps.function_ready import FunctionReady
from qiao.plan.recorder import record
from tests.fakes.tencentcloud.server import Fake
from tests.fakes.tencentcloud.wire import REGION, Clock

ROLE = "qcs::cam::uin/100000000001:roleName/deployer"
GAP = "pulumi-python:dynamic/tencentcloud:FunctionReady"


def look(cloud: Fake) -> str:
    """Make a call, and return the key that signed it."""
    asked = {"FunctionName": cloud.scf.make_function(), "Namespace": "default", "ShowCode": "FALSE"}
    connect(REGION).call(SCF, "GetFunction", asked, idempotent=True)
    return cloud.calls[-1].key


def take_role(cloud: Fake, env: pytest.MonkeyPatch) -> None:
    """Ask for a role by the key pair."""
    env.setenv("TENCENTCLOUD_ASSUME_ROLE_ARN", ROLE)
    env.setenv("TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME", "nightly")
    cloud.sts.roles[ROLE] = "", ""


def take_role_by_token(cloud: Fake, env: pytest.MonkeyPatch, provider: str = "OIDC") -> None:
    """Ask for a role by an OIDC token, as a pipeline without keys does."""
    take_role(cloud, env)
    env.setenv("TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN", "an-oidc-token")
    cloud.sts.roles[ROLE] = provider, "an-oidc-token"


def without_keys(env: pytest.MonkeyPatch) -> None:
    """Take the key pair out of the environment."""
    for name in ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"):
        env.delenv(name)


def test_the_key_pair_is_read_without_what_stands_around_it(bare: pytest.MonkeyPatch) -> None:
    for name, value in (("SECRET_ID", " AKIDmine "), ("SECRET_KEY", "SKmine\n"), ("SECURITY_TOKEN", "token")):
        bare.setenv(f"TENCENTCLOUD_{name}", value)
    found = environment()
    assert (found.access_key, found.secret_key, found.session_token) == ("AKIDmine", "SKmine", "token")
    assert "SKmine" not in repr(found)


@pytest.mark.parametrize("name", STRANGE)
def test_whom_the_plugin_would_act_as_and_the_gaps_cannot_is_refused(
    cloud: Fake, bare: pytest.MonkeyPatch, name: str
) -> None:
    bare.setenv(name, "somebody")
    with pytest.raises(UserError) as caught:
        connect(REGION)
    assert caught.value.where == name
    assert caught.value.instead.startswith("unset it, and set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY")
    assert cloud.calls == []


@pytest.mark.parametrize("token", ["", "of-a-session"])
def test_a_role_is_taken_on_by_the_key_pair(new_cloud: Callable[..., Fake], bare: Any, token: str) -> None:
    cloud = new_cloud(token=token)
    take_role(cloud, bare)
    bare.setenv("TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID", "partner")
    pair = environment().access_key
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    assert cloud.bodies("AssumeRole") == [
        {"RoleArn": ROLE, "RoleSessionName": "nightly", "DurationSeconds": 7200, "ExternalId": "partner"}
    ]
    assert cloud.calls[0].key == pair


def test_a_role_is_kept_until_shortly_before_its_end(cloud: Fake, bare: Any, clock: Clock) -> None:
    take_role(cloud, bare)
    bare.setenv("TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION", "1800")
    first = look(cloud)
    clock.time += 1499
    assert look(cloud) == first
    clock.time += 2
    assert look(cloud) == cloud.sts.issued[1] != first
    assert cloud.bodies("AssumeRole")[0]["DurationSeconds"] == 1800


def test_a_duration_that_is_no_number_is_one_clear_error(cloud: Fake, bare: Any) -> None:
    take_role(cloud, bare)
    bare.setenv("TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION", "two hours")
    with pytest.raises(UserError, match="TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION: 'two hours' is no number"):
        look(cloud)


@pytest.mark.parametrize("provider", ["", "github"])
def test_a_role_is_taken_on_by_an_oidc_token_without_keys(cloud: Fake, bare: Any, provider: str) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare, provider or "OIDC")
    if provider:
        bare.setenv("TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID", provider)
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    assert cloud.actions() == ["AssumeRoleWithWebIdentity", "GetFunction"]
    assert cloud.bodies("AssumeRoleWithWebIdentity") == [
        {"RoleArn": ROLE, "RoleSessionName": "nightly", "DurationSeconds": 7200, "ProviderId": provider or "OIDC",
         "WebIdentityToken": "an-oidc-token"}
    ]  # fmt: skip
    assert cloud.calls[0].key == "", "the token is the proof"


def test_beside_a_key_pair_the_token_counts_as_with_the_plugin(cloud: Fake, bare: Any) -> None:
    take_role_by_token(cloud, bare)
    assert look(cloud) == cloud.sts.issued[0]
    assert cloud.actions() == ["AssumeRoleWithWebIdentity", "GetFunction"]


def test_a_token_that_is_refused_is_not_shown(cloud: Fake, bare: Any) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare)
    bare.setenv("TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN", "a-stale-token")
    with pytest.raises(ApiError, match=r"AssumeRoleWithWebIdentity failed: Unauthorized.*proof: \*\*\*") as caught:
        look(cloud)
    assert "a-stale-token" not in str(caught.value) + repr(role())
    cloud.complaints.clear()


def test_an_answer_without_credentials_is_an_error_that_says_so(cloud: Fake, bare: Any) -> None:
    take_role(cloud, bare)
    cloud.sts.answer = {"Credentials": {"TmpSecretId": "AKID"}}
    with pytest.raises(ApiError, match=r"AssumeRole failed: UnreadableAnswer \(HTTP 200\): no credentials"):
        look(cloud)


@pytest.mark.parametrize("absent", ["TENCENTCLOUD_ASSUME_ROLE_ARN", "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"])
def test_half_a_role_is_no_role(cloud: Fake, bare: Any, absent: str) -> None:
    take_role(cloud, bare)
    bare.delenv(absent)
    assert look(cloud) in cloud.keys
    assert cloud.actions() == ["GetFunction"]


def test_the_stacks_own_provider_holds_nothing_of_the_environment(cloud: Fake, bare: Any) -> None:
    take_role_by_token(cloud, bare)
    inputs = dict(record(lambda: facts.provider("own", REGION)).get("pulumi:providers:tencentcloud").inputs)
    assert inputs == {"region": REGION}, "the plugin takes key pair and role from the environment by itself"


class Part(pulumi.ComponentResource):
    """A component as a cloud's components are: the provider reaches it by its options."""

    def __init__(self, **options: Any) -> None:
        super().__init__("test:Part", "part", None, pulumi.ResourceOptions(**options))
        FunctionReady("part-ready", function_name="web", namespace="default", revision_key="k", region=REGION,
                      opts=pulumi.ResourceOptions(parent=self))  # fmt: skip


def mine(env: pytest.MonkeyPatch) -> None:
    """Credentials in the environment."""
    env.setenv("TENCENTCLOUD_SECRET_ID", "AKIDmine")
    env.setenv("TENCENTCLOUD_SECRET_KEY", "SKmine")


@pytest.mark.parametrize(
    ("own", "name", "variable"),
    [
        ({"secret_id": "AKIDother"}, "secret_id", "TENCENTCLOUD_SECRET_ID"),
        ({"secret_key": "SKother"}, "secret_key", "TENCENTCLOUD_SECRET_KEY"),
        ({"security_token": "other-token"}, "security_token", "TENCENTCLOUD_SECURITY_TOKEN"),
        ({"cam_role_name": "of-the-server"}, "cam_role_name", "TENCENTCLOUD_CAM_ROLE_NAME"),
    ],
)
def test_a_provider_that_acts_as_somebody_else_is_refused(
    bare: pytest.MonkeyPatch, own: dict[str, Any], name: str, variable: str
) -> None:
    mine(bare)
    with pytest.raises(UserError) as caught:
        record(lambda: Part(provider=tencentcloud.Provider("there", region=REGION, **own)))
    assert caught.value.where == "FunctionReady part-ready"
    assert f"its provider is given {name}," in caught.value.what
    assert caught.value.instead == f"leave {name} out of the provider and set {variable}"
    for secret in ("AKIDother", "SKother", "other-token", "AKIDmine", "SKmine"):
        assert secret not in str(caught.value)


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("made", [facts.provider, lambda name, region: tencentcloud.Provider(name, region=region)])
def test_the_environments_own_keys_pass_and_leave_no_edge_and_no_secret(
    bare: pytest.MonkeyPatch, preview: bool, made: Callable[[str, str], pulumi.ProviderResource]
) -> None:
    mine(bare)
    recording = record(lambda: Part(provider=made("there", REGION)), preview=preview)
    gap = recording.get(GAP)
    assert gap.depends_on == ()
    given = {key: value for key, value in gap.inputs.items() if key != "__provider"}
    assert given == {
        "function_name": "web", "namespace": "default", "revision_key": "k", "region": REGION, "timeout_seconds": 900,
    }  # fmt: skip
    assert isinstance(gap.inputs["__provider"], str), "no secret, so no passphrase is asked for"


@pytest.mark.parametrize(
    ("word", "named", "variable"),
    [
        ("secretId", "secret_id", "TENCENTCLOUD_SECRET_ID"),
        ("secretKey", "secret_key", "TENCENTCLOUD_SECRET_KEY"),
        ("securityToken", "security_token", "TENCENTCLOUD_SECURITY_TOKEN"),
        ("camRoleName", "cam_role_name", "TENCENTCLOUD_CAM_ROLE_NAME"),
        ("assumeRole", "tencentcloud:assumeRole", "TENCENTCLOUD_ASSUME_ROLE_ARN"),
        ("assumeRoleWithWebIdentity", "tencentcloud:assumeRoleWithWebIdentity", "ASSUME_ROLE_WEB_IDENTITY_TOKEN"),
        ("assumeRoleWithSaml", "tencentcloud:assumeRoleWithSaml", "TENCENTCLOUD_ASSUME_ROLE_ARN"),
        ("mfaCertification", "tencentcloud:mfaCertification", "TENCENTCLOUD_SECURITY_TOKEN"),
        ("enablePodOidc", "tencentcloud:enablePodOidc", "ASSUME_ROLE_WEB_IDENTITY_TOKEN"),
    ],
)
def test_the_default_provider_may_not_be_configured_otherwise(
    bare: pytest.MonkeyPatch, word: str, named: str, variable: str
) -> None:
    with pytest.raises(UserError) as caught:
        record(Part, config={f"tencentcloud:{word}": "configured"})
    assert f"is given {named}," in caught.value.what
    assert variable in caught.value.instead
    assert "configured" not in str(caught.value)


def test_the_default_provider_without_configuration_passes(bare: pytest.MonkeyPatch) -> None:
    assert record(Part).get(GAP).inputs["function_name"] == "web"
