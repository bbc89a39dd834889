"""The content delivery network: what it is asked to take out of its caches."""

from __future__ import annotations

from typing import Any

from tests.fakes.http import Refused
from tests.fakes.shapes import Actions

MOST_AT_ONCE = 1000


class Cdn:
    """State of the content delivery network, and its actions."""

    version = "2018-06-06"

    def __init__(self) -> None:
        self.domains: set[str] = set()
        """Domains of the account that it serves."""
        self.left = 10_000
        """Addresses that may still be purged today."""
        self.purged: list[list[str]] = []
        """The addresses of each purge."""
        self.actions: Actions = {"PurgeUrlsCache": ({"Urls": [str]}, self.purge)}

    def purge(self, asked: dict[str, Any]) -> dict[str, Any]:
        """PurgeUrlsCache."""
        urls: list[str] = asked["Urls"]
        if not 0 < len(urls) <= MOST_AT_ONCE:
            raise Refused(200, "InvalidParameter.CdnPurgeExceedBatchLimit", f"{len(urls)} addresses")
        for url in urls:
            scheme, _, rest = url.partition("://")
            if scheme not in ("http", "https") or not rest.isascii():
                raise Refused(200, "InvalidParameter.CdnUrlInvalid", url)
            if rest.partition("/")[0] not in self.domains:
                raise Refused(200, "UnauthorizedOperation.CdnDomainUnauthorized", url)
        if len(urls) > self.left:
            raise Refused(200, "LimitExceeded.CdnPurgeUrlExceedDayLimit", "no more today")
        self.left -= len(urls)
        self.purged.append(urls)
        return {"TaskId": f"task-{len(self.purged)}"}
