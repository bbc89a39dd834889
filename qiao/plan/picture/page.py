"""The one file: template, styles, scripts, layout library and data put together, under a policy that loads nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
OWN_SCRIPTS: Final = ("model.js", "layout.js", "draw.js", "viewport.js", "panel.js", "view.js", "main.js")
"""Our scripts, each after those it uses."""
LOCK: Final = re.compile(r'LOCK = "([^"]+)"')


def assemble(document: dict[str, Any]) -> str:
    """The page of a document. The policy lists the hash of each script and style, so nothing else can ever run."""
    styles, scripts = _read("assets/style.css"), _scripts()
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(_hash(text) for text in scripts)}; style-src {_hash(styles)}"
    )
    parts = {
        "policy": policy,
        "title": html.escape(document["title"]),
        "notice": notice(),
        "styles": f"<style>{styles}</style>",
        "lock": _lock(),
        "data": embedded(document),
        "scripts": "\n".join(f"<script>{text}</script>" for text in scripts),
    }
    # One pass over the template: a title or a value that looks like a placeholder stays what it is.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _read("assets/page.html"))


def embedded(document: dict[str, Any]) -> str:
    """The data as JSON in pure ASCII that no HTML parser can take for markup, whatever names and values hold."""
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def manifest() -> list[dict[str, Any]]:
    """What is vendored: name, version, license, source and the sha256 of every file."""
    return list(json.loads(_read("vendor/manifest.json")))


def notice() -> str:
    """The notice that the libraries' licenses ask of every copy."""
    lines = [f"{it['name']} {it['version']}, {it['license']}, source: {it['source']}" for it in manifest()]
    return f"Holds {'; '.join(lines)}."


def _scripts() -> list[str]:
    vendored = [f"vendor/{name}" for it in manifest() for name in it["files"] if name.endswith(".js")]
    return [_read(path) for path in [*vendored, *(f"assets/{name}" for name in OWN_SCRIPTS)]]


def _lock() -> str:
    found = LOCK.search(_read("assets/draw.js"))
    assert found is not None  # noqa: S101 - our own file
    return found[1]


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _read(path: str) -> str:
    # A checkout may carry Windows line ends; an HTML parser reads them as \n, and so must the hash.
    return (HERE / path).read_text(encoding="utf-8").replace("\r\n", "\n")
