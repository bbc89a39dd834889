"""Stand-ins for infrastructure that is only named, which an application's planners of arguments are first run on."""

from __future__ import annotations

from components.base import as_output
from components.function import ExistingFunction, FunctionArgs
from components.gateway import Gateway
from components.image import check_build
from components.tokens import Signer
from stacks import part_args
from stacks.model import at
from stacks.part_settings import ImageSettings
from stacks.site import Site, elsewhere

NAMED = "stand-in"
"""What stands for every id and name that the cloud chooses."""


def image(site: Site, settings: ImageSettings | None, *, enabled: bool) -> str | None:
    """The reference of an image, or a stand-in for one that is built or lies in the stack's own registry.

    Args:
        site: where the application stands.
        settings: what its settings say of the image.
        enabled: whether it is deployed now: the folder of one that waits may be there as late as the image.
    """
    assert site.registry  # noqa: S101 - a stand-in at least
    asked = part_args.image_build(site, settings)
    if asked and enabled:
        build, repository = asked
        with at(site.path), elsewhere(site, "registry"):
            check_build(site.name, build, repository, site.registry)
    reference = part_args.image_reference(site, settings, site.registry)
    known = reference if isinstance(reference, str) else f"{NAMED}:1"
    return known if settings else None


def function(args: FunctionArgs) -> ExistingFunction:
    """A function that is only named, as its arguments have it."""
    return ExistingFunction(id=NAMED, name=NAMED, timeout_seconds=args.timeout, own=True)


def signer(site: Site) -> Signer | None:
    """What applications check tokens by, only named; None where the cloud's gateway checks alone."""
    if site.cloud.Gateway.declare_signer.__func__ is Gateway.declare_signer.__func__:  # type: ignore[attr-defined]
        return None
    named = as_output(NAMED)
    return Signer(issuer=NAMED, audience=NAMED, private_key=named, jwks=named, origin_secret=named)


def tokens(site: Site) -> dict[str, str]:
    """A token for each application that the stack signs one for."""
    return {name: NAMED for name, link in site.links.items() if link.signing is not None}
