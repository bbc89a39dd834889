"""Comparing recordings: what differs between two runs, by name and never by value."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from qiao.plan.recording import Recording, Resource

OPTIONS = (
    "parent", "provider", "protect", "retain_on_delete", "depends_on", "aliases", "ignore_changes",
    "replace_on_changes", "delete_before_replace", "additional_secret_outputs", "custom_timeouts", "import_id",
)  # fmt: skip
"""Options that a difference is looked for in."""


def check_same(one: Recording, other: Recording) -> None:
    """Two runs asked for exactly the same."""
    refuse("two runs of the same input differ", differences(one.resources, other.resources))
    refuse("two runs of the same input ask other data sources", [] if one.invokes == other.invokes else ["invokes"])
    refuse("two runs of the same input have other outputs", [] if one.outputs == other.outputs else ["stack outputs"])


def check_grown(before: Recording, after: Recording, allowed: Collection[str] = ()) -> None:
    """An optional part added leaves all that was there as it was: same name, same inputs, same options.

    Args:
        before: without the part.
        after: with it.
        allowed: differences that are meant, as `differences` writes them.
    """
    kept = {resource.urn for resource in before.resources}
    inside = [resource for resource in after.resources if resource.urn in kept]
    found = set(differences(before.resources, inside)) - set(allowed)
    refuse("an added part renames or changes what was there", found)
    new = {resource.urn for resource in after.resources} - kept
    refuse("the added part adds nothing", [] if new else ["no new resource"])


def differences(before: Iterable[Resource], after: Iterable[Resource]) -> list[str]:
    """What differs between two sets of resources: `- type`, `+ type`, `type.property`, `type#option`; no values.

    Registered outputs of components are left out: they follow from the rest.
    """
    old, new = ({resource.urn: resource for resource in side} for side in (before, after))
    found = {f"- {old[urn].type}" for urn in old.keys() - new.keys()} | {
        f"+ {new[urn].type}" for urn in new.keys() - old.keys()
    }
    for urn in old.keys() & new.keys():
        one, other = old[urn], new[urn]
        for key in one.inputs.keys() | other.inputs.keys():
            if one.inputs.get(key) != other.inputs.get(key):
                found.add(f"{one.type}.{key}")
        for option in OPTIONS:
            if getattr(one, option) != getattr(other, option):
                found.add(f"{one.type}#{option}")
    return sorted(found)


def refuse(what: str, breaches: Iterable[str]) -> None:
    """Raise one AssertionError that lists every breach; none is none."""
    listed = sorted(breaches)
    if listed:
        raise AssertionError(f"{what}:\n  " + "\n  ".join(listed))
