"""Documents in files: written whole or not at all, and never over anything else; read without trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from components.errors import UserError
from qiao.plan.files import write
from qiao.plan.saved.model import VERSION, Document

LARGEST_BYTES: Final = 64 * 1024 * 1024
AGAIN: Final = "save one with `qiao plan STAGE --save FILE`"


def text_of_document(document: BaseModel) -> str:
    """A document as JSON: the same bytes for the same document."""
    values = document.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def save(document: Document, path: Path) -> None:
    """Write a document. The file is there whole or as it was.

    Raises:
        UserError: the folder is missing or closed, or the file is something else than a saved plan.
    """
    if path.exists() and not _is_plan(path):
        raise UserError(path.name, "is there, and is no saved plan", "give another name; nothing was written")
    write(path, text_of_document(document))


def _is_plan(path: Path) -> bool:
    try:
        return _parsed(path).get("format") == "qiao.plan"
    except UserError:
        return False


def load(path: Path) -> Document:
    """Read a saved plan.

    Raises:
        UserError: there is none, or it is damaged, or of a version that this Qiao does not know.
    """
    values = _parsed(path)
    if values.get("format") != "qiao.plan":
        raise UserError(path.name, "is no saved plan", AGAIN)
    if values.get("version") != VERSION:
        raise UserError(path.name, f"is a saved plan of another version than {VERSION}", AGAIN)
    try:
        document = Document.model_validate(values)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise UserError(path.name, f"is a damaged plan (at {where})", AGAIN) from None
    urns = [resource.urn for resource in document.resources]
    if len(set(urns)) != len(urns):
        raise UserError(path.name, "is a damaged plan: a resource stands twice", AGAIN)
    return document


def _parsed(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise UserError(path.name, "there is no such file", AGAIN)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UserError(path.name, f"is larger than {LARGEST_BYTES // 2**20} MiB", AGAIN)
        values = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise UserError(path.name, f"cannot be read: {error.strerror or 'the system refuses'}", AGAIN) from None
    except (ValueError, RecursionError):
        raise UserError(path.name, "is no JSON", AGAIN) from None
    if not isinstance(values, dict):
        raise UserError(path.name, "is no saved plan", AGAIN)
    return values


def _refuse(_: str) -> None:
    raise ValueError
