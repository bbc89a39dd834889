"""Checks of a resource as a whole: what must be set, what excludes what, what drifts, what collides when replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from qiao.plan.recording import Resource
from qiao.plan.rules.finding import Findings
from qiao.plan.rules.limits import broken_limit, shown
from qiao.plan.rules.table import Rules
from qiao.plan.wire import Secret, Unknown, reveal

UNSET = {
    "name": "not set: Pulumi would add random letters to it; give it",
    "update": "not set: the provider reports a value all the same, so every preview would show an update; set it, or "
    "put it into ignore_changes",
    "replace": "not set: where the provider reports a value all the same, the next preview would replace the resource; "
    "set it, or put it into ignore_changes",
}
SAYS_SECRET = re.compile(
    r"(^|[_-])(SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIALS?|(ACCESS|API|PRIVATE|SECRET)_?KEY)($|[_-])", re.IGNORECASE
)


def check_whole(resource: Resource, rules: Rules, placeholders: Collection[str], findings: Findings) -> None:
    """Everything that concerns more than one value."""
    inputs = resource.inputs
    if rules.never and not resource.import_id:
        findings.add("", f"cannot be created: {rules.never}")
    for path, otherwise in rules.always.items():
        if not is_set(value_at(inputs, path)) and not _ignored(resource, path):
            findings.add(path, UNSET[otherwise])
    for path in rules.needed:
        for where, parent in _parents(inputs, [path]):
            if parent.get(_last(path)) is None:
                findings.add(_join(where, _last(path)), "missing: needed, though neither SDK nor provider asks for it")
    _check_groups(inputs, rules, findings)
    for condition in rules.when:
        _check_condition(inputs, condition, placeholders, findings)
    for path, (name, value) in rules.secret_pairs.items():
        _check_pairs(inputs.get(path), path, name, value, findings)
    if rules.exclusive:
        _check_replacement(resource, rules, findings)


def is_set(value: Any) -> bool:
    """Whether a value is there: unknown counts, nothing and an empty list do not."""
    value = value.value if isinstance(value, Secret) else value
    return isinstance(value, Unknown) or (value is not None and value != [])


def value_at(inputs: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path through objects; None where there is none."""
    value: Any = inputs
    for name in path.split("."):
        value = value.value if isinstance(value, Secret) else value
        if isinstance(value, Unknown):
            return value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _parents(inputs: Mapping[str, Any], group: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object that may hold the properties of a group, with its path: in lists, one for each item."""
    found: list[tuple[str, Any]] = [("", inputs)]
    for name in group[0].split(".")[:-1]:
        found = [(_join(where, name), value.get(name)) for where, value in found if isinstance(value, Mapping)]
        found = [each for where, value in found for each in _items(where, value)]
    return ((where, value) for where, value in found if isinstance(value, Mapping))


def _items(where: str, value: Any) -> list[tuple[str, Any]]:
    value = value.value if isinstance(value, Secret) else value
    if not isinstance(value, list):
        return [(where, value)]
    return [(f"{where}[{place}]", item.value if isinstance(item, Secret) else item) for place, item in enumerate(value)]


def _check_groups(inputs: Mapping[str, Any], rules: Rules, findings: Findings) -> None:
    for kind, groups in (("any", rules.any_of), ("one", rules.one_of), ("most", rules.not_both)):
        for group in groups:
            names = [_last(path) for path in group]
            for where, parent in _parents(inputs, group):
                given = [name for name in names if is_set(parent.get(name))]
                if not given and kind != "most":
                    findings.add(where, f"one of {', '.join(names)} is needed")
                elif len(given) > 1 and kind != "any":
                    findings.add(where, f"{' and '.join(given)} exclude each other")


def _check_condition(
    inputs: Mapping[str, Any], condition: Mapping[str, Any], placeholders: Collection[str], findings: Findings
) -> None:
    for path, values in condition["if"].items():
        if reveal(value_at(inputs, path)) not in values:
            return
    because = " and ".join(f"{path} is {_valued(inputs, path)}" for path in condition["if"])
    for path, limits in condition["then"].items():
        value = value_at(inputs, path)
        problem = _conditional(value, limits, inputs, placeholders)
        if problem is not None:
            findings.add(path, f"{problem} where {because}")


def _valued(inputs: Mapping[str, Any], path: str) -> str:
    value = value_at(inputs, path)
    return "not set" if value is None else shown(reveal(value), secret=isinstance(value, Secret))


def _conditional(
    value: Any, limits: Mapping[str, Any], inputs: Mapping[str, Any], placeholders: Collection[str]
) -> str | None:
    secret, plain = isinstance(value, Secret), reveal(value)
    if "set" in limits:
        return None if is_set(value) else "must be set"
    if "unset" in limits:
        return "must not be set" if is_set(value) else None
    if plain is None or isinstance(plain, Unknown) or any(text in str(plain) for text in placeholders):
        return None
    if "sum" in limits:
        return _broken_sum(plain, [reveal(value_at(inputs, path)) or 0 for path in limits["sum"]], limits["sum"])
    problem = broken_limit(plain, limits)
    return None if problem is None else f"{problem}, is {shown(plain, secret=secret)},"


def _broken_sum(total: Any, parts: list[Any], paths: Sequence[str]) -> str | None:
    if not all(isinstance(part, int) for part in parts) or sum(parts) == total:
        return None
    return f"must be the sum of {', '.join(map(_last, paths))} ({sum(parts)}), is {total},"


def _check_pairs(pairs: Any, path: str, name: str, value: str, findings: Findings) -> None:
    """A secret is told by its name here, since the list holds plain settings too."""
    if not isinstance(pairs, list):
        return
    for place, pair in enumerate(pairs):
        if not isinstance(pair, Mapping):
            continue
        label, content = str(reveal(pair.get(name))), pair.get(value)
        # Numbers are settings: MAX_TOKENS, TOKEN_LIMIT.
        if isinstance(content, str) and content and not content.isdigit() and SAYS_SECRET.search(label):
            findings.add(f"{path}[{place}].{value}", f"{label} in clear: give it as a secret")


def _ignored(resource: Resource, path: str) -> bool:
    return any(path == ignored or path.startswith(f"{ignored}.") for ignored in resource.ignore_changes)


def _check_replacement(resource: Resource, rules: Rules, findings: Findings) -> None:
    """Pulumi makes the new one first, by default. What has one identity in the cloud cannot be there twice."""
    changing = [
        path for path in rules.replaces
        if "." not in path and path not in rules.identity and not _ignored(resource, path)
    ]  # fmt: skip
    if changing and not resource.delete_before_replace:
        findings.add(
            "", f"a change of {' or '.join(changing)} makes the new one before the old one is gone, under the same "
            f"{rules.identity[-1]}: set delete_before_replace", "warning",
        )  # fmt: skip
