"""ModelServer: open models on a graphics card, their files shared, behind a token or inside the network alone."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.filesystem import ExistingFileSystem, FileSystemLike
from components.function import Function
from components.gateway import Gateway
from stacks import checklist, model_server_args, part_args, rehearsal
from stacks.application import Application, ApplicationArgs
from stacks.links import Link, signing_of
from stacks.model_server_settings import ModelServerSettings
from stacks.site import Site


class ModelServer(Application):
    """The guide's Ollama: a function with a graphics card, a file system for models, and one door, never an open one.

    Billed by use: the card by the second while a call runs, the file system by volume; with `access: gateway` a gateway
    by the hour; with `provisioned_concurrency` instances that wait.
    """

    concept = "ModelServer"
    OUTPUTS = (
        "url", "models", "function_id", "version", "image", "push_target", "file_system_id", "gateway_id", "cname",
        "issuer", "audience", "signing_key",
    )  # fmt: skip
    SECRET_OUTPUTS = ("signing_key",)

    url: pulumi.Output[str]
    """Its address: the gateway's, or the one that the private network reaches."""
    models: list[str]
    """Models that every instance has."""
    function_id: pulumi.Output[str]
    """Id of the function."""
    version: pulumi.Output[str]
    """The version of it that serves calls."""
    image: pulumi.Output[str]
    """The image that runs."""
    push_target: pulumi.Output[str] | None
    """`host/namespace` that its image is pushed to."""
    file_system_id: pulumi.Output[str]
    """Id of the file system that models lie on."""
    gateway_id: pulumi.Output[str] | None
    """Its gateway, or None with access from the network."""
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
        self._settings: ModelServerSettings = args.settings
        self._image = self._require_image()
        self._files = model_server_args.existing_file_system(self._settings) or self._declare_files()
        self._server = self._declare_function()
        self._gateway = self._declare_gateway() if self._settings.access == "gateway" else None
        if args.site.region.contacts:
            self._declare_alerts()
        self.finish(
            url=self._address(),
            models=list(self._settings.models),
            function_id=self._server.id,
            version=self._server.version,
            image=self._image,
            push_target=args.site.registry.push_target if args.site.registry else None,
            file_system_id=pulumi.Output.from_input(self._files.id),
            gateway_id=self._gateway and self._gateway.gateway_id,
            cname=self._gateway and self._gateway.cname,
            issuer=self._gateway and self._gateway.issuer,
            audience=self._gateway and self._gateway.audience,
            signing_key=self._gateway and self._gateway.signing_key,
        )

    @classmethod
    def rehearse(cls, site: Site, settings: ModelServerSettings) -> None:
        """Build and check the arguments of every component, on stand-ins."""
        files = model_server_args.existing_file_system(settings)
        if files is None:
            model_server_args.file_system(site, settings)
            files = ExistingFileSystem(id=rehearsal.NAMED, host=rehearsal.NAMED)
        calls, tokens = part_args.link_environment(site, settings, rehearsal.tokens(site))
        image = rehearsal.image(site, settings.image, enabled=settings.enabled)
        assert image  # noqa: S101 - settings demand one
        arguments = model_server_args.function(site, settings, image=image, files=files, env=calls, secret_env=tokens)
        server = rehearsal.function(arguments)
        if settings.access == "gateway":
            model_server_args.gateway(site, settings, server)
        if site.region.contacts:
            part_args.alerts(site, settings.native, {"models": server})

    def link(self) -> Link:
        """How another application calls it."""
        signing = signing_of(self._gateway) if self._gateway else None
        cloud_signs = self._gateway is not None and signing is None
        return Link(
            cloud=self._settings.cloud, url=self.url, signing=signing, models=self.models,
            gateway_id=self.gateway_id if cloud_signs else None, network_only=self._settings.access == "network",
        )  # fmt: skip

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        domain = self._settings.domain
        filed = checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname) if domain else []
        return [*super().checklist(), *filed]

    def _require_image(self) -> pulumi.Output[str]:
        image = self.declare_image(self._settings.image)
        assert image is not None  # noqa: S101 - settings demand one
        return image

    def _declare_files(self) -> FileSystemLike:
        arguments = model_server_args.file_system(self.site, self._settings)
        return self.site.cloud.FileSystem(self.child("files"), arguments, self.options())

    def _declare_function(self) -> Function:
        calls, tokens = part_args.link_environment(self.site, self._settings, self.tokens())
        arguments = model_server_args.function(
            self.site, self._settings, image=self._image, files=self._files, env=calls, secret_env=tokens
        )
        return self.site.cloud.Function(self.child("function"), arguments, self.options())

    def _declare_gateway(self) -> Gateway:
        arguments = model_server_args.gateway(self.site, self._settings, self._server)
        return self.site.cloud.Gateway(self.child("gateway"), arguments, self.options())

    def _declare_alerts(self) -> None:
        arguments = part_args.alerts(self.site, self._settings.native, {"models": self._server})
        self.site.cloud.Alerts(self.child("alerts"), arguments, self.options())

    def _address(self) -> pulumi.Output[str]:
        if self._gateway is not None:
            return self._gateway.url
        assert self._server.url is not None  # noqa: S101 - asked for with access from the network
        return self._server.url
