"""Where an application is built: its place, what it shares with others, and what it may call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.bucket import BucketLike
from components.clouds import Cloud
from components.network import NetworkLike
from components.observability import ObservabilityLike
from components.registry import RegistryLike
from components.scope import Scope
from stacks.links import Link
from stacks.model import join
from stacks.natives import native_of
from stacks.region_settings import Native, RegionSettings


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
    network: NetworkLike
    """The shared network."""
    observability: ObservabilityLike
    """The shared logs and traces."""
    registry: RegistryLike | None = None
    """The shared registry, where an application uses an image."""
    artifacts: BucketLike | None = None
    """The shared bucket for archives of code, where an application has code."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """How to call each application that this one links to."""

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
