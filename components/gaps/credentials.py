"""Credentials of the environment, and the refusal of a provider that acts as somebody else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components.errors import UserError
from components.gaps import polling

EARLY: Final = 300.0
"""Seconds before their end at which a role's credentials are renewed: a call may take that long with its repeats."""


@dataclass(frozen=True)
class Credentials:
    """What signs a call."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

    def redact(self, text: str) -> str:
        """A text in which neither secret stands, whatever a service may have echoed."""
        for secret in (self.secret_key, self.session_token):
            text = text.replace(secret, "***") if secret else text
        return text


class ShortLived:
    """Credentials of roles that were taken on, for the life of this process and nowhere else."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, Credentials]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, seconds: float, take: Callable[[], Credentials]) -> Credentials:
        """Those kept under a key, or new ones where they end soon.

        Args:
            key: all that they depend on.
            seconds: how long new ones last.
            take: takes on the role. One thread at a time.
        """
        with self._lock:
            until, taken = self._kept.get(key, (0.0, None))
            if taken is None or until - EARLY <= polling.now():
                taken = take()
                self._kept[key] = (polling.now() + seconds, taken)
        return taken


@dataclass(frozen=True)
class Carried:
    """What a cloud's provider may carry of its own instead of taking it from the environment."""

    package: str
    """The provider's package (`volcengine`), which is also its namespace in stack configuration."""
    arguments: Mapping[str, tuple[str, tuple[str, ...]]]
    """Arguments of an explicit provider; for each the same as configuration of the default provider, and the variables
    that it must agree with: the first of them that is set."""
    roles: Mapping[str, str]
    """Configuration by which the default provider acts as somebody that the environment does not know of, and the
    variable to set instead. The same arguments of an explicit provider cannot be seen: its SDK gives them no output."""


def first_set(variables: tuple[str, ...]) -> str:
    """The value of the first of some variables that is set and not empty; empty where none is."""
    return next((value for name in variables if (value := os.environ.get(name, ""))), "")


def same_credentials(carried: Carried, provider: pulumi.ProviderResource | None, where: str) -> pulumi.Output[None]:
    """Refuse a gap whose provider acts as somebody else than the environment says.

    Were the provider to carry keys or a role of its own, the gaps would silently work in another account: one clear
    error instead, and no value of a credential in it.

    Args:
        carried: what this cloud's provider may carry.
        provider: the explicit provider of the component, or None for the default one, which stack config may configure.
        where: what to name in the error.

    Returns: an Output without a value, edge or secret, that fails where they differ; waiting for it gates a resource.
    """
    outputs = {} if provider is None else {name: provider.__dict__.get(name) for name in carried.arguments}
    if provider is None:
        _default_provider(carried, where)

    async def verdict() -> None:
        known = {name: await value.future() for name, value in outputs.items() if isinstance(value, pulumi.Output)}
        _compare(carried, known, where)

    # Made from a coroutine, not by Output.all: the gap must get neither an edge to the provider nor its secretness.
    return pulumi.Output.from_input(verdict())


def explicit_provider(package: str, opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider of a package that a component's other children use; None for the default one."""
    if opts is None:
        return None
    given = opts.providers.values() if isinstance(opts.providers, Mapping) else opts.providers or []
    for provider in (opts.provider, *given):
        if isinstance(provider, pulumi.ProviderResource) and provider.package == package:
            return provider
    return opts.parent.get_provider(f"{package}:index:Gap") if opts.parent is not None else None


def _default_provider(carried: Carried, where: str) -> None:
    config = pulumi.Config(carried.package)
    _compare(carried, {name: config.get(word) for name, (word, _) in carried.arguments.items()}, where)
    for word, variable in carried.roles.items():
        if config.get(word):
            raise _stranger(where, f"{carried.package}:{word}", variable)


def _compare(carried: Carried, known: Mapping[str, Any], where: str) -> None:
    """Refuse credentials that a provider carries and the environment does not have. Unknown values pass."""
    for name, (_, variables) in carried.arguments.items():
        if known.get(name) and known[name] != first_set(variables):
            raise _stranger(where, name, variables[0])


def _stranger(where: str, name: str, variable: str) -> UserError:
    what = f"its provider is given {name}, but this resource's own calls are signed by what the environment holds"
    return UserError(where, what, f"leave {name} out of the provider and set {variable}")
