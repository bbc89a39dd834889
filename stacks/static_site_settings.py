"""Settings of the `static-site` blueprint: a folder of files served to browsers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field, model_validator

from stacks.app_settings import AppSettings
from stacks.model import refuse
from stacks.part_settings import DomainSettings
from stacks.region_settings import Native


class StaticSiteSettings(AppSettings):
    """A static site: a folder of files, served under a domain of its own through a content delivery network."""

    blueprint: Literal["static-site"]
    """static-site."""
    folder: str
    """Folder of the files to serve, relative to the project: what browsers get (`public`, `dist`)."""
    build: str | None = None
    """Command that makes the folder (`npm run build`). Never run from here, neither by a plan nor by `up`: the pipeline
    runs it before. It is what you are told to run where the folder is missing. Default: none, the folder is as it is
    written."""
    domain: DomainSettings | None = None
    """A domain of your own, with HTTPS, through a content delivery network. Default: the storage's own address, which
    some clouds send as a download only."""
    index: str = "index.html"
    """Page of a folder, and of the site. Default index.html."""
    error: str = "404.html"
    """Page for what is not there. Default 404.html; where the folder has none of that name, the cloud's own words."""
    single_page: bool = False
    """Whether the index answers for every path that is no file, for applications that route in the browser. Default
    false."""
    ignore: list[str] = Field(default_factory=list)
    """Patterns left out, in .gitignore's way, beside names that begin with a dot (but for `.well-known`). Default:
    none."""
    cache: dict[str, str] = Field(default_factory=dict)
    """`Cache-Control` by pattern (`assets/**`); the last that matches wins. Default: pages are asked about before each
    use, files whose name holds a hash are kept for a year, all else for an hour."""
    content_types: dict[str, str] = Field(default_factory=dict)
    """`Content-Type` by pattern, likewise. Default: by the name's ending; text is UTF-8."""

    @property
    def stands_alone(self) -> bool:
        """It needs neither the network nor the logs that others share."""
        return True

    @property
    def in_network(self) -> bool:
        """It calls nobody."""
        return False

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows."""
        yield "native", self.native, ("website",)

    @model_validator(mode="after")
    def _coherent(self) -> StaticSiteSettings:
        if not self.enabled:
            raise refuse("only an application of an image can wait for it", "leave it out", "enabled")
        if self.links:
            raise refuse("a site calls nobody: its pages do, from browsers", "build addresses into the pages", "links")
        for name in ("folder", "build"):
            value = getattr(self, name)
            if value is not None and not value.strip():
                raise refuse("is empty", "write it, or leave it out" if name == "build" else "name a folder", name)
        return self
