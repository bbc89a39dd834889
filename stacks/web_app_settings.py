"""Settings of the `web-app` blueprint: a web application of code or of an image, with an address of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import model_validator

from components.checks import shown
from components.errors import UserError
from components.function import ENV_KEY, ENV_WORDS
from stacks import web_app_build
from stacks.app_settings import AppSettings, Doorway, Uses
from stacks.model import refuse
from stacks.part_settings import DomainSettings, FunctionSettings, Image, ImageSettings, PolicySettings, ReleaseSettings
from stacks.region_settings import Native

SENT_BY_QIAO = ("PORT", "JWT_ALG", "JWT_JWKS", "JWT_ISSUER", "JWT_AUDIENCE", "ORIGIN_SECRET")
"""Variables that the application reads and Qiao writes."""
PORT = 9000
"""What every cloud's runtimes of code can listen on, and some on nothing else."""


class WebAppSettings(FunctionSettings, AppSettings):
    """A web application: a function that serves HTTP, with an address of its own or behind a gateway."""

    blueprint: Literal["web-app"]
    """web-app."""
    image: Image | None = None
    """The image to run: exactly one of image and code."""
    build: str | None = None
    """Command that makes the folder of code ready to run, run inside it (`npm run build && npm prune --omit=dev`).
    Never run from here: it is what you are told to run before `up`, where the folder lacks what its package.json names.
    Default npm ci --omit=dev."""
    kind: Literal["web", "microservice"] = "web"
    """web: instances are started on demand. microservice: one is kept warm, and paid for. Default web."""
    command: str | None = None
    """Start command. Default: the image's own, or ./run.sh for code. Cannot be changed in place."""
    port: int = PORT
    """Port the server listens on; the variable PORT tells it. Default 9000."""
    access: Literal["url", "gateway"] = "url"
    """How callers reach it. url: by the function's own address, where the cloud gives functions one. gateway: through a
    gateway, which takes a domain, policies and tokens, and is billed by the hour where the cloud's has nodes. Alibaba
    Cloud makes browsers save what they get from a function's own address instead of showing it: for people, take
    gateway there. Default url."""
    auth: Literal["public", "app", "cloud", "jwt"]
    """Who may call; said for each application, since an open door is a decision. public: everyone, with a reason. app:
    the application logs its users in itself. cloud: who signs requests as the cloud wants it. jwt: who has a token
    (`qiao token`), with access gateway."""
    reason: str | None = None
    """Why everyone may call; required with auth public, and reported. Default: none."""
    checks_tokens: bool = False
    """With auth jwt, whether the application checks tokens itself too, by the variables JWT_ALG, JWT_JWKS, JWT_ISSUER,
    JWT_AUDIENCE and, where there is one, ORIGIN_SECRET (what the header x-edge-auth must hold). Needed where nothing
    before it does; it gets none of them where the gateway checks alone. Default false."""
    private_network: bool = False
    """Whether it reaches the private network (a database, Redis, a model server). Default false."""
    domain: DomainSettings | None = None
    """A domain of your own; with access gateway alone. Default: the generated address."""
    policies: PolicySettings | None = None
    """What the gateway does with calls on their way; with access gateway alone. Default: nothing beyond the check of
    who calls."""
    release: ReleaseSettings = ReleaseSettings()
    """How a new version takes over. Default: all at once."""

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
        """How others of the stage call it."""
        return Doorway(needs_token=self.auth == "jwt")

    @property
    def uses(self) -> Uses:
        """What of the foundation it needs."""
        return Uses(registry=self.image is not None, artifacts=self.code is not None)

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows."""
        yield "native", self.native, ("function", "gateway", "alerts")

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every environment variable that settings give."""
        for key in ("env", "secret_env"):
            yield from ((f"{key}.{name}", name) for name in getattr(self, key))

    def unready(self) -> Sequence[UserError]:
        """What its folder of code lacks of what its package.json names."""
        lacking = web_app_build.lacking(self.code) if self.code else ()
        if not self.code or not lacking:
            return ()
        names = ", ".join(lacking[:3]) + (f" and {len(lacking) - 3} more" if len(lacking) > 3 else "")
        what = f"{self.code.path} lacks what its package.json depends on ({names})"
        instead = f"run `{self.build or web_app_build.DEFAULT}` in it before `up`"
        return (UserError("code.path", what, instead),)

    @model_validator(mode="after")
    def _coherent(self) -> WebAppSettings:
        if (self.image is None) == (self.code is None):
            raise refuse("give exactly one of image and code", "set the one, leave the other out", "image")
        if not self.enabled and self.image is None:
            raise refuse("only an application of an image can wait for it", "leave it out", "enabled")
        if self.build is not None and self.image is not None:
            raise refuse("an image is built by its Dockerfile", "leave it out, or give `code`", "build")
        if self.build is not None and not self.build.strip():
            raise refuse("is empty", "write the command, or leave it out", "build")
        self._check_door()
        for where, name in self.variables():
            if not re.fullmatch(ENV_KEY, name):
                raise refuse(f"{shown(name)} is not valid", f"use {ENV_WORDS}", where)
            if name in SENT_BY_QIAO:
                raise refuse("Qiao writes this variable itself", "leave it out", where)
        return self

    def _check_door(self) -> None:
        for name in ("domain", "policies") if self.access == "url" else ():
            if getattr(self, name) is not None:
                raise refuse("there is no gateway", "set access: gateway, or leave it out", name)
        if self.access == "url" and self.auth == "jwt":
            raise refuse("nothing before a function's own address checks tokens", "set access: gateway", "auth")
        if self.checks_tokens and self.auth != "jwt":
            raise refuse("there are no tokens", "set auth: jwt, or leave it out", "checks_tokens")
        if self.reason is not None and self.auth != "public":
            raise refuse("the application is not public", "set auth: public, or leave it out", "reason")
