"""Gateway: the front door. Routes to functions, who may pass each, a domain with a certificate, access logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi

from components import cidr
from components.base import Args, Component
from components.checks import in_range, matches, one_of, unique
from components.errors import UnsupportedError, UserError
from components.function import FunctionLike
from components.network import NetworkLike
from components.observability import ObservabilityLike
from components.tokens import Signer

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
    rate_limit: int | None = None
    """Most calls a second; more are answered with 429. Default: the gateway's capacity. Limit: 1 to 100000."""
    allow_cidrs: Sequence[str] = ()
    """Blocks that calls may come from, as the gateway sees them. Default: anywhere."""
    request_headers: Mapping[str, str | None] = field(default_factory=dict)
    """Headers that the function gets set to these values, whatever the caller sent; None takes one out. Default: as
    sent."""
    response_headers: Mapping[str, str | None] = field(default_factory=dict)
    """The same for what the caller gets back."""
    strip_prefix: bool = False
    """Whether the function gets the path without the route's own. Default False. For a prefix alone."""

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
        self._check_policies()

    def _check_policies(self) -> None:
        in_range(f"Route.rate_limit of {self.name}", self.rate_limit, 1, 100_000, "calls a second")
        unique(f"Route.allow_cidrs of {self.name}", self.allowed_blocks)
        for field_name in ("request_headers", "response_headers"):
            where = f"Route.{field_name} of {self.name}"
            for header, value in getattr(self, field_name).items():
                matches(where, header, r"[A-Za-z0-9-]{1,64}", "1 to 64 letters, digits and hyphens as a header's name")
                matches(f"{where}: {header}", value, r"[\x20-\x7e]{0,512}", "one line of at most 512 plain characters")
        if self.strip_prefix and self.match != "prefix":
            raise UserError(f"Route.strip_prefix of {self.name}", "the route has no prefix", "take match prefix")

    @property
    def allowed_blocks(self) -> list[str]:
        """The blocks that calls may come from, in their one spelling: a single address as /32."""
        return [str(cidr.parse(f"Route.allow_cidrs of {self.name}", block)) for block in self.allow_cidrs]

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
        if self.dns_zone and self.name != self.dns_zone and not self.name.endswith("." + self.dns_zone):
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
    signer: Signer | None = field(default=None, repr=False)
    """What `declare_signer` gave before the functions were declared: who gives it says that their applications check
    tokens themselves, by the variables that it holds. Default: the gateway has a key of its own, and checks alone."""
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
    OUTPUTS = ("gateway_id", "url", "urls", "domain", "cname", "issuer", "audience", "signing_key")
    SECRET_OUTPUTS = ("signing_key",)

    CALLS_ADDRESSES: ClassVar[bool] = False
    """Whether it calls functions by their own addresses: each needs one then (`FunctionArgs.url`), open to the
    internet."""

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
    issuer: str | None
    """Issuer that a token must name, where the stack signs tokens; None where the cloud signs them itself, and without
    a route of auth jwt."""
    audience: str | None
    """Audience that a token must name; None as above."""
    signing_key: pulumi.Output[str] | None
    """Private key, PEM, that tokens are signed with; None as above. Secret."""

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self._refuse_foreign_signer(args)
        super().__init__(name, args, opts)

    @classmethod
    def _refuse_foreign_signer(cls, args: GatewayArgs) -> None:
        """A cloud that declares no signer takes none: it would sign with another key without a word."""
        if args.signer is not None and cls.declare_signer.__func__ is Gateway.declare_signer.__func__:  # type: ignore[attr-defined]
            raise UnsupportedError(cls.cloud, cls.concept, "signer", "leave it out: the gateway checks tokens alone")

    @classmethod
    def declare_signer(cls, owner: Component, domain: Domain | None, native: object | None) -> Signer | None:  # noqa: ARG003 - for clouds that override it
        """Declare what applications check their callers by, where this cloud's gateway cannot do without them.

        A gateway stands behind its functions: what they check tokens with is declared before both, as a child of their
        owner; their variables are `env()` and `secret_env()` of it, and the gateway takes it as `signer`.

        Args:
            owner: the application's component.
            domain: the domain that the gateway will have.
            native: what only one cloud knows of it.

        Returns:
            None where the gateway checks alone: nothing is declared then, and the application need not check.
        """
        return None
