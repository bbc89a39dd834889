"""Where two values differ, in the words of someone who reads settings: items by name, JSON by its content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qiao.plan.saved.values import NOTHING, is_plain, plain_key, text_of

NAMES: Final = ("key", "name", "id")
"""What tells the items of a list apart, where every item has one."""


@dataclass(frozen=True)
class Spot:
    """One place at which two values differ."""

    path: str
    """For people: `envs[LOG_LEVEL].value`."""
    field: str
    """For rules: `envs.value`, without places in lists; up to the text where the difference lies inside JSON."""
    old: Any
    new: Any

    @property
    def fields(self) -> set[str]:
        """The field, and those below it where a whole object comes or goes."""
        return {self.field, *_below(self.old, self.field), *_below(self.new, self.field)}


IsSet = Callable[[str], bool]


def differences(old: Mapping[str, Any], new: Mapping[str, Any], is_set: IsSet) -> list[Spot]:
    """Every place at which two resources' inputs differ.

    Args:
        old: the inputs before.
        new: the inputs after.
        is_set: whether a field is a set: a list whose order means nothing.
    """
    return list(_walk(old, new, "", "", is_set))


def _walk(old: Any, new: Any, path: str, field: str, is_set: IsSet) -> Iterator[Spot]:
    if same(old, new):
        return
    if is_plain(old) and is_plain(new):
        for key in sorted({*old, *new}):
            name = plain_key(key)
            here, there = old.get(key, NOTHING), new.get(key, NOTHING)
            yield from _walk(here, there, _join(path, name), _join(field, name), is_set)
    elif isinstance(old, Sequence) and isinstance(new, Sequence) and not isinstance(old, str) and path:
        yield from _lists(old, new, path, field, is_set)
    else:
        inside = _inside_json(old, new)
        if inside is None:
            yield Spot(path, field, old, new)
        else:
            # The field ends where the text begins: no rule looks into it.
            spots = list(_walk(*inside, f"{path}:", field, lambda _: False))
            yield from (Spot(spot.path.replace(":.", ":", 1), field, spot.old, spot.new) for spot in spots)
            if not spots:
                yield Spot(path, field, old, new)


def _lists(old: Sequence[Any], new: Sequence[Any], path: str, field: str, is_set: IsSet) -> Iterator[Spot]:
    if is_set(field) and _bag(old) == _bag(new):
        return
    name = _told_by(old, new)
    if name is not None:
        before, after = ({str(item[name]): item for item in items} for items in (old, new))
        for key in dict.fromkeys([*before, *after]):
            yield from _walk(before.get(key, NOTHING), after.get(key, NOTHING), f"{path}[{key}]", field, is_set)
        if before == after:
            yield Spot(path, field, list(before), list(after))
    elif old and new and all(is_plain(item) for item in (*old, *new)):
        for place in range(max(len(old), len(new))):
            here, there = (items[place] if place < len(items) else NOTHING for items in (old, new))
            yield from _walk(here, there, f"{path}[{place}]", field, is_set)
    else:
        yield Spot(path, field, old, new)


def _told_by(old: Sequence[Any], new: Sequence[Any]) -> str | None:
    for name in NAMES:
        if old and new and all(_tells(items, name) for items in (old, new)):
            return name
    return None


def _tells(items: Sequence[Any], name: str) -> bool:
    names = [item.get(name) if is_plain(item) else None for item in items]
    return all(isinstance(each, str) for each in names) and len(set(names)) == len(names)


def same(one: Any, other: Any) -> bool:
    """Whether two values are one; unlike `==`, a number is no truth value."""
    return one is other or _frozen(one) == _frozen(other)


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)


def _bag(items: Sequence[Any]) -> list[str]:
    return sorted(_frozen(item) for item in items)


def parsed(value: Any) -> Any:
    """What a text of JSON holds, parts that only the cloud knows named in it; None for any other value."""
    text = text_of(value)
    if text is None or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _inside_json(old: Any, new: Any) -> tuple[Any, Any] | None:
    here, there = parsed(old), parsed(new)
    return (here, there) if type(here) is type(there) and here is not None else None


def _below(value: Any, field: str) -> Iterator[str]:
    if is_plain(value):
        for key, item in value.items():
            yield _join(field, plain_key(key))
            yield from _below(item, _join(field, plain_key(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _below(item, field)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def at(inputs: Any, field: str) -> Any:
    """The value of a dotted field of objects; None where there is none."""
    value = inputs
    for name in field.split("."):
        value = value.get(name) if is_plain(value) else None
    return value
