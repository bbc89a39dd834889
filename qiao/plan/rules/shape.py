"""What a resource type's inputs look like, learned from the installed SDK: names, types, what is required, any depth.

Every generated SDK carries, beside each resource, a class of its arguments with typed properties (`pulumi.getter`).
Reading them means that a new provider version brings its own shapes along. Values are checked in their wire form.
"""

from __future__ import annotations

import enum
import sys
import types
import typing
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any, ForwardRef, Literal, Union

import pulumi

Kind = Literal["string", "integer", "number", "boolean", "list", "map", "object", "any"]
OWN_NAMES: Mapping[str, str] = {"tencentcloud": "tencentcloud_iac_pulumi"}
"""Python packages that are not called `pulumi_...`."""
SCALARS: Mapping[Any, Kind] = {str: "string", int: "integer", float: "number", bool: "boolean"}


@dataclass(frozen=True)
class Shape:
    """The shape of one value."""

    kind: Kind
    item: Shape | None = None
    """Shape of the items of a list or a map."""
    source: type | None = None
    """The SDK's class of an object's properties."""
    declared: Mapping[str, Shape] | None = None
    """Properties of an object that no SDK describes (a gap's)."""
    declared_required: frozenset[str] = frozenset()

    @cached_property
    def properties(self) -> Mapping[str, Shape]:
        """Properties of an object by wire name."""
        if self.source is None:
            return self.declared or {}
        return {name: _shape(hint, self.source) for _, name, hint in _getters(self.source)}

    @cached_property
    def required(self) -> frozenset[str]:
        """Wire names of the properties that an object must have."""
        if self.source is None:
            return self.declared_required
        code, defaults = self.source.__init__.__code__, self.source.__init__.__kwdefaults__ or {}  # type: ignore[misc]
        keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        needed = {name for name in keyword_only if name not in defaults}
        return frozenset(wire for python, wire, _ in _getters(self.source) if python in needed)

    def at(self, path: str) -> Shape | None:
        """The shape at a dotted path (`envs.value`), lists and maps passed through; None where there is none."""
        shape: Shape | None = self
        for name in path.split("."):
            while shape is not None and shape.item is not None:
                shape = shape.item
            shape = shape.properties.get(name) if shape is not None else None
        return shape


ANY = Shape("any")


@cache
def shape_of(type_token: str) -> Shape | None:
    """The shape of a resource type's inputs, or None where no installed SDK describes them."""
    package, _, rest = type_token.partition(":")
    module_path, _, name = rest.rpartition(":")
    if package == "pulumi":
        return _provider_shape(name) if module_path == "providers" else None
    module = _module(package, module_path.split("/")[0])
    resource = getattr(module, name, None)
    return _arguments(resource, name) if isinstance(resource, type) else None


def python_package(package: str) -> str:
    """Name of the Python package of a Pulumi package."""
    return OWN_NAMES.get(package) or "pulumi_" + package.replace("-", "_")


def _module(package: str, module: str) -> types.ModuleType | None:
    # Tencent Cloud's tokens have modules in capitals, and its package has none.
    name = python_package(package) + ("" if module == "index" else f".{module.replace('-', '_').lower()}")
    try:
        return import_module(name)
    except ImportError:
        return None


def _arguments(resource: type, name: str) -> Shape | None:
    module = sys.modules[resource.__module__]
    # Where `...Args` is taken, by the resource's lookup or by a nested object (BucketWebsite), it is `...InitArgs`.
    source = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args", None)
    return Shape("object", source=source) if source is not None else None


def _provider_shape(package: str) -> Shape | None:
    """A provider's own inputs: their names only, since every value that is no text travels as JSON text."""
    arguments = getattr(_module(package, "index"), "ProviderArgs", None)
    if arguments is None:
        return None
    shape = Shape("object", source=arguments)
    return Shape("object", declared=dict.fromkeys(shape.properties, ANY), declared_required=shape.required)


@cache
def _getters(source: type) -> tuple[tuple[str, str, Any], ...]:
    """Python name, wire name and annotation of every property of an arguments class."""
    found = []
    for python, member in vars(source).items():
        wire = getattr(getattr(member, "fget", None), "_pulumi_name", None)
        if wire is not None:
            found.append((python, wire, member.fget.__annotations__.get("return", Any)))
    return tuple(found)


def _shape(hint: Any, within: type) -> Shape:
    hint = _resolve(hint, within)
    if hint in SCALARS:
        return Shape(SCALARS[hint])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        members = [member for member in arguments if not _is_wrapping(member)]
        shapes = {_shape(member, within) for member in members}
        return shapes.pop() if len(shapes) == 1 else ANY
    if origin in (list, Sequence) and arguments:
        return Shape("list", item=_shape(arguments[0], within))
    if origin in (dict, Mapping) and len(arguments) == 2:
        return Shape("map", item=_shape(arguments[1], within))
    if isinstance(hint, type):
        return _class_shape(hint)
    return ANY


def _resolve(hint: Any, within: type) -> Any:
    if isinstance(hint, ForwardRef):
        hint = hint.__forward_arg__
    if not isinstance(hint, str):
        return hint
    found: Any = sys.modules[within.__module__]
    for part in hint.split("."):
        found = getattr(found, part, Any)
    return found


def _is_wrapping(hint: Any) -> bool:
    """Whether a member of a union only says that the value may come later, or not at all."""
    if isinstance(hint, ForwardRef):
        return hint.__forward_arg__.startswith("Output[")  # how `pulumi.Input` names it
    return hint is type(None) or typing.get_origin(hint) in (Awaitable, pulumi.Output)


def _class_shape(hint: Any) -> Shape:
    if issubclass(hint, enum.Enum):
        return next((Shape(kind) for base, kind in SCALARS.items() if issubclass(hint, base)), ANY)
    return Shape("object", source=hint) if _getters(hint) else ANY
