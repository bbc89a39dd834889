"""Settings of the `agent` blueprint: a chat agent behind a gateway, with an optional knowledge base beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field, model_validator

from components.checks import shown
from components.function import ENV_KEY, ENV_WORDS
from stacks.app_settings import AppSettings, Doorway, Uses
from stacks.model import refuse
from stacks.part_settings import (
    BucketSettings,
    CodeSettings,
    DatabaseSettings,
    DomainSettings,
    FunctionSettings,
    IdentitySettings,
    Image,
    ImageSettings,
    OperatorSettings,
    PolicySettings,
    ReleaseSettings,
)
from stacks.region_settings import Native

SENT_BY_QIAO = ("REGION", "TRACE_ENDPOINT", "TRACE_TOPIC", "ACCOUNT_ID", "RESOURCE_TYPE", "RESOURCE_ID")
"""Variables that the application reads and Qiao writes; the two that carry keys are the cloud's own words."""


class KnowledgeBaseSettings(FunctionSettings):
    """The knowledge base: a second function, of code, called for every uploaded document."""

    code: CodeSettings
    """The folder with `index.py` and its `handler(event, context)`."""
    path: str = "/api/v2/kb"
    """Path of the gateway that it answers, longer ones included. Default /api/v2/kb."""
    native: Native = Field(default_factory=dict)
    """What only this cloud knows, of the concept function."""


class AgentSettings(FunctionSettings, AppSettings):
    """A chat agent: a function behind a gateway, with logs, traces, an identity of its own, and alarms."""

    blueprint: Literal["agent"]
    """agent."""
    kind: Literal["web", "microservice", "event"] | None = None
    """web: an HTTP server, started on demand. microservice: one kept warm, and paid for. event: a Python handler.
    Default web."""
    image: Image | None = None
    """The image to run: exactly one of image and code."""
    command: str | None = None
    """Start command. Default: the image's own, or ./run.sh for code of kind web. Cannot be changed in place."""
    port: int | None = None
    """Port the server listens on. Default 8000."""
    path: str = "/api/v2/bots/chat"
    """Path of the gateway that it answers, exactly, to POST. Default /api/v2/bots/chat."""
    health_path: str = "/v1/ping"
    """Path that says that it lives, to GET. Default /v1/ping."""
    auth: Literal["jwt", "app", "cloud", "public"] = "jwt"
    """Who may call. jwt: a token of the gateway (`qiao token`). app: the application logs users in. cloud: the cloud's
    request signing. public: everyone. Default jwt."""
    reason: str | None = None
    """Why everyone may call; required with auth public, and reported. Default: none."""
    private_network: bool = True
    """Whether functions reach the private network (database, Redis). Default true."""
    traces: bool = True
    """Whether the application is told where to send traces. Default true."""
    account_id: str | None = None
    """The account's number, for the application's own records. Default: not told."""
    resource_type: str | None = None
    """What the application is, for its own records (`bot`). Default: not told."""
    resource_id: str | None = None
    """Its id, for its own records. Default: not told."""
    release: ReleaseSettings = ReleaseSettings()
    """How a new version takes over. Default: all at once."""
    knowledge_base: KnowledgeBaseSettings | None = None
    """A second function that takes uploaded documents. Default: none."""
    policies: PolicySettings | None = None
    """What the gateway does with calls on their way. Default: nothing beyond the check of who calls."""
    domain: DomainSettings | None = None
    """A domain of your own. Default: the gateway's generated address."""
    database: DatabaseSettings | None = None
    """A PostgreSQL database. Default: none."""
    bucket: BucketSettings | None = None
    """A bucket for what it stores. Default: none."""
    identity: IdentitySettings = IdentitySettings()
    """The identity that it calls the cloud with."""
    operator: OperatorSettings | None = None
    """A console user with the guide's policies; `{}` for the defaults. Default: none."""

    @property
    def waits_for(self) -> ImageSettings | None:
        """The image that it can wait for."""
        return self.image

    @property
    def in_network(self) -> bool:
        """Whether it calls others from inside the private network."""
        return self.private_network

    @property
    def doorway(self) -> Doorway:
        """How others of the stage call it: through its gateway."""
        return Doorway(needs_token=self.auth == "jwt", path=self.path)

    @property
    def uses(self) -> Uses:
        """What of the foundation it needs."""
        return Uses(
            registry=self.image is not None, artifacts=bool(self.code or self.knowledge_base), traces=self.traces
        )

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows."""
        yield from super().natives()
        if self.knowledge_base:
            yield "knowledge_base.native", self.knowledge_base.native, ("function",)

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every environment variable that settings give or name, the knowledge base's included."""
        yield from self._named()
        for prefix, of in (("", self), ("knowledge_base.", self.knowledge_base)):
            for key in ("env", "secret_env") if of else ():
                yield from ((f"{prefix}{key}.{name}", name) for name in getattr(of, key))

    @model_validator(mode="after")
    def _coherent(self) -> AgentSettings:
        if (self.image is None) == (self.code is None):
            raise refuse("give exactly one of image and code", "set the one, leave the other out", "image")
        if not self.enabled and self.image is None:
            raise refuse("only an application of an image can wait for it", "leave it out", "enabled")
        if self.kind == "event" and self.image:
            raise refuse("an event handler is code", "give `code`, or take kind web", "kind")
        if self.path == self.health_path:
            raise refuse("chats are sent to the same path", "choose another", "health_path")
        named = dict(self._named())
        if len(set(named.values())) < len(named):
            raise refuse("the bucket's name goes into the same variable", "choose another", "database.env")
        for where, name in self.variables():
            if not re.fullmatch(ENV_KEY, name):
                raise refuse(f"{shown(name)} is not valid", f"use {ENV_WORDS}", where)
            if name in SENT_BY_QIAO or (name in named.values() and where not in named):
                raise refuse("Qiao writes this variable itself", "leave it out", where)
        return self

    def _named(self) -> Iterator[tuple[str, str]]:
        """The variables that settings name and Qiao fills."""
        things = {"database": self.database, "bucket": self.bucket}
        yield from ((f"{key}.env", thing.env) for key, thing in things.items() if thing)
