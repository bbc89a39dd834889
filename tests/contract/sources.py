"""What the concept modules say in their source: fields, annotations and the docstrings beneath them."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from dataclasses import dataclass, is_dataclass
from functools import cache
from types import ModuleType

from components.clouds import CONCEPTS


@dataclass(frozen=True)
class Field:
    name: str
    annotation: str
    doc: str


@cache
def concept_module(concept: str) -> ModuleType:
    return importlib.import_module(f"components.{concept}")


@cache
def fields(module: ModuleType, class_name: str) -> dict[str, Field]:
    """Annotated names in the body of a class that a module has, each with the text beneath it.

    Before them those of a base that several extras of one cloud share.
    """
    kind: type = getattr(module, class_name)
    shared = [base for base in kind.__mro__[1:] if re.fullmatch(r"components\.[a-z_]+\.[a-z_]+", base.__module__)]
    return {name: item for one in [*reversed(shared), kind] for name, item in _own_fields(one).items()}


def _own_fields(kind: type) -> dict[str, Field]:
    tree = ast.parse(inspect.getsource(importlib.import_module(kind.__module__)))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    found = {}
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            found[name] = Field(name, ast.unparse(statement.annotation), _text(following))
    return found


def _text(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return ""


def dataclasses_of(module: ModuleType) -> list[type]:
    """The dataclasses that a module offers: its own, and those of its parts (`function_parts`) that it imports."""
    own = re.compile(rf"{re.escape(module.__name__)}(_[a-z_]+)?")
    members = (value for _, value in inspect.getmembers(module, inspect.isclass))
    return [kind for kind in members if own.fullmatch(kind.__module__) and is_dataclass(kind)]


def optional_outputs(concept: str) -> set[str]:
    """Outputs that the concept documents as possibly None: Pulumi leaves those out of what is registered."""
    found = fields(concept_module(concept), CONCEPTS[concept])
    return {name for name, item in found.items() if item.annotation.endswith("| None")}
