"""The log service: stores whose index some hosts know late. It is told the project by the host alone."""

from __future__ import annotations

from typing import Any

from tests.fakes.alicloud.acts import Act, Acts
from tests.fakes.http import Refused

INDEX = {"index_mode": "v2", "ttl": 30, "line": {"token": [",", " "], "caseSensitive": False, "chn": True}}


class Sls:
    """State of the log service, and its actions."""

    def __init__(self) -> None:
        self.stores: dict[tuple[str, str], list[str]] = {}
        """What each look at a store's index says: a code, or nothing where it is there; the last one stays."""
        self.acts: Acts = {"GetIndex": Act("GET", "/logstores/{logstore}/index", self.get_index)}

    def make_store(self, *looks: str, project: str = "qiao-dev-logs", logstore: str = "app") -> tuple[str, str]:
        """A store, and what each look at its index says."""
        self.stores[project, logstore] = list(looks) or [""]
        return project, logstore

    def get_index(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetIndex."""
        looks = self.stores.get((asked["project"], asked["logstore"]), ["ProjectNotExist"])
        code = looks.pop(0) if len(looks) > 1 else looks[0]
        if code:
            raise Refused(404, code, "played by the fake")
        return INDEX
