"""What only a person can do, collected while the program runs: `plan` prints it, and `up` shows it as an output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pulumi

from components.base import as_output
from components.registry import RegistryLike
from stacks.part_settings import ImageSettings


@dataclass
class Checklist:
    """Lines for a person, each once, in the order they came."""

    lines: list[pulumi.Input[str]] = field(default_factory=list)
    """The lines. One that names what the cloud chooses is an Output."""

    def add(self, lines: Iterable[pulumi.Input[str]]) -> None:
        """Add lines that are not there yet."""
        for line in lines:
            if isinstance(line, pulumi.Output) or line not in self.lines:
                self.lines.append(line)


def secret_lines(unset: Iterable[str]) -> list[str]:
    """How to set each secret that settings name and nobody has set."""
    return [f"set a secret: pulumi config set --secret --path '{path}'" for path in unset]


def contact_lines(contacts: Mapping[str, str]) -> list[str]:
    """Contacts get nothing before they confirmed their address; no API can do that for them."""
    return [f"{name}: confirm the address {email} in the mail that the cloud sends" for name, email in contacts.items()]


def domain_lines(domain: str, *, zone: str | None, cname: pulumi.Input[str] | None) -> list[pulumi.Input[str]]:
    """A domain's filing, and its record where the zone is elsewhere."""
    lines: list[pulumi.Input[str]] = [f"{domain}: file it (ICP) with the cloud before it serves mainland China"]
    if zone is None and cname is not None:
        lines.append(pulumi.Output.concat(domain, ": at your DNS host, set a CNAME record to ", cname))
    return lines


def image_commands(registry: RegistryLike, image: ImageSettings, *, default: str) -> dict[str, pulumi.Input[str]]:
    """How to log in to the registry, build an image for the clouds' machines, and push it.

    Args:
        registry: the stack's registry.
        image: what settings say of the image.
        default: its name where they say none.
    """
    target: pulumi.Input[str] = image.reference or registry.image(image.name or default, image.tag or "1.0.0")
    host: pulumi.Input[str] = image.reference.split("/")[0] if image.reference else registry.endpoint
    user = "" if image.reference else as_output(registry.username).apply(_user)
    folder = image.context or "."
    dockerfile = f"{folder}/{image.dockerfile or 'Dockerfile'}".removeprefix("./")
    return {
        "login": pulumi.Output.concat("docker login", user, " ", host),
        "build": pulumi.Output.concat(
            f"docker build --platform linux/amd64 --file {dockerfile} --tag ", target, f" {folder}"
        ),
        "push": pulumi.Output.concat("docker push ", target),
    }


def _user(name: str) -> str:
    """The option that names a user; without one, `docker login` asks for it."""
    return f" --username={name}" if name else ""


PASSWORD_LINE = "the registry's password: pulumi stack output foundation_secrets --show-secrets"  # noqa: S105 - the way
"""How a person gets the password that `docker login` asks for."""
