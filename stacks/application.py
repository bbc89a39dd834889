"""Application: what every blueprint's component is to the program: it stands on a site, has outputs and a link."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import Args, Component
from components.image import build_image
from components.service_token import ServiceToken
from stacks import checklist, part_args
from stacks.app_settings import AppSettings
from stacks.links import Link
from stacks.model import at
from stacks.part_settings import ImageSettings
from stacks.site import Site


@dataclass(frozen=True, kw_only=True)
class ApplicationArgs(Args):
    """What an application takes."""

    settings: Any
    """Its blueprint's own settings, checked."""
    site: Site
    """What it stands on."""


class Application(Component):
    """The base of every blueprint's component.

    A blueprint gives its settings model (`stacks/blueprints.py`) and its class (`stacks/builders.py`). Its planners of
    arguments run twice: in `rehearse`, on infrastructure that is only named, before anything is declared; and in the
    constructor.
    """

    cloud = "app"
    site: Site
    """What it stands on."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.site = args.site
        self._app: AppSettings = args.settings

    @classmethod
    @abstractmethod
    def rehearse(cls, site: Site, settings: Any) -> None:
        """Build and check the arguments of every component, on stand-ins: declares nothing.

        Args:
            site: where it stands; its infrastructure is only named.
            settings: the application's settings.
        """

    @abstractmethod
    def link(self) -> Link:
        """How another application calls it."""

    def exports(self) -> dict[str, Any]:
        """Its part of the stack's outputs: what it has, nothing secret."""
        found = {key: getattr(self, key) for key in self.OUTPUTS if key not in self.SECRET_OUTPUTS}
        place = {"blueprint": self._app.blueprint, "cloud": self._app.cloud, "region": self._app.region}
        return place | {key: value for key, value in found.items() if value is not None}

    def secret_exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """The same of what is secret (a key that tokens are signed with)."""
        found = {key: getattr(self, key) for key in self.SECRET_OUTPUTS}
        return {key: value for key, value in found.items() if value is not None}

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        contacts = {contact.name: contact.email for contact in self.site.region.contacts}
        return checklist.contact_lines(contacts)

    def tokens(self) -> dict[str, pulumi.Output[str]]:
        """Declare a bearer token of its own for each application that it links to and whose tokens the stack signs."""
        return {name: self._token(name, link) for name, link in self.site.links.items() if link.signing is not None}

    def _token(self, target: str, link: Link) -> pulumi.Output[str]:
        assert link.signing  # noqa: S101 - asked before
        signing = link.signing
        token = ServiceToken(
            self.child("token", target), signing_key=signing.key, issuer=signing.issuer, audience=signing.audience,
            subject=self.logical_name, opts=self.options(),
        )  # fmt: skip
        return token.token

    def declare_image(self, image: ImageSettings | None) -> pulumi.Output[str] | None:
        """The image's reference: built and pushed by `up`, given in full, or in the stack's registry; None without."""
        asked, registry = part_args.image_build(self.site, image), self.site.registry
        if asked and registry:
            build, repository = asked
            with at(self.site.path):
                return build_image(self.child("image"), build, registry, repository=repository, opts=self.options())
        reference = part_args.image_reference(self.site, image, registry)
        return None if reference is None else pulumi.Output.from_input(reference)
