"""Where an application is built: its place, what it shares with others, and what it may call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from components.bucket import BucketLike
from components.clouds import Cloud
from components.errors import UserError
from components.network import NetworkLike
from components.observability import ObservabilityLike
from components.registry import RegistryLike
from components.scope import Scope
from stacks.links import Link
from stacks.model import at, join
from stacks.natives import NATIVE, native_of
from stacks.region_settings import Native, RegionSettings

P = ParamSpec("P")
A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class Site:
    """What a blueprint is built on."""

    name: str
    """The application's name: the first part of every child's."""
    cloud: Cloud
    """The cloud, which classes come from."""
    scope: Scope
    """Project, stage, application, region and profile."""
    region: RegionSettings
    """What the stage file says of the cloud and region."""
    shared_network: NetworkLike | None = None
    """The shared network; None where nobody there needs one."""
    shared_logs: ObservabilityLike | None = None
    """The shared logs and traces; None likewise."""
    registry: RegistryLike | None = None
    """The shared registry, where an application uses an image."""
    artifacts: BucketLike | None = None
    """The shared bucket for archives of code, where an application has code."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """How to call each application that this one links to."""

    @property
    def network(self) -> NetworkLike:
        """The shared network, for an application that does not stand alone."""
        assert self.shared_network is not None  # noqa: S101 - settings demand one
        return self.shared_network

    @property
    def observability(self) -> ObservabilityLike:
        """The shared logs and traces, likewise."""
        assert self.shared_logs is not None  # noqa: S101 - settings demand them
        return self.shared_logs

    @property
    def path(self) -> str:
        """Where the application's settings stand."""
        return join("apps", self.name)

    @property
    def region_path(self) -> str:
        """Where the settings of its cloud and region stand."""
        return join("clouds", self.cloud.name, self.scope.region)

    def native(self, settings: Native, concept: str, where: str = "native") -> Any:
        """The cloud's extras of a concept, or None."""
        return native_of(self.cloud, settings, concept, join(self.path, where))


def planned(
    concept: str, *below: str, **renamed: str
) -> Callable[[Callable[Concatenate[Site, P], A]], Callable[Concatenate[Site, P], A]]:
    """Make a planner of a component's arguments check them for the cloud, and name settings where they are wrong.

    Args:
        concept: the component's concept (`function`).
        below: where its settings stand, below the application's.
        renamed: the setting's name by the argument's, where they differ.
    """

    def wrap(plan: Callable[Concatenate[Site, P], A]) -> Callable[Concatenate[Site, P], A]:
        @wraps(plan)
        def checked(site: Site, /, *args: P.args, **kwargs: P.kwargs) -> A:
            with at(join(site.path, *below), **renamed), elsewhere(site, concept):
                arguments = plan(site, *args, **kwargs)
                site.cloud.component(concept).check(site.name, arguments)
                return arguments

        return checked

    return wrap


@contextmanager
def elsewhere(site: Site, concept: str) -> Iterator[None]:
    """Name settings that do not stand with the application's own of a concept: what only the cloud knows, and what the
    region shares."""
    places = {
        r"RegistryNative\.(\w+)": join(site.region_path, "native", "registry"),
        NATIVE: join(site.path, "native", concept),
        r"[A-Z]\w*Args\.network(?:\.(\w+))?": join(site.region_path, "network"),
        r"ExistingRegistry\.(\w+)": join(site.region_path, "registry", "existing"),
    }
    try:
        yield
    except UserError as error:
        for pattern, place in places.items():
            if match := re.fullmatch(pattern, error.where):
                where = join(place, *filter(None, match.groups()))
                lent = site.region.lender is not None and where.startswith(f"{site.region_path}.")
                raise UserError(join(site.region_path, "from") if lent else where, error.what, error.instead) from None
        raise
