"""Whose credentials sign: those of the environment, as the provider's plugin picks them, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_alicloud as alicloud
import pytest

from components.alicloud import facts
from components.alicloud.gaps.client import FC, SLS
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.credentials import environment, role
from components.alicloud.gaps.errors import ApiError
from components.alicloud.gaps.function_ready import FunctionReady
from components.errors import UserError
from qiao.plan.recorder import record
from tests.fakes.alicloud.server import Fake
from tests.fakes.alicloud.wire import REGION, Clock

ROLE = "acs:ram::1234567890123456:role/deployer"
IDENTITY = "acs:ram::1234567890123456:oidc-provider/ci"
GAP = "pulumi-python:dynamic/alicloud:FunctionReady"


def look(cloud: Fake) -> str:
    """Make a call, and return the access key that signed it."""
    connect(REGION).call(FC, "GetFunction", cloud.fc.make_function(), request={}, idempotent=True)
    return cloud.calls[-1].key


def take_role(cloud: Fake, env: pytest.MonkeyPatch) -> None:
    """Ask for a role by the key pair."""
    env.setenv("ALICLOUD_ASSUME_ROLE_ARN", ROLE)
    cloud.sts.roles[ROLE] = "", ""


def take_role_by_token(cloud: Fake, env: pytest.MonkeyPatch, file: Path | None = None) -> None:
    """Ask for a role by an OIDC token, as a pipeline without keys does."""
    env.setenv("ALIBABA_CLOUD_ROLE_ARN", ROLE)
    env.setenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", IDENTITY)
    if file:
        file.write_text("an-oidc-token\n")
        env.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", str(file))
    else:
        env.setenv("ALIBABA_CLOUD_OIDC_TOKEN", "an-oidc-token")
    cloud.sts.roles[ROLE] = IDENTITY, "an-oidc-token"


def without_keys(env: pytest.MonkeyPatch) -> None:
    """Take the key pair out of the environment."""
    for name in ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"):
        env.delenv(name)


@pytest.mark.parametrize(
    "names",
    [
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        ("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_SECRET_KEY", "ALIBABACLOUD_SECURITY_TOKEN"),
    ],
)
def test_every_name_that_the_plugin_reads_is_read(bare: pytest.MonkeyPatch, names: tuple[str, str, str]) -> None:
    for name, value in zip(names, (" AKmine ", "SKmine\n", "token"), strict=True):
        bare.setenv(name, value)
    found = environment()
    assert (found.access_key, found.secret_key, found.session_token) == ("AKmine", "SKmine", "token")
    assert "SKmine" not in repr(found)


def test_where_two_names_are_set_the_plugins_first_one_counts(bare: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID")):
        bare.setenv(name, f"AK{number}")
    bare.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "SK")
    assert environment().access_key == "AK0"
    bare.setenv("ALICLOUD_ACCESS_KEY", "")
    assert environment().access_key == "AK1"


@pytest.mark.parametrize("name", ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"])
def test_a_profile_which_the_plugin_would_act_as_is_refused(cloud: Fake, bare: pytest.MonkeyPatch, name: str) -> None:
    bare.setenv(name, "work")
    with pytest.raises(UserError) as caught:
        connect(REGION)
    assert caught.value.where == name
    assert caught.value.instead == "unset it, and set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY"
    assert cloud.calls == []


@pytest.mark.parametrize("token", ["", "of-a-session"])
def test_a_role_is_taken_on_by_the_key_pair(new_cloud: Callable[..., Fake], bare: Any, token: str) -> None:
    cloud = new_cloud(token=token)
    take_role(cloud, bare)
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    asked = {"RoleArn": ROLE, "RoleSessionName": "qiao", "DurationSeconds": "3600"}
    assert cloud.bodies("AssumeRole") == [asked]
    connect(REGION).call(SLS, "GetIndex", *cloud.sls.make_store(), idempotent=True)
    assert cloud.calls[-1].key == signed_by, "the log service's signature takes the session along too"


def test_a_role_is_kept_until_shortly_before_its_end(cloud: Fake, bare: Any, clock: Clock) -> None:
    take_role(cloud, bare)
    bare.setenv("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "1800")
    bare.setenv("ALICLOUD_ASSUME_ROLE_SESSION_NAME", "nightly")
    first = look(cloud)
    clock.time += 1499
    assert look(cloud) == first
    clock.time += 2
    assert look(cloud) == cloud.sts.issued[1] != first
    assert cloud.bodies("AssumeRole")[0] == {
        "RoleArn": ROLE, "RoleSessionName": "nightly", "DurationSeconds": "1800",
    }  # fmt: skip


@pytest.mark.parametrize("by_file", [False, True])
def test_a_role_is_taken_on_by_an_oidc_token_without_keys(
    cloud: Fake, bare: Any, tmp_path: Path, by_file: bool
) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare, tmp_path / "token" if by_file else None)
    signed_by = look(cloud)
    assert cloud.sts.issued == [signed_by]
    assert cloud.actions() == ["AssumeRoleWithOIDC", "GetFunction"]
    body = cloud.bodies("AssumeRoleWithOIDC")[0]
    assert (body["OIDCProviderArn"], body["OIDCToken"], cloud.calls[0].key) == (IDENTITY, "an-oidc-token", "")


def test_a_token_file_is_read_anew_for_each_role(cloud: Fake, bare: Any, tmp_path: Path, clock: Clock) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare, tmp_path / "token")
    look(cloud)
    (tmp_path / "token").write_text("renewed")
    cloud.sts.roles[ROLE] = IDENTITY, "renewed"
    clock.time += 3600
    look(cloud)
    assert cloud.bodies("AssumeRoleWithOIDC")[1]["OIDCToken"] == "renewed"


def test_a_token_file_that_is_not_there_is_one_clear_error(cloud: Fake, bare: Any, tmp_path: Path) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare, tmp_path / "token")
    (tmp_path / "token").unlink()
    with pytest.raises(UserError, match="ALIBABA_CLOUD_OIDC_TOKEN_FILE: the file cannot be read: No such file"):
        look(cloud)


def test_a_token_that_is_refused_is_not_shown(cloud: Fake, bare: Any) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare)
    bare.setenv("ALIBABA_CLOUD_OIDC_TOKEN", "a-stale-token")
    with pytest.raises(ApiError, match=r"AssumeRoleWithOIDC failed: NoPermission.*proof: \*\*\*") as caught:
        look(cloud)
    assert "a-stale-token" not in str(caught.value) + repr(role())
    cloud.complaints.clear()


def test_an_answer_without_credentials_is_an_error_that_says_so(cloud: Fake, bare: Any) -> None:
    take_role(cloud, bare)
    cloud.sts.answer = {"Credentials": {"AccessKeyId": "AK"}}
    with pytest.raises(ApiError, match=r"AssumeRole failed: UnreadableAnswer \(HTTP 200\): no credentials"):
        look(cloud)


def test_beside_an_access_key_the_token_is_ignored_as_the_plugin_does(cloud: Fake, bare: Any) -> None:
    take_role_by_token(cloud, bare)
    assert look(cloud) in cloud.keys
    assert cloud.actions() == ["GetFunction"]


@pytest.mark.parametrize(
    "absent", ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN"]
)
def test_half_a_role_is_no_role(cloud: Fake, bare: Any, absent: str) -> None:
    without_keys(bare)
    take_role_by_token(cloud, bare)
    bare.delenv(absent)
    with pytest.raises(UserError, match="no credentials for Alibaba Cloud"):
        connect(REGION)


def provider_inputs(region: str = REGION) -> dict[str, Any]:
    """What the stack's own provider is given."""
    return dict(record(lambda: facts.provider("own", region)).get("pulumi:providers:alicloud").inputs)


