"""Whether a folder of code is ready to run: what its package.json names must lie in it, since nobody installs it later.

Nothing is run from here. A plan of a fresh checkout must need no network, and `up` must send what was tested.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from components import packaging
from components.errors import UserError
from stacks.part_settings import CodeSettings

DEFAULT = "npm ci --omit=dev"
"""What makes a folder ready where settings say nothing else."""
MANIFEST, MODULES = "package.json", "node_modules"


def lacking(code: CodeSettings) -> Sequence[str]:
    """Names of the packages that the code depends on and its archive would not hold, in the order of their names.

    A folder that ignores its package.json (a bundle, which holds what it needs) lacks nothing. What is wrong with the
    folder itself is for the function's own check to say.

    Args:
        code: the folder, and what is left out of it.
    """
    try:
        entries = {entry.name: entry for entry in packaging.check("code.path", code.path, code.ignore or ())}
    except UserError:
        return ()
    manifest = entries.get(MANIFEST)
    if manifest is None:
        return ()
    return [name for name in _dependencies(manifest) if f"{MODULES}/{name}/{MANIFEST}" not in entries]


def _dependencies(manifest: packaging.Entry) -> list[str]:
    """What a package.json names under `dependencies`; nothing where it cannot be read: Node itself says why then."""
    try:
        content: Any = json.loads(manifest.source.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    found = content.get("dependencies") if isinstance(content, dict) else None
    return sorted(found) if isinstance(found, dict) else []
