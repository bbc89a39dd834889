"""A rendered page taken apart the way a browser does, and small recordings to render."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from qiao.plan.recording import Recording, Resource

STACK = "urn:pulumi:dev::demo::"


class Page(HTMLParser):
    """Tags with their attributes, the text of scripts and styles, and the embedded data."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "title": [], "h1": []}
        self.comments: list[str] = []
        self.data: Any = None
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        self._inside = "plan" if attributes.get("id") == "plan" else tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self._inside == "plan":
            self.data = json.loads(data)
        elif self._inside in self.texts:
            self.texts[self._inside].append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def a_resource(name: str, type_token: str = "demo:net/thing:Thing", **more: Any) -> Resource:  # noqa: S107
    """A custom resource right under the stack, with anything else set as asked."""
    fields: dict[str, Any] = {
        "urn": f"{STACK}{type_token}::{name}", "type": type_token, "name": name, "custom": True,
        "parent": f"{STACK}pulumi:pulumi:Stack::demo-dev", "inputs": {}, "outputs": {},
    }  # fmt: skip
    return Resource(**{**fields, **more})


def a_recording(*resources: Resource, **more: Any) -> Recording:
    """A recording of these resources and nothing else."""
    fields: dict[str, Any] = {
        "project": "demo", "stack": "dev", "preview": False, "resources": resources, "invokes": (), "outputs": {},
    }  # fmt: skip
    return Recording(**{**fields, **more})