def test_the_stacks_own_provider_acts_as_the_gaps_do(cloud: Fake, bare: Any, tmp_path: Path) -> None:
    """The plugin reads a role's variables only where the provider has the argument: without it, it acts as the keys."""
    assert provider_inputs() == {"region": REGION}
    take_role(cloud, bare)
    bare.setenv("ALICLOUD_ASSUME_ROLE_SESSION_NAME", "nightly")
    taken = {"roleArn": ROLE, "sessionName": "nightly", "sessionExpiration": 3600}
    assert json.loads(provider_inputs()["assumeRole"]) == taken
    without_keys(bare)
    take_role_by_token(cloud, bare, tmp_path / "token")
    assert json.loads(provider_inputs()["assumeRoleWithOidc"]) == {
        "oidcProviderArn": IDENTITY, "roleArn": ROLE, "roleSessionName": "qiao",
        "oidcTokenFile": str(tmp_path / "token"),
    }  # fmt: skip
    bare.setenv("ALIBABA_CLOUD_OIDC_TOKEN", "an-oidc-token")
    assert "an-oidc-token" not in str(provider_inputs()), "state would keep it"


class Part(pulumi.ComponentResource):
    """A component as a cloud's components are: the provider reaches it by its options."""

    def __init__(self, **options: Any) -> None:
        super().__init__("test:Part", "part", None, pulumi.ResourceOptions(**options))
        FunctionReady("part-ready", function_name="web", revision_key="k", region=REGION,
                      opts=pulumi.ResourceOptions(parent=self))  # fmt: skip


