"""WebApp: a web application on a function, by an address of its own or behind a gateway, released step by step."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.function import Function
from components.gateway import Gateway
from components.tokens import Signer
from stacks import checklist, part_args, rehearsal, web_app_args
from stacks.application import Application, ApplicationArgs
from stacks.links import Link, signing_of
from stacks.part_args import Env
from stacks.site import Site
from stacks.web_app_settings import WebAppSettings


class WebApp(Application):
    """The guide's Express application: code or an image that serves HTTP, each stage a function of its own.

    Changed code is a new version; `release` says which share of calls it gets. Billed by use; with `access: gateway`
    the gateway by the hour where the cloud's has nodes.
    """

    concept = "WebApp"
    OUTPUTS = (
        "url", "function_id", "function_name", "version", "last_version", "traffic", "image", "push_target",
        "gateway_id", "cname", "issuer", "audience", "signing_key",
    )  # fmt: skip
    SECRET_OUTPUTS = ("signing_key",)

    url: pulumi.Output[str]
    """Where it is reached."""
    function_id: pulumi.Output[str]
    """Id of the function."""
    function_name: pulumi.Output[str]
    """Its name in the cloud: project, stage, application."""
    version: pulumi.Output[str]
    """The version that serves calls: what `release.revision` takes to come back to it."""
    last_version: pulumi.Output[str]
    """The newest version that was published."""
    traffic: float
    """The share of calls that it gets, 0 to 1."""
    image: pulumi.Output[str] | None
    """The image that runs, or None where it is code."""
    push_target: pulumi.Output[str] | None
    """`host/namespace` that its image is pushed to, or None where it is code."""
    gateway_id: pulumi.Output[str] | None
    """Its gateway, or None without."""
    cname: pulumi.Output[str] | None
    """What its domain's CNAME record points to, or None without a domain."""
    issuer: str | None
    """Issuer that a token must name, or None where the cloud signs tokens or none is needed."""
    audience: str | None
    """Audience that a token must name, or None as above."""
    signing_key: pulumi.Output[str] | None
    """Private key that tokens are signed with, or None as above. Secret."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._settings: WebAppSettings = args.settings
        self._signer = self._declare_signer() if self._settings.checks_tokens else None
        self._image = self.declare_image(self._settings.image)
        self._web = self._declare_function()
        self._gateway = self._declare_gateway() if self._settings.access == "gateway" else None
        if args.site.region.contacts:
            self._declare_alerts()
        self.finish(
            url=self._address(),
            function_id=self._web.id,
            function_name=self._web.name,
            version=self._web.version,
            last_version=self._web.last_version,
            traffic=web_app_args.traffic(self._settings),
            image=self._image,
            push_target=args.site.registry.push_target if self._settings.image and args.site.registry else None,
            gateway_id=self._gateway and self._gateway.gateway_id,
            cname=self._gateway and self._gateway.cname,
            issuer=self._gateway and self._gateway.issuer,
            audience=self._gateway and self._gateway.audience,
            signing_key=self._gateway and self._gateway.signing_key,
        )

    @classmethod
    def rehearse(cls, site: Site, settings: WebAppSettings) -> None:
        """Build and check the arguments of every component, on stand-ins."""
        signer = rehearsal.signer(site) if settings.checks_tokens else None
        env, secret_env = cls._variables(site, settings, signer, rehearsal.tokens(site))
        image = rehearsal.image(site, settings.image, enabled=settings.enabled)
        arguments = web_app_args.function(site, settings, image=image, env=env, secret_env=secret_env)
        web = rehearsal.function(arguments)
        if settings.access == "gateway":
            web_app_args.gateway(site, settings, web, signer)
        if site.region.contacts:
            part_args.alerts(site, settings.native, {"web": web})

    @staticmethod
    def _variables(
        site: Site, settings: WebAppSettings, signer: Signer | None,
        tokens: dict[str, pulumi.Output[str]] | dict[str, str],
    ) -> tuple[Env, Env]:  # fmt: skip
        """Everything that Qiao adds to its variables: in clear, and secret."""
        env, secret_env = web_app_args.environment(settings, signer)
        calls, keys = part_args.link_environment(site, settings, tokens, {*env, *secret_env})
        return env | calls, secret_env | keys

    def link(self) -> Link:
        """How another application calls it."""
        needs_token = self._settings.auth == "jwt"
        signing = signing_of(self._gateway) if self._gateway and needs_token else None
        cloud_signs = needs_token and signing is None
        return Link(
            cloud=self._settings.cloud, url=self.url, signing=signing,
            gateway_id=self.gateway_id if cloud_signs else None,
        )  # fmt: skip

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        domain = self._settings.domain
        filed = checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname) if domain else []
        undone = [f"{self.logical_name}: {one.what}: {one.instead}" for one in self._settings.unready()]
        return [*super().checklist(), *filed, *undone]

    def _declare_signer(self) -> Signer | None:
        """What the application checks tokens by, where the gateway does not check alone. The function stands before
        the gateway, so both get it from here."""
        native = self.site.native(self._settings.native, "gateway")
        return self.site.cloud.Gateway.declare_signer(self, part_args.domain(self._settings.domain), native)

    def _declare_function(self) -> Function:
        env, secret_env = self._variables(self.site, self._settings, self._signer, self.tokens())
        arguments = web_app_args.function(self.site, self._settings, image=self._image, env=env, secret_env=secret_env)
        # Named like the application, so that the cloud knows it as project, stage and application, and no more.
        return self.site.cloud.Function(self.child(), arguments, self.options())

    def _declare_gateway(self) -> Gateway:
        arguments = web_app_args.gateway(self.site, self._settings, self._web, self._signer)
        return self.site.cloud.Gateway(self.child("gateway"), arguments, self.options())

    def _declare_alerts(self) -> None:
        arguments = part_args.alerts(self.site, self._settings.native, {"web": self._web})
        self.site.cloud.Alerts(self.child("alerts"), arguments, self.options())

    def _address(self) -> pulumi.Output[str]:
        if self._gateway is not None:
            return self._gateway.url
        assert self._web.url is not None  # noqa: S101 - asked for with access by its own address
        return self._web.url
