"""What a registry on Alibaba Cloud takes beyond the vocabulary, what that cloud refuses, and where its hosts lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

import pulumi

from components import cidr
from components.checks import in_range, is_plain, matches, one_of
from components.errors import UserError
from components.registry import RegistryArgs

Edition = Literal["Personal", "Enterprise"]
EDITIONS = ("Personal", "Enterprise")
TYPES = ("Basic", "Standard", "Advanced", "Economy")
LONGEST_PERSONAL = 30
"""Characters of a repository's name in the personal edition."""


@dataclass(frozen=True, kw_only=True)
class RegistryNative:
    """What only Alibaba Cloud knows about a registry."""

    edition: Edition | None = None
    """Personal: free, one an account and region, open to all who log in, without guarantees. Enterprise: an instance of
    one's own, paid in advance, with an address list and a door into the network. Default: Enterprise where the profile
    asks for private access, else Personal. Images do not move along."""
    instance_type: Literal["Basic", "Standard", "Advanced", "Economy"] = "Basic"
    """Size of an enterprise instance. Default Basic. The provider can only choose it at first: to go up, do it in the
    console, then write it here; written here first, it replaces the instance with all its images."""
    months: int = 1
    """Months that an enterprise instance is paid for at first. Default 1. Limit: 1 to 36. A later change does
    nothing."""
    auto_renew: bool | None = None
    """Whether an enterprise instance is renewed every month until it is deleted. Default: where the profile protects;
    elsewhere it ends with the months paid. A later change does nothing: make it in the billing console."""
    fixed_password: bool = True
    """Whether an enterprise instance gets a generated password, for the identity that deploys. Default True. False
    where that is a role, which can have none: people and pipelines then log in with a token of an hour."""
    username: pulumi.Input[str] | None = None
    """User to log in with. A RAM user: `user@` and the account's alias, or its id; the account itself: its full name.
    For an enterprise instance, the identity that deploys. Default: none, and `up` cannot push."""
    password: pulumi.Input[str] | None = field(default=None, repr=False)
    """Password set in the console for the personal edition, which has no call for it: a secret. Default: none, and `up`
    cannot push."""
    host: str | None = None
    """Public host of the personal instance, as its console shows it (`crpi-….<region>.personal.cr.aliyuncs.com`).
    Default: `registry.<region>.aliyuncs.com`, right only for instances older than 9 September 2024."""
    auto_create: bool | None = None
    """Whether a push makes the repository that is not there, private. Default: only where `repositories` names none.
    Those made so are nobody's: they may keep their namespace from being deleted until they are deleted by hand."""
    immutable_tags: bool | None = None
    """Whether a declared repository of an enterprise instance refuses a tag that it has already. Default: where the
    profile is not open to the world, so where images by `latest` are refused too. An `up` that broke off between push
    and end may then have to be helped: delete the tag."""

    def __post_init__(self) -> None:
        one_of("RegistryNative.edition", self.edition, EDITIONS)
        one_of("RegistryNative.instance_type", self.instance_type, TYPES)
        in_range("RegistryNative.months", self.months, 1, 36, "months")
        matches(
            "RegistryNative.host", self.host, r"[a-z0-9-]+(\.[a-z0-9-]+)+",
            "a bare host name, without https:// and path",
        )  # fmt: skip
        if is_plain(self.password) and not self.password:
            raise UserError("RegistryNative.password", "it is empty", "give the one that is set in the console")

    def edition_for(self, args: RegistryArgs) -> Edition:
        """The edition, by these settings or the profile."""
        return self.edition or ("Enterprise" if args.scope.profile.private_access else "Personal")


OTHERS: Mapping[Edition, Mapping[str, str]] = {
    "Personal": {
        "instance_type": "leave it out, or set edition to Enterprise",
        "months": "leave it out, or set edition to Enterprise",
        "auto_renew": "leave it out, or set edition to Enterprise",
        "fixed_password": "leave it out, or set edition to Enterprise",
        "immutable_tags": "leave it out, or set edition to Enterprise",
    },
    "Enterprise": {
        "host": "leave it out: its name makes its host",
        "password": "leave it out: one is generated",
    },
}
"""Extras that an edition has no use for, and what to do instead."""


def check_registry(args: RegistryArgs, native: RegistryNative) -> None:
    """Refuse what the edition would refuse, or silently do otherwise."""
    edition = native.edition_for(args)
    for one in fields(native):
        instead = OTHERS[edition].get(one.name)
        if instead is not None and getattr(native, one.name) != one.default:
            raise UserError(f"RegistryNative.{one.name}", f"it says nothing to the {edition} edition", instead)
    if edition == "Personal":
        _check_personal(args)


def _check_personal(args: RegistryArgs) -> None:
    enterprise = "set native.registry.edition to Enterprise"
    narrow = [block for block in args.public_blocks if not cidr.is_world(block)]
    if narrow:
        instead = f"leave {narrow[0]} out, or {enterprise}"
        raise UserError("RegistryArgs.public_cidrs", "the Personal edition is open to all who log in", instead)
    if args.namespace is not None and "." in args.namespace:
        raise UserError(
            "RegistryArgs.namespace", "the Personal edition takes no '.'", f"use '-' or '_', or {enterprise}"
        )
    for name in args.repositories:
        if len(name) > LONGEST_PERSONAL:
            what = f"{name!r} is longer than the {LONGEST_PERSONAL} characters of the Personal edition"
            raise UserError("RegistryArgs.repositories", what, f"shorten it, or {enterprise}")


def personal_host(region: str) -> str:
    """Public host of personal instances that are older than 9 September 2024."""
    return f"registry.{region}.aliyuncs.com"


def enterprise_host(name: str, region: str) -> str:
    """Public host of an enterprise instance.

    Not read from the instance: what it reported when it was made knows nothing of an endpoint opened since.
    """
    return f"{name}-registry.{region}.cr.aliyuncs.com"


def private_host(public: str) -> str:
    """The host by which a network inside the region reaches the same instance: `-vpc` behind the first word."""
    word, rest = public.split(".", 1)
    return f"{word}-vpc.{rest}"
