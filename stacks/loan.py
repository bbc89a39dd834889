"""A foundation lent by another stage: what a feature stage borrows through a StackReference, and what a lender exports.

The shape of the two stack outputs `foundation` and `foundation_secrets` is written and read here only:
`{<cloud>: {<region>: {network: ..., registry: ..., logs: ...}}}`. They are two, since one secret makes a whole output
secret, and ids of networks are better seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components import cidr
from components.errors import UserError
from components.network import ExistingNetwork, NetworkLike
from components.observability import ExistingObservability, ObservabilityLike
from components.registry import ExistingRegistry, RegistryLike

OUTPUT, SECRET_OUTPUT = "foundation", "foundation_secrets"
NETWORK = ("vpc_id", "subnet_ids", "subnet_cidrs", "security_group_id", "cidr")
REGISTRY = ("endpoint", "pull_endpoint", "namespace", "username")
LOGS = ("log_project", "log_store", "access_log_store", "trace_store", "trace_endpoint")
TRACES = ("trace_store", "trace_endpoint", "trace_token")
"""What applications that do not trace have no use for."""
KNOWN = ("subnet_cidrs", "cidr")
"""What is known of every network that a stage makes; of one that was there, where its settings say it."""


@dataclass(frozen=True, kw_only=True)
class Lends:
    """What a stage lends of what not every foundation has."""

    logs: Sequence[str]
    """Outputs of its logs, by name."""
    network: Sequence[str] = KNOWN
    """What is known of its network beyond ids."""
    login: bool = True
    """Whether its registry's login is known, so that `up` can push."""


def lent(network: NetworkLike, registry: RegistryLike | None, logs: ObservabilityLike) -> dict[str, Any]:
    """What a foundation exports in clear."""
    parts = {"network": (network, NETWORK), "registry": (registry, REGISTRY), "logs": (logs, LOGS)}
    given = {
        part: {key: getattr(of, key) for key in keys if getattr(of, key) is not None}
        for part, (of, keys) in parts.items()
        if of is not None
    }
    if registry is not None:
        given["registry"].setdefault("pull_endpoint", registry.endpoint)
    return given


def lent_secrets(registry: RegistryLike | None, logs: ObservabilityLike) -> dict[str, pulumi.Input[str]]:
    """What a foundation exports as secrets."""
    password = None if registry is None or registry.password == "" else registry.password
    values = {"registry_password": password, "trace_token": logs.trace_token}
    return {key: value for key, value in values.items() if value is not None}


def stack_name(stage: str) -> str:
    """The full name of another stage's stack: same organization and project. On a self-managed backend, whose stacks
    have no organization, Pulumi takes the word `organization`."""
    return f"{pulumi.get_organization() or 'organization'}/{pulumi.get_project()}/{stage}"


@dataclass(frozen=True)
class Loan:
    """What another stage's foundation of one cloud and region lends."""

    reference: pulumi.StackReference
    """The other stage's stack."""
    stage: str
    """The other stage."""
    lends: Lends
    """What it has to lend."""
    place: tuple[str, str]
    """Cloud and region."""
    where: str
    """The setting that asked for it, for errors."""

    def take(self, *keys: str, output: str = OUTPUT) -> pulumi.Output[Any]:
        """One value of what is lent; one clear error where the other stage has no such thing."""
        path = (*self.place, *keys)

        def pick(value: Any) -> Any:
            for key in path:
                if not isinstance(value, Mapping) or key not in value:
                    raise UserError(
                        self.where, f"stage {self.stage} lends no {'.'.join(keys)} in {' '.join(self.place)}",
                        f"bring it up there first: `pulumi up -s {self.stage}`, with the same zones",
                    )  # fmt: skip
                value = value[key]
            return value

        return self.reference.get_output(output).apply(pick)

    def network(self, zones: Sequence[str]) -> ExistingNetwork:
        """The network, with the subnets of these zones."""
        blocks = zones if "subnet_cidrs" in self.lends.network else ()
        cidr = {"cidr": self.take("network", "cidr")} if "cidr" in self.lends.network else {}
        return ExistingNetwork(
            vpc_id=self.take("network", "vpc_id"),
            subnet_ids={zone: self.take("network", "subnet_ids", zone) for zone in zones},
            subnet_cidrs={zone: self.take("network", "subnet_cidrs", zone) for zone in blocks},
            security_group_id=self.take("network", "security_group_id"),
            **cidr,
        )

    def registry(self) -> ExistingRegistry:
        """The registry, with the login that may push, where one is known."""
        clear: dict[str, Any] = {key: self.take("registry", key) for key in REGISTRY}
        if not self.lends.login:
            return ExistingRegistry(**clear, can_push=False)
        return ExistingRegistry(**clear, password=self._secret("registry_password"))

    def observability(self, *, traces: bool) -> ExistingObservability:
        """Logs, and where to send traces if applications trace."""
        wanted = [key for key in self.lends.logs if traces or key not in TRACES]
        clear: dict[str, Any] = {key: self.take("logs", key) for key in LOGS if key in wanted}
        token = {"trace_token": self._secret("trace_token")} if "trace_token" in wanted else {}
        return ExistingObservability(**clear, **token)

    def _secret(self, key: str) -> pulumi.Output[str]:
        return pulumi.Output.secret(self.take(key, output=SECRET_OUTPUT))


def reference_standin(place: tuple[str, str], zones: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Stand-in values of what one foundation lends, in clear and secret: for plans, which cannot ask another stack."""
    cloud, region = place
    mark = f"{cloud}-{region}"
    clear = {
        "network": {
            "vpc_id": f"vpc-of-{mark}",
            "subnet_ids": {zone: f"subnet-of-{zone}" for zone in zones},
            "subnet_cidrs": cidr.plan("zones", "10.0.0.0/16", zones),
            "security_group_id": f"security-group-of-{mark}",
            "cidr": "10.0.0.0/16",
        },
        "registry": {
            "endpoint": f"registry.{mark}.example",
            "pull_endpoint": f"registry-inside.{mark}.example",
            "namespace": "lent",
            "username": "pusher",
        },
        "logs": {
            "log_project": f"log-project-of-{mark}",
            "log_store": f"log-store-of-{mark}",
            "access_log_store": f"access-log-store-of-{mark}",
            "trace_store": f"trace-store-of-{mark}",
            "trace_endpoint": f"https://traces.{mark}.example:4317",
        },
    }
    return clear, {"registry_password": f"password-of-{mark}", "trace_token": f"trace-token-of-{mark}"}
