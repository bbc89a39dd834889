"""Checks a recording against the rules: every resource by itself, then what only all of them together show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from qiao.plan.recording import Recording, Resource
from qiao.plan.rules.conditions import is_set
from qiao.plan.rules.finding import Finding, Findings
from qiao.plan.rules.table import Rules, rules_for, shape_for
from qiao.plan.rules.values import Walk
from qiao.plan.rules.whole import check_whole
from qiao.plan.secrets import certain, in_clear
from qiao.plan.wire import is_known, reveal


def check(
    recording: Recording, *, placeholders: Collection[str] = (), rules: Mapping[str, Rules] | None = None
) -> list[Finding]:
    """Everything in a recording that the cloud, the provider or a later change would trip over.

    Args:
        recording: what a program asked for.
        placeholders: texts that stand for encrypted settings. A value that holds one is not checked for its content,
            but it must be secret wherever it stands.
        rules: rules of further types, or others for types that have some.

    Returns:
        Findings, sorted by resource and path; none means that nothing is wrong. Secrets are looked into, never shown.
        Unknown values pass.
    """
    table = rules or {}
    found: list[Finding] = []
    for resource in recording.resources:
        if resource.custom and not resource.read:
            found += _check_resource(resource, table.get(resource.type) or rules_for(resource.type), placeholders)
    found += _check_identities(recording, table)
    found += _check_secrets(recording, placeholders)
    return sorted(found)


def _check_resource(resource: Resource, rules: Rules | None, placeholders: Collection[str]) -> Findings:
    findings = Findings(resource)
    shape = shape_for(resource.type, rules)
    if rules is None:
        findings.add("", "this type has no rules: add them to the table, with the provider version they are read from")
    if shape is not None:
        walk = Walk(rules or Rules(), placeholders, findings)
        walk.properties(resource.inputs, shape, "", "")
    if rules is not None:
        check_whole(resource, rules, placeholders, findings)
    return findings


def _check_identities(recording: Recording, table: Mapping[str, Rules]) -> Iterator[Finding]:
    """Two resources that are one thing in the cloud: the second is refused there, or takes the first one along."""
    seen: dict[Any, Resource] = {}
    for resource in recording.resources:
        rules = table.get(resource.type) or rules_for(resource.type)
        key = _identity(resource, rules) if rules is not None and not resource.read else None
        if key is None or rules is None:
            continue
        first = seen.setdefault(key, resource)
        if first is not resource:
            findings = Findings(resource)
            findings.add(rules.identity[-1], f"the same {' and '.join(rules.identity)} as {first.name}: one would "
                         "take the other's place")  # fmt: skip
            yield from findings


def _identity(resource: Resource, rules: Rules) -> Any:
    values = [resource.inputs.get(path) for path in rules.identity]
    if not any(is_set(value) for value in values) or not all(is_known(value) for value in values):
        return None
    return resource.type, resource.provider, repr(reveal(values))


def _check_secrets(recording: Recording, placeholders: Iterable[str]) -> Iterator[Finding]:
    """A secret that stands in clear elsewhere, alone or inside something larger, such as a connection URL."""
    secrets = certain(recording, placeholders)
    for resource in recording.resources:
        findings = Findings(resource)
        published: Mapping[str, Any] = {} if resource.custom else resource.outputs
        for values, place in ((resource.inputs, ""), (published, "outputs")):
            for path in in_clear(dict(values), place, secrets):
                findings.add(path, "holds a secret in clear: wrap it in pulumi.Output.secret")
        yield from findings
    for path in in_clear(dict(recording.outputs), "", secrets):
        yield Finding(urn="", name=path, type="stack output", path="", message="shows a secret in clear")