def mine(env: pytest.MonkeyPatch) -> None:
    """Credentials in the environment."""
    env.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "AKmine")
    env.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "SKmine")


@pytest.mark.parametrize(
    ("own", "name", "variable"),
    [
        ({"access_key": "AKother"}, "access_key", "ALICLOUD_ACCESS_KEY"),
        ({"secret_key": "SKother"}, "secret_key", "ALICLOUD_SECRET_KEY"),
        ({"security_token": "other-token"}, "security_token", "ALICLOUD_SECURITY_TOKEN"),
        ({"access_key": pulumi.Output.secret("AKother")}, "access_key", "ALICLOUD_ACCESS_KEY"),
        ({"profile": "work"}, "profile", "ALICLOUD_PROFILE"),
    ],
)
def test_a_provider_that_acts_as_somebody_else_is_refused(
    bare: pytest.MonkeyPatch, own: dict[str, Any], name: str, variable: str
) -> None:
    mine(bare)
    with pytest.raises(UserError) as caught:
        record(lambda: Part(provider=alicloud.Provider("there", region=REGION, **own)))
    assert caught.value.where == "FunctionReady part-ready"
    assert f"its provider is given {name}," in caught.value.what
    assert caught.value.instead == f"leave {name} out of the provider and set {variable}"
    for secret in ("AKother", "SKother", "other-token", "AKmine", "SKmine"):
        assert secret not in str(caught.value)


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("own", [{}, {"access_key": "AKmine", "secret_key": "SKmine"}])
def test_the_environments_own_keys_pass_and_leave_no_edge_and_no_secret(
    bare: pytest.MonkeyPatch, preview: bool, own: dict[str, Any]
) -> None:
    mine(bare)
    recording = record(lambda: Part(provider=alicloud.Provider("there", region=REGION, **own)), preview=preview)
    gap = recording.get(GAP)
    assert gap.depends_on == ()
    given = {key: value for key, value in gap.inputs.items() if key != "__provider"}
    assert given == {"function_name": "web", "revision_key": "k", "region": REGION, "timeout_seconds": 900}
    assert isinstance(gap.inputs["__provider"], str), "no secret, so no passphrase is asked for"


@pytest.mark.parametrize(
    ("word", "named", "variable"),
    [
        ("accessKey", "access_key", "ALICLOUD_ACCESS_KEY"),
        ("secretKey", "secret_key", "ALICLOUD_SECRET_KEY"),
        ("securityToken", "security_token", "ALICLOUD_SECURITY_TOKEN"),
        ("profile", "profile", "ALICLOUD_PROFILE"),
        ("assumeRole", "alicloud:assumeRole", "ALICLOUD_ASSUME_ROLE_ARN"),
        ("assumeRoleWithOidc", "alicloud:assumeRoleWithOidc", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
    ],
)
def test_the_default_provider_may_not_be_configured_otherwise(
    bare: pytest.MonkeyPatch, word: str, named: str, variable: str
) -> None:
    with pytest.raises(UserError) as caught:
        record(Part, config={f"alicloud:{word}": "configured"})
    assert f"is given {named}," in caught.value.what
    assert variable in caught.value.instead
    assert "configured" not in str(caught.value)


def test_the_default_provider_without_configuration_passes(bare: pytest.MonkeyPatch) -> None:
    assert record(Part).get(GAP).inputs["function_name"] == "web"


@pytest.mark.parametrize("shape", ["provider", "providers list", "providers map"])
def test_the_provider_is_found_in_the_gaps_own_options_too(bare: pytest.MonkeyPatch, shape: str) -> None:
    def program() -> None:
        own: Any = alicloud.Provider("own", region=REGION, access_key="AKown")
        given = {"provider": own, "providers list": [own], "providers map": {"alicloud": own}}[shape]
        options = pulumi.ResourceOptions(**{shape.partition(" ")[0]: given})
        FunctionReady("ready", function_name="web", revision_key="k", region=REGION, opts=options)

    with pytest.raises(UserError, match="is given access_key"):
        record(program)
