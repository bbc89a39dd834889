"""SitePurge: takes what has changed of a website out of the caches of the content delivery network, and no more.

The provider's `cdn.UrlPurge` cannot know what has changed: of the addresses in one resource it purges all, and one a
file asks the service for each on every refresh. There it waits for the record of its last purge, which the service
keeps for a while only, and fails in the end. So this remembers what every file was, and purges those that are another
now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.tencentcloud.gaps.base import Gap, GapProvider, Props
from components.tencentcloud.gaps.client import Client, Service
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError, GapError

CDN: Final = Service("cdn", "2018-06-06")
MOST_AT_ONCE: Final = 1000
"""Addresses that the service takes in one call; it takes 10000 a day."""


class SitePurgeProvider(GapProvider):
    """Purges on update."""

    IDENTITY = ("region", "domain")
    SETTINGS = ("files",)

    def create(self, props: Props) -> CreateResult:
        """Nothing: a domain that is new to the network has nothing in its caches."""
        return CreateResult(str(props["domain"]), self.inputs(props))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Purge what is another now, or gone.

        What is gone is still in the bucket at this moment: deletions come last in an `up`. Whoever asks for it in
        between brings it back into a cache, for as long as it said it may be kept.
        """
        urls = addresses(str(news["domain"]), changed(olds.get("files") or {}, news.get("files") or {}))
        for start in range(0, len(urls), MOST_AT_ONCE):
            _purge(connect(news["region"]), urls[start : start + MOST_AT_ONCE])
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was purged stays so: there is nothing to look at."""
        return ReadResult(id_, self.inputs(props))


def _purge(client: Client, urls: Sequence[str]) -> None:
    try:
        # To purge twice is to purge.
        client.call(CDN, "PurgeUrlsCache", {"Urls": list(urls)}, idempotent=True)
    except ApiError as error:
        if not error.code.startswith("LimitExceeded"):
            raise
        what = f"the account may purge no more today, and {len(urls)} addresses are left: {error}"
        instead = "run `up` again tomorrow; until then caches keep the old files for as long as those say"
        raise GapError(what, instead) from None


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Paths that answer otherwise than they did. One that is new is in no cache."""
    return sorted(path for path, mark in old.items() if new.get(path) != mark)


def addresses(domain: str, paths: Sequence[str]) -> list[str]:
    """Full addresses of paths, as browsers ask for them."""
    return [f"https://{domain}{path}" for path in paths]


class SitePurge(Gap, module="tencentcloud", name="SitePurge"):
    """Takes changed files out of the caches."""

    domain: pulumi.Output[str]
    """The domain."""

    def __init__(
        self,
        name: str,
        *,
        domain: pulumi.Input[str],
        files: Mapping[str, str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            name: logical name.
            domain: the domain; another one begins anew.
            files: what changes when a file does, by the file's path as addresses write it, for files that may be kept.
            region: region code, for the call alone: the network is one.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"domain": domain, "files": dict(files), "region": region}
        super().__init__(SitePurgeProvider(), name, props, opts)
