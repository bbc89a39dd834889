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
        return ExistingNetwork(
            vpc_id=self.take("network", "vpc_id"),
            subnet_ids={zone: self.take("network", "subnet_ids", zone) for zone in zones},
            subnet_cidrs={zone: self.take("network", "subnet_cidrs", zone) for zone in zones},
            security_group_id=self.take("network", "security_group_id"),
            cidr=self.take("network", "cidr"),
        )

    def registry(self) -> ExistingRegistry:
        """The registry, with the login that may push."""
        clear: dict[str, Any] = {key: self.take("registry", key) for key in REGISTRY}
        return ExistingRegistry(
            **clear,
            password=pulumi.Output.secret(self.take("registry_password", output=SECRET_OUTPUT)),
        )

    def observability(self, *, traces: bool) -> ExistingObservability:
        """Logs, and the trace store where applications trace."""
        return ExistingObservability(
            **{key: self.take("logs", key) for key in LOGS[:3]},
            **({key: self.take("logs", key) for key in LOGS[3:]} if traces else {}),
        )


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
    return clear, {"registry_password": f"password-of-{mark}"}
