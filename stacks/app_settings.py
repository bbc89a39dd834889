"""What settings of every application hold, whatever its blueprint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from components.errors import UserError
from stacks.model import Model
from stacks.part_settings import ImageSettings
from stacks.region_settings import Native

CONCEPTS = ("function", "gateway", "postgres", "mysql", "redis", "bucket", "filesystem", "alerts", "identity")
"""Concepts that an application's `native` may speak of."""


@dataclass(frozen=True, kw_only=True)
class Uses:
    """What an application needs of what is shared in its cloud and region, beyond network and logs."""

    registry: bool = False
    """An image registry."""
    artifacts: bool = False
    """A bucket for archives of code."""
    traces: bool = False
    """A trace store."""

    def __or__(self, other: Uses) -> Uses:
        return Uses(**{key: value or getattr(other, key) for key, value in vars(self).items()})


@dataclass(frozen=True, kw_only=True)
class Doorway:
    """How other applications of the stage call one."""

    needs_token: bool = False
    """Whether a bearer token is needed."""
    network_only: bool = False
    """Whether only callers inside its private network reach it."""
    models: tuple[str, ...] = ()
    """Names of the models that it serves, for an application that is one's provider of models."""
    path: str = ""
    """The path that its address ends with, where it answers one alone."""


class AppSettings(Model):
    """What settings of every application hold."""

    blueprint: str
    """Which application it is."""
    cloud: str
    """The cloud it runs on."""
    region: str
    """The cloud's region code. It needs an entry below `qiao:clouds`."""
    enabled: bool = True
    """Whether it is deployed. false for one whose image is not there yet: the first `up` then makes what is shared, and
    says how to log in, build and push. Default true."""
    links: list[str] = Field(default_factory=list)
    """Other applications of this stage that it calls: it gets each one's address as <NAME>_URL and the permission to
    ask for a token. Default: none."""
    native: Native = Field(default_factory=dict)
    """What only this cloud knows, by concept (`function`, `gateway`, `postgres`, ...)."""

    @property
    def waits_for(self) -> ImageSettings | None:
        """The image that it can wait for while it is not enabled; None where it has none."""
        return None

    @property
    def stands_alone(self) -> bool:
        """Whether it needs neither the network nor the logs that applications of its cloud and region share."""
        return False

    @property
    def in_network(self) -> bool:
        """Whether it calls others from inside the private network."""
        return True

    @property
    def doorway(self) -> Doorway:
        """How other applications of the stage call it."""
        return Doorway()

    @property
    def uses(self) -> Uses:
        """What of the foundation it needs."""
        return Uses()

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows: its path, what it holds, the concepts it may speak of."""
        yield "native", self.native, CONCEPTS

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every environment variable that settings give: where it stands, and its name."""
        yield from ()

    def unready(self) -> Sequence[UserError]:
        """What must be done before `up`, and need not be for a plan: which setting, what is missing, what to do."""
        return ()
