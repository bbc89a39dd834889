"""Settings of the `model-server` blueprint: open models on a graphics card (Ollama)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field, model_validator

from components.checks import shown
from components.function import ENV_KEY, ENV_WORDS
from stacks.app_settings import AppSettings, Doorway, Uses
from stacks.model import Model, refuse
from stacks.part_settings import DomainSettings, Image, ImageSettings, InstanceSettings, PolicySettings, ReleaseSettings
from stacks.region_settings import Native

MODEL = r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9][A-Za-z0-9._-]*)?"
"""A model's name as the server's registry has it: `llama3.1:8b`, `namespace/name:tag`."""

SENT_BY_QIAO = ("OLLAMA_HOST", "OLLAMA_MODELS", "OLLAMA_ORIGINS", "OLLAMA_KEEP_ALIVE")
"""Variables that the server reads and Qiao writes."""


class GpuSettings(Model):
    """The graphics card of every instance."""

    model: str = "t4"
    """Which card: t4 (16 GB) or a10 (24 GB). Default t4: the cheaper, and enough for models of up to 8 billion
    parameters in 4 bits."""
    memory_gb: int | None = None
    """Graphics memory in GB. Default: the whole card, since a slice computes slower."""


class FilesSettings(Model):
    """Where models lie: a network file system that all instances share, so that none is downloaded twice."""

    path: str = "/ollama"
    """Folder inside the function that it is seen as, and that models are kept in. Default /ollama."""
    existing_id: str | None = None
    """Id of a file system that is there already. Default: one of its own."""
    existing_host: str | None = None
    """Host that it is mounted from; needed with `existing_id`."""
    directory: str | None = None
    """Folder of a file system that is there already, which is seen instead of all of it. It must exist. Default: all of
    it."""

    @model_validator(mode="after")
    def _whole(self) -> FilesSettings:
        if (self.existing_id is None) != (self.existing_host is None):
            raise refuse("existing_id and existing_host go together", "give both or neither", "existing_host")
        if self.directory is not None and self.existing_id is None:
            raise refuse("a new file system has no folders", "leave it out", "directory")
        return self


class ModelServerSettings(InstanceSettings, AppSettings):
    """A server of open models on a graphics card, never open to the internet without a token."""

    blueprint: Literal["model-server"]
    """model-server."""
    image: Image
    """The server's image: Ollama's own, pushed into a registry of the cloud."""
    models: list[str] = Field(default_factory=list)
    """Models that each instance makes sure of before its first call (`llama3.1:8b`), kept on the file system. One that
    is there stays as it is, though its tag may have moved on. Default: none; the API's /api/pull adds and renews."""
    pull_seconds: int = 600
    """Longest wait for `models` when an instance starts, in seconds, 1 to 600. A download that is cut is resumed by the
    next instance. Default 600."""
    gpu: GpuSettings = GpuSettings()
    """The graphics card. Default: a whole T4."""
    files: FilesSettings = FilesSettings()
    """Where models lie. Default: a file system of its own, seen as /ollama."""
    access: Literal["network", "gateway"] = "network"
    """Who may call. network: applications of this stage, from inside the private network, without a token. gateway: any
    caller with a token, through a gateway of its own, which is billed by the hour. Default network."""
    origins: str = "*"
    """Web pages whose scripts may call it (CORS), separated by commas. Default `*`, as the guide has it: who may call
    is checked before."""
    port: int = 11434
    """Port that the server listens on. Default 11434, Ollama's."""
    release: ReleaseSettings = ReleaseSettings()
    """How a new version takes over. Default: all at once."""
    policies: PolicySettings | None = None
    """What the gateway does with calls on their way; with `access: gateway` alone."""
    domain: DomainSettings | None = None
    """A domain of your own; with `access: gateway` alone. Default: the gateway's generated address."""

    @property
    def waits_for(self) -> ImageSettings | None:
        """The image that it can wait for."""
        return self.image

    @property
    def doorway(self) -> Doorway:
        """How others of the stage call it."""
        by_network = self.access == "network"
        return Doorway(needs_token=not by_network, network_only=by_network, models=tuple(self.models))

    @property
    def uses(self) -> Uses:
        """What of the foundation it needs."""
        return Uses(registry=True)

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows."""
        yield "native", self.native, ("function", "gateway", "filesystem", "alerts")

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every environment variable that settings give."""
        for key in ("env", "secret_env"):
            yield from ((f"{key}.{name}", name) for name in getattr(self, key))

    @model_validator(mode="after")
    def _coherent(self) -> ModelServerSettings:
        for place, name in enumerate(self.models):
            if not re.fullmatch(MODEL, name):
                raise refuse(f"{shown(name)} is no model", "write name:tag, such as llama3.1:8b", f"models[{place}]")
        if len(set(self.models)) < len(self.models):
            raise refuse("a model is named twice", "name each once", "models")
        if not 1 <= self.pull_seconds <= 600:
            raise refuse(f"{self.pull_seconds} is out of range", "use 1 to 600 seconds", "pull_seconds")
        for name in ("policies", "domain") if self.access == "network" else ():
            if getattr(self, name) is not None:
                raise refuse("there is no gateway", "set access: gateway, or leave it out", name)
        for where, name in self.variables():
            if not re.fullmatch(ENV_KEY, name):
                raise refuse(f"{shown(name)} is not valid", f"use {ENV_WORDS}", where)
            if name in SENT_BY_QIAO:
                raise refuse("Qiao writes this variable itself", "leave it out", where)
        return self
