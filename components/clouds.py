"""The door to the clouds: a blueprint asks `cloud(name)` for classes and never imports a cloud itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib import import_module
from typing import Any, Protocol, cast

import pulumi

from components.alerts import Alerts
from components.base import Component
from components.bucket import Bucket
from components.errors import UnsupportedError, UserError
from components.filesystem import FileSystem
from components.function import Function
from components.gateway import Gateway
from components.identity import ServiceAccount, Statement
from components.mysql import Mysql
from components.network import Network
from components.observability import Observability, ObservabilityLike
from components.postgres import Postgres
from components.redis import Redis
from components.registry import Registry
from components.scope import Scope
from components.website import Website

CLOUDS = ("alicloud", "tencentcloud", "volcengine")
"""Clouds that have landed."""

CONCEPTS = {
    "network": "Network",
    "registry": "Registry",
    "observability": "Observability",
    "function": "Function",
    "gateway": "Gateway",
    "postgres": "Postgres",
    "mysql": "Mysql",
    "redis": "Redis",
    "bucket": "Bucket",
    "filesystem": "FileSystem",
    "website": "Website",
    "alerts": "Alerts",
    "identity": "ServiceAccount",
}
"""Module and class of each concept."""

_SITE = "put the site on tencentcloud: it stands alone, whatever cloud the applications beside it run on"

LACKING: Mapping[str, Mapping[str, str]] = {
    "alicloud": {"website": _SITE},
    "volcengine": {
        "mysql": "use postgres, or give an existing MySQL's address as secret_env",
        "redis": "give an existing Redis' address as secret_env",
        "filesystem": "keep files in a bucket",
        "website": _SITE,
    },
}
"""Concepts that a cloud does not carry yet, and what to do instead."""


class Facts(Protocol):
    """What a cloud's `facts` module says about the cloud as a whole."""

    REGIONS: Sequence[str]

    def provider(self, name: str, region: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ProviderResource:
        """The explicit provider of one region; credentials come from the environment."""

    def s3_host(self, public_endpoint: str) -> str:
        """The host that S3 clients reach buckets at, by a bucket's public one."""


class Policies(Protocol):
    """What a cloud's `policies` module says about identities, in the cloud's own words."""

    FUNCTION_ROLES: bool
    """Whether functions run as a role that permissions are given to; else an application needs a key of its own."""
    KEY_VARIABLES: tuple[str, str]
    """Environment variables that applications read their own key from: id, then secret."""
    OPERATOR_POLICIES: Sequence[str]
    """Ready policies of a person who operates functions in the console."""
    OPENING_STEPS: Sequence[str]
    """What only a person can do, once an account, before the first `up`."""

    def operator_statements(self) -> Sequence[Statement]:
        """What an operator needs beside the ready policies."""

    def runtime_statements(self, region: str, log_project: pulumi.Input[str] | None) -> Sequence[Statement]:
        """What an application does with its own key; without a log project it writes no traces."""

    def bucket_statements(self, bucket: pulumi.Input[str]) -> Sequence[Statement]:
        """What an application does with a bucket of its own."""

    STACK_SIGNS_TOKENS: bool
    """Whether the stack signs bearer tokens with a key of its own; else the cloud's gateway signs them."""

    def trace_variables(self, scope: Scope, logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
        """Environment variables that tell an application where to send traces; none where there is no trace store."""

    def trace_secrets(self, logs: ObservabilityLike, /) -> Mapping[str, pulumi.Input[str]]:
        """The same for what is secret: the token that traces are sent with."""

    def token_statements(self) -> Sequence[Statement]:
        """What an application needs to ask a gateway for a token."""


class Cloud:
    """One cloud's implementation of the vocabulary. Modules, and with them SDKs, are imported when first used."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def facts(self) -> Facts:
        """Regions and the provider."""
        return cast("Facts", import_module(f"components.{self.name}.facts"))

    @cached_property
    def policies(self) -> Policies:
        """Identities in the cloud's words."""
        return cast("Policies", import_module(f"components.{self.name}.policies"))

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that this cloud carries, by their modules' names."""
        return tuple(concept for concept in CONCEPTS if concept not in LACKING.get(self.name, {}))

    def component(self, concept: str) -> type[Component]:
        """The class of a concept, by its module's name (`network`)."""
        return cast("type[Component]", self._member(concept, CONCEPTS[concept]))

    def native(self, concept: str) -> type[Any]:
        """The dataclass of the cloud's own extras for a concept."""
        return cast("type[Any]", self._member(concept, CONCEPTS[concept] + "Native"))

    def _member(self, module: str, name: str) -> Any:
        instead = LACKING.get(self.name, {}).get(module)
        if instead is not None:
            raise UnsupportedError(self.name, CONCEPTS[module], "", instead)
        return getattr(import_module(f"components.{self.name}.{module}"), name)

    @property
    def Network(self) -> type[Network]:  # noqa: N802 - a class, named like one
        """This cloud's Network."""
        return cast("type[Network]", self.component("network"))

    @property
    def Registry(self) -> type[Registry]:  # noqa: N802
        """This cloud's Registry."""
        return cast("type[Registry]", self.component("registry"))

    @property
    def Observability(self) -> type[Observability]:  # noqa: N802
        """This cloud's Observability."""
        return cast("type[Observability]", self.component("observability"))

    @property
    def Function(self) -> type[Function]:  # noqa: N802
        """This cloud's Function."""
        return cast("type[Function]", self.component("function"))

    @property
    def Gateway(self) -> type[Gateway]:  # noqa: N802
        """This cloud's Gateway."""
        return cast("type[Gateway]", self.component("gateway"))

    @property
    def Postgres(self) -> type[Postgres]:  # noqa: N802
        """This cloud's Postgres."""
        return cast("type[Postgres]", self.component("postgres"))

    @property
    def Mysql(self) -> type[Mysql]:  # noqa: N802
        """This cloud's Mysql."""
        return cast("type[Mysql]", self.component("mysql"))

    @property
    def Redis(self) -> type[Redis]:  # noqa: N802
        """This cloud's Redis."""
        return cast("type[Redis]", self.component("redis"))

    @property
    def FileSystem(self) -> type[FileSystem]:  # noqa: N802
        """This cloud's FileSystem."""
        return cast("type[FileSystem]", self.component("filesystem"))

    @property
    def Bucket(self) -> type[Bucket]:  # noqa: N802
        """This cloud's Bucket."""
        return cast("type[Bucket]", self.component("bucket"))

    @property
    def Website(self) -> type[Website]:  # noqa: N802
        """This cloud's Website."""
        return cast("type[Website]", self.component("website"))

    @property
    def Alerts(self) -> type[Alerts]:  # noqa: N802
        """This cloud's Alerts."""
        return cast("type[Alerts]", self.component("alerts"))

    @property
    def ServiceAccount(self) -> type[ServiceAccount]:  # noqa: N802
        """This cloud's ServiceAccount."""
        return cast("type[ServiceAccount]", self.component("identity"))


@cache
def cloud(name: str) -> Cloud:
    """The cloud of that name; one clear error for any other."""
    if name not in CLOUDS:
        raise UserError("cloud", f"{name!r} is unknown", "use one of " + ", ".join(CLOUDS))
    return Cloud(name)
