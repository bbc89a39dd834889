"""Checks of a resource as a whole: what must be set, what excludes what, what drifts, what collides when replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from qiao.plan.recording import Resource
from qiao.plan.rules.conditions import check_condition, is_set, last, value_at
from qiao.plan.rules.finding import Findings
from qiao.plan.rules.table import Rules
from qiao.plan.wire import Secret, reveal

UNSET = {
    "name": "not set: Pulumi would add random letters to it; give it",
    "update": "not set: the provider reports a value all the same, so every preview would show an update; set it, or "
    "put it into ignore_changes",
    "replace": "not set: where the provider reports a value all the same, the next preview would replace the resource; "
    "set it, or put it into ignore_changes",
}
DROPPED = "the provider takes a change of it and never sends it: put it into replace_on_changes, or into ignore_changes"
REFUSED = "the provider fails a change of it: put it into replace_on_changes, or into ignore_changes"
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
            if parent.get(last(path)) is None:
                findings.add(_join(where, last(path)), "missing: needed, though neither SDK nor provider asks for it")
    _check_groups(inputs, rules, findings)
    for condition in rules.when:
        check_condition(inputs, condition, placeholders, findings)
    _check_labels(inputs, rules, findings)
    _check_unnoticed(resource, rules, findings)
    if rules.exclusive:
        _check_replacement(resource, rules, findings)


def _check_labels(inputs: Mapping[str, Any], rules: Rules, findings: Findings) -> None:
    """A secret is told by its name here, since the list, or the map, holds plain settings too."""
    for path, (name, value) in rules.secret_pairs.items():
        _check_pairs(inputs.get(path), path, name, value, findings)
    for path in rules.secret_maps:
        _check_map(inputs.get(path), path, findings)


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
            names = [last(path) for path in group]
            for where, parent in _parents(inputs, group):
                given = [name for name in names if is_set(parent.get(name))]
                if not given and kind != "most":
                    findings.add(where, f"one of {', '.join(names)} is needed")
                elif len(given) > 1 and kind != "any":
                    findings.add(where, f"{' and '.join(given)} exclude each other")


def _check_pairs(pairs: Any, path: str, name: str, value: str, findings: Findings) -> None:
    if not isinstance(pairs, list):
        return
    for place, pair in enumerate(pairs):
        if isinstance(pair, Mapping):
            _check_content(str(reveal(pair.get(name))), pair.get(value), f"{path}[{place}].{value}", findings)


def _check_map(values: Any, path: str, findings: Findings) -> None:
    if isinstance(values, Mapping):
        for label, content in values.items():
            _check_content(label, content, f'{path}["{label}"]', findings)


def _check_content(label: str, content: Any, at: str, findings: Findings) -> None:
    # Numbers are settings: MAX_TOKENS, TOKEN_LIMIT.
    if isinstance(content, str) and content and not content.isdigit() and SAYS_SECRET.search(label):
        findings.add(at, f"{label} in clear: give it as a secret")


def _check_unnoticed(resource: Resource, rules: Rules, findings: Findings) -> None:
    """Changes that come to nothing, and values that never come back as they were sent."""
    for paths, otherwise in ((rules.dropped, DROPPED), (rules.refused, REFUSED)):
        for path in paths:
            if is_set(value_at(resource.inputs, path)) and not (_covered(resource, path) or _is_fixed(rules, path)):
                findings.add(path, otherwise, "warning")
    for path, why in rules.drifting.items():
        if is_set(value_at(resource.inputs, path)) and not _ignored(resource, path):
            findings.add(path, f"put it into ignore_changes: {why}", "warning")


def _is_fixed(rules: Rules, path: str) -> bool:
    """Whether there is but one value, and so no change."""
    return len(rules.fields.get(path, {}).get("in", (None, None))) == 1


def _ignored(resource: Resource, path: str) -> bool:
    return _names(resource.ignore_changes, path)


def _covered(resource: Resource, path: str) -> bool:
    return _names([*resource.ignore_changes, *resource.replace_on_changes], path)


def _names(options: Iterable[str], path: str) -> bool:
    """Whether options name a field, or what it lies in."""
    return any(path == named or path.startswith(f"{named}.") or named == "*" for named in options)


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
