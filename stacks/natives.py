"""What only one cloud knows: `native` settings turned into that cloud's own extras, checked against their fields."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pulumi
from pydantic import ConfigDict, SecretStr, TypeAdapter, ValidationError

from components.clouds import Cloud
from components.errors import UserError
from stacks.model import at, clear_secret, join, nearest, sealed_where_clear, words
from stacks.secrets import Sealed, output

NATIVE = r"[A-Z]\w*Native\.(\S+?)(?: of \S+)?"
"""How a component names a place in a cloud's extras: `FileSystemNative.zone_id of models-files`."""


@contextmanager
def native_at(path: str) -> Iterator[None]:
    """Name the settings where a component's check finds what is wrong with its cloud's extras.

    Args:
        path: where they stand (`clouds.alicloud.cn-hangzhou.native.registry`).
    """
    try:
        yield
    except UserError as error:
        match = re.fullmatch(NATIVE, error.where)
        if not match:
            raise
        raise UserError(f"{path}.{match[1]}", error.what, error.instead) from None


def check_natives(cloud: Cloud, native: Mapping[str, Mapping[str, Any]], concepts: Sequence[str], path: str) -> None:
    """Refuse a concept that has no place here, and whatever its cloud's extras do not know.

    Args:
        cloud: the cloud whose extras they are.
        native: settings by concept.
        concepts: concepts that this place has.
        path: where the settings stand (`apps.agent.native`).
    """
    known = sorted(concept for concept in concepts if concept in cloud.concepts)
    for concept in native:
        if concept not in known:
            raise UserError(join(path, concept), "there is no such concept here", nearest(concept, known))
        native_of(cloud, native, concept, path)


def native_of(cloud: Cloud, native: Mapping[str, Mapping[str, Any]], concept: str, path: str) -> Any:
    """The cloud's extras of one concept, or None where the settings say nothing of it.

    A field that its dataclass keeps out of its text (`repr=False`) is a secret: it takes an encrypted value only.
    """
    if concept not in native:
        return None
    kind, where, given = cloud.native(concept), join(path, concept), native[concept]
    # Pulumi's Input holds forward references that only its own module can resolve.
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": TypeVar("T")})
    known = {field.name: field for field in fields(kind) if field.init}
    for name in given:
        if name not in known:
            raise UserError(join(where, name), "there is no such setting", nearest(name, sorted(known)))
    for name, field in known.items():
        if name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise UserError(join(where, name), "is missing", "give it")
    values = {name: _value(join(where, name), known[name], hints[name], value) for name, value in given.items()}
    with at(where):
        return kind(**values)


def _value(where: str, field: Field[Any], hint: Any, value: Any) -> Any:
    """One value in the type that the extras want; as JSON, in which lists may stand for tuples."""
    if not field.repr:
        if value is None and field.default is None:
            return None
        if not isinstance(value, Sealed):
            raise clear_secret(where)
        return output(SecretStr(value.value))
    adapter: TypeAdapter[Any] = TypeAdapter(_plain(hint), config=ConfigDict(strict=True, hide_input_in_errors=True))
    try:
        return adapter.validate_json(json.dumps(value))
    except TypeError:
        raise sealed_where_clear(where) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UserError(where, *words(first["type"], first["msg"])) from None


def _plain(hint: Any) -> Any:
    """A type without what only programs can give: `pulumi.Input[str]` is `str`."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    kept = [_plain(part) for part in get_args(hint) if get_origin(part) not in (pulumi.Output, Awaitable)]
    return reduce(or_, kept)
