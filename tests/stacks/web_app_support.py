"""A web application on each cloud that gives functions an address: its settings, and its parts by the cloud's words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components import CLOUDS
from qiao.plan.recording import Recording, Resource
from tests.stacks.support import run

REASON = "the pages are for everybody"
DOMAIN = {"name": "www.example.com", "certificate_id": "1234567", "dns_zone": "example.com"}


@dataclass(frozen=True, kw_only=True)
class CloudWords:
    """What one cloud calls the parts of a web application."""

    cloud: str
    region: str
    zones: tuple[str, str]
    function: str
    """Type of the function; its name among the inputs, its memory, its run time and its network follow."""
    name: str
    memory: str
    timeout: str
    environment: str
    network: Callable[[Mapping[str, Any]], Any]
    alias: str
    alias_name: str
    version: str
    archive: str
    """Type of the object that carries the code; where its name stands follows."""
    archive_key: str
    address: str
    """Type of what gives the function an address of its own."""
    open_address: Callable[[Mapping[str, Any]], tuple[bool, bool]]
    """Of that one's inputs: whether nobody is checked, and whether the internet reaches it."""
    address_names: Callable[[Mapping[str, Any]], Any]
    """Of its inputs: the function's name and what of it is called."""
    url: Callable[[Resource], Any]
    """Of it: the address."""
    shares: Callable[[Mapping[str, Any]], dict[str, float]]
    """Of the alias's inputs: who takes a share beside the main version."""
    gateway_needs_address: bool
    signs_for_applications: bool
    """Whether applications can be given what tokens are checked by."""
    door: str
    """Type of what a gateway with a domain makes for that domain; where the domain's name stands follows."""
    door_name: str

    @property
    def gap(self) -> str:
        """What types of the cloud's gaps begin with."""
        return f"pulumi-python:dynamic/{self.cloud}:"


def _alicloud_open(inputs: Mapping[str, Any]) -> tuple[bool, bool]:
    config = str(inputs["triggerConfig"])
    return '"authType":"anonymous"' in config, '"disableURLInternet":false' in config


def _tencent_shares(inputs: Mapping[str, Any]) -> dict[str, float]:
    beside = inputs["routingConfig"]["additionalVersionWeights"]
    return {one["version"]: one["weight"] for one in beside if one["weight"]}


KNOWN = {
    "alicloud": CloudWords(
        cloud="alicloud", region="cn-hangzhou", zones=("cn-hangzhou-h", "cn-hangzhou-i"),
        function="alicloud:fc/v3Function:V3Function", name="functionName", memory="memorySize", timeout="timeout",
        environment="environmentVariables", network=lambda inputs: (inputs.get("vpcConfig") or {}).get("vpcId"),
        alias="alicloud:fc/v3Alias:V3Alias", alias_name="aliasName",
        version="alicloud:fc/v3FunctionVersion:V3FunctionVersion",
        archive="alicloud:oss/bucketObject:BucketObject", archive_key="key",
        address="alicloud:fc/v3Trigger:V3Trigger", open_address=_alicloud_open,
        address_names=lambda inputs: (inputs["functionName"], inputs["qualifier"]),
        url=lambda trigger: trigger.outputs["httpTrigger"]["urlInternet"],
        shares=lambda inputs: dict(inputs["additionalVersionWeight"]),
        gateway_needs_address=False, signs_for_applications=False,
        door="alicloud:apig/domain:Domain", door_name="domainName",
    ),
    "tencentcloud": CloudWords(
        cloud="tencentcloud", region="ap-guangzhou", zones=("ap-guangzhou-3", "ap-guangzhou-6"),
        function="tencentcloud:Scf/function:Function", name="name", memory="memSize", timeout="timeout",
        environment="environment", network=lambda inputs: inputs.get("vpcId"),
        alias="tencentcloud:Scf/functionAlias:FunctionAlias", alias_name="name",
        version="tencentcloud:Scf/functionVersion:FunctionVersion",
        archive="tencentcloud:Cos/bucketObject:BucketObject", archive_key="key",
        address="pulumi-python:dynamic/tencentcloud:FunctionUrl",
        open_address=lambda inputs: (inputs["auth_type"] == "NONE", inputs["internet"]),
        address_names=lambda inputs: (inputs["function_name"], inputs["qualifier"]),
        url=lambda address: address.outputs["internet_url"], shares=_tencent_shares,
        gateway_needs_address=True, signs_for_applications=True,
        door="tencentcloud:Scf/customDomain:CustomDomain", door_name="domain",
    ),
}  # fmt: skip
"""Clouds whose functions have addresses of their own."""
HERE = [words for cloud, words in KNOWN.items() if cloud in CLOUDS]
"""Those that have landed."""
every_cloud = pytest.mark.parametrize("words", HERE, ids=[words.cloud for words in HERE])


def lay_out(folder: Path, page: str = "v1") -> Path:
    """A project with a folder of code that a server is started from, and needs nothing else."""
    (folder / "app").mkdir(parents=True, exist_ok=True)
    (folder / "app" / "run.sh").write_text("#!/bin/sh\nexec node server.js\n")
    (folder / "app" / "server.js").write_text(f"// {page}\n")
    (folder / "app" / "package.json").write_text('{"name": "web"}')
    return folder


def web(words: CloudWords, **settings: Any) -> dict[str, Any]:
    """A public web application of code; a setting of None is taken out."""
    base = {
        "blueprint": "web-app", "cloud": words.cloud, "region": words.region, "code": {"path": "app"},
        "auth": "public", "reason": REASON,
    }  # fmt: skip
    return {key: value for key, value in (base | settings).items() if value is not None}


def shared(words: CloudWords, **settings: Any) -> dict[str, Any]:
    """What it shares with others."""
    return {words.cloud: {words.region: {"zones": list(words.zones)} | settings}}


class Bench:
    """A project in a folder of its own, its application run on the recorder with whatever settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = lay_out(folder)

    def run(
        self, words: CloudWords, *, stage: str = "dev", preview: bool = False, offline: bool = True,
        others: Mapping[str, Any] | None = None, region: Mapping[str, Any] | None = None, **settings: Any,
    ) -> Recording:  # fmt: skip
        """The recorded stage.

        Args:
            words: the cloud.
            stage: the stage.
            preview: whether nothing is known yet.
            offline: whether it is a plan.
            others: further applications.
            region: settings of what is shared.
            settings: the application's settings, beside those of `web`.
        """
        apps = {"web": web(words, **settings), **(others or {})}
        clouds = shared(words, **(region or {}))
        return run(apps, clouds, stage=stage, preview=preview, project_dir=self.folder, offline=offline)

    def clear(self) -> None:
        """Take the code away."""
        shutil.rmtree(self.folder / "app")


def function(recording: Recording, words: CloudWords) -> Resource:
    """The application's function."""
    return recording.get(words.function, "web-function")


def environment(recording: Recording, words: CloudWords) -> dict[str, Any]:
    """Its environment variables."""
    return dict(function(recording, words).inputs[words.environment])


def own_addresses(recording: Recording, words: CloudWords) -> list[Resource]:
    """What gives functions addresses of their own."""
    return recording.of_type(words.address)
