"""Gateway: the front door. Routes to functions, who may pass each, a domain with a certificate, access logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.base import Args, Component
from components.checks import in_range, matches, one_of, unique
from components.errors import UserError
from components.function import FunctionLike
from components.network import NetworkLike
from components.observability import ObservabilityLike

Auth = Literal["jwt", "app", "cloud", "public"]
"""jwt: no valid bearer token, 401. app: the application logs its users in itself. cloud: the cloud's request signing.
public: nobody is checked, with a reason."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A path of the gateway and the function behind it."""

    name: str
    """Short name, part of its resources' names: frozen once deployed. Lower-case letters, digits and hyphens."""
    path: str
    """Path, beginning with '/'."""
    function: FunctionLike
    """The function that answers."""
    auth: Auth = "jwt"
    """Who may pass. Default jwt."""
    reason: str = ""
    """Why the route is public; required with auth public, reported by guardrails."""
    match: Literal["exact", "prefix"] = "prefix"
    """Whether longer paths match too. Default prefix."""
    methods: Sequence[str] = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
    """HTTP methods. Default: all common ones."""
    timeout_seconds: int | None = None
    """Longest wait for an answer. Default: the function's, and never shorter: a streamed answer would be cut."""

    def __post_init__(self) -> None:
        matches("Route.name", self.name, r"[a-z][a-z0-9-]{0,30}", "1 to 31 lower-case letters, digits and hyphens")
        matches(
            f"Route.path of {self.name}",
            self.path,
            r"/[^\s?#]*",
            "a path that begins with '/', without spaces, '?' and '#'",
        )
        one_of(f"Route.auth of {self.name}", self.auth, ("jwt", "app", "cloud", "public"))
        if self.auth == "public" and not self.reason.strip():
            raise UserError(f"Route.reason of {self.name}", "the route is public", "say why nobody need be checked")
        in_range(
            f"Route.timeout_seconds of {self.name}", self.timeout_seconds, self.function.timeout_seconds, 86400,
            "seconds: never shorter than its function",
        )  # fmt: skip

    @property
    def timeout(self) -> int:
        """Longest wait for an answer in seconds."""
        return self.timeout_seconds or self.function.timeout_seconds


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A domain of your own in front of the gateway."""

    name: str
    """Fully qualified name (`chat.example.com`). In mainland China it needs an ICP filing."""
    certificate_id: pulumi.Input[str] | None = None
    """Id of a certificate in the cloud's certificate centre. Needed for HTTPS unless a pair is given below."""
    certificate: pulumi.Input[str] | None = None
    """Certificate chain, PEM, to upload."""
    private_key: pulumi.Input[str] | None = None
    """Its key, PEM. A secret."""
    dns_zone: str | None = None
    """Zone of the cloud's DNS to put the CNAME record in (`example.com`). Default: none; `plan` and the outputs then
    say which record to set elsewhere."""

    def __post_init__(self) -> None:
        label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
        matches("Domain.name", self.name, rf"({label}\.)+[a-z]{{2,63}}", "a full domain name such as chat.example.com")
        if self.dns_zone and not self.name.endswith("." + self.dns_zone):
            raise UserError("Domain.dns_zone", f"{self.name} is not in {self.dns_zone}", "give the zone that holds it")
        if (self.certificate is None) != (self.private_key is None):
            raise UserError("Domain.certificate", "certificate and private_key go together", "give both or neither")
        if (self.certificate_id is None) == (self.certificate is None):
            raise UserError("Domain.certificate_id", "HTTPS needs one certificate", "give its id, or chain and key")

    def __repr__(self) -> str:
        return f"Domain(name={self.name!r})"


@dataclass(frozen=True, kw_only=True)
class GatewayArgs(Args):
    """What a Gateway takes."""

    routes: Sequence[Route]
    """Routes, each with its own name; at least one."""
    network: NetworkLike | None = None
    """Network whose two subnets it stands in. Required where the cloud's gateway lives in a network."""
    domain: Domain | None = None
    """A domain of your own. Default: the cloud's generated address."""
    observability: ObservabilityLike | None = None
    """Where access logs go. Default: nowhere."""
    native: object | None = None
    """What only one cloud knows (`GatewayNative` of its module)."""

    def __post_init__(self) -> None:
        if not self.routes:
            raise UserError("GatewayArgs.routes", "no route given", "give at least one")
        unique("GatewayArgs.routes", [route.name for route in self.routes])
        unique("GatewayArgs.routes", [f"{route.match} {route.path}" for route in self.routes])


class Gateway(Component):
    """A gateway with its routes.

    Billed by the hour: the gateway's nodes, where the cloud's edition has nodes; else by calls.
    """

    concept = "Gateway"
    OUTPUTS = ("gateway_id", "url", "urls", "domain", "cname")

    gateway_id: pulumi.Output[str]
    """The gateway's id: what `qiao token` asks a token for."""
    url: pulumi.Output[str]
    """Base address: the domain's where there is one, else the generated one."""
    urls: dict[str, pulumi.Output[str]]
    """Full address of each route, by its name."""
    domain: str | None
    """The domain of your own, or None."""
    cname: pulumi.Output[str] | None
    """What the domain's CNAME record must point to, or None without a domain."""

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
