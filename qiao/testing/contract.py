"""Contracts that every component keeps, as plain functions over a `Recording`. Use them on components of your own.

    recording = record(program)                      # the program builds one component named "it"
    check_parents(recording, "it")
    check_provider(recording, "it", "volcengine", "explicit")

Each check looks at everything below the component of that logical name, raises one AssertionError that lists every
breach, and never repeats a secret value.
"""

from __future__ import annotations

import base64
import importlib
import inspect
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pulumi.runtime.rpc import get_resource_module

from qiao.plan.recording import Recording, Resource, Secret, reveal
from qiao.plan.rules.shape import python_package
from qiao.testing.compare import check_grown, check_same, differences, refuse

__all__ = [
    "check_distinct",
    "check_grown",
    "check_hidden",
    "check_invokes",
    "check_names",
    "check_outputs",
    "check_parents",
    "check_protected",
    "check_provider",
    "check_same",
    "check_tags",
    "check_type",
    "check_unmixed",
    "component",
    "differences",
    "family",
    "secret_outputs",
    "tag_map",
    "takes_tags",
]

PROVIDER = "pulumi:providers:"
GAP = "pulumi-python:dynamic"
SHORTEST = 8
"""Fewest characters of a secret that is looked for: shorter ones occur by chance."""


def component(recording: Recording, name: str) -> Resource:
    """The one component of a logical name."""
    found = [resource for resource in recording.resources if not resource.custom and resource.name == name]
    # An application's main component may bear its name: the one meant is the one around it.
    below = {child.urn for one in found for child in recording.descendants(one.urn)}
    found = [resource for resource in found if resource.urn not in below]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} components are named {name}")
    return found[0]


def family(recording: Recording, name: str) -> list[Resource]:
    """Everything below a component."""
    return list(recording.descendants(component(recording, name).urn))


def check_type(recording: Recording, name: str, token: str) -> None:
    """The component's type token is part of every child's URN: it is exactly `token`."""
    found = component(recording, name).type
    refuse("the type token changed; it is part of every URN", [] if found == token else [f"{found}, not {token}"])


def check_parents(recording: Recording, name: str) -> None:
    """Whatever carries the component's name is below it, and nothing but providers and components is at the top."""
    inside = {resource.urn for resource in family(recording, name)} | {component(recording, name).urn}
    refuse(
        f"made by {name}, yet not below it: pass opts=self.options(...)",
        [_say(r) for r in recording.resources if r.name.startswith(f"{name}-") and r.urn not in inside],
    )
    top = [r for r in recording.resources if r.custom and not r.type.startswith(PROVIDER) and not _above(recording, r)]
    refuse("no component above it: pass opts=self.options(...)", map(_say, top))


def check_names(recording: Recording, name: str) -> None:
    """Every child's logical name begins with the component's own, so that a renamed component takes them along."""
    children = family(recording, name)
    refuse(f"a component without children: {name}", [] if children else [name])
    strangers = [r for r in children if not r.name.startswith(f"{name}-") and (r.custom or r.name != name)]
    refuse(f"logical name does not begin with '{name}-'", [_say(r) for r in strangers])


def check_provider(recording: Recording, name: str, package: str, provider: str) -> None:
    """The explicit provider of that logical name serves every child of its package, and no other does."""
    ours = [resource for resource in family(recording, name) if resource.type.startswith(f"{package}:")]
    refuse(f"nothing of package {package} below {name}", [] if ours else [name])
    wrong = [
        f"{_say(r)} has {_provider(r.provider) or 'the default one'}" for r in ours if _provider(r.provider) != provider
    ]
    refuse(f"not served by provider {provider}", wrong)


def check_invokes(recording: Recording, package: str, providers: Collection[str]) -> None:
    """Every data source of a package is asked through one of these explicit providers."""
    calls = [call for call in recording.invokes if call.token.startswith(f"{package}:")]
    wrong = [
        f"{call.token} by {_provider(call.provider) or 'the default one'}"
        for call in calls
        if _provider(call.provider) not in providers
    ]
    refuse("a data source is not asked through the caller's provider: pass opts=self.invoke_options()", wrong)


def check_unmixed(recording: Recording, package: str, one: str, other: str) -> None:
    """Two equal components on two providers ask each data source equally often through the one and the other."""
    calls = [call for call in recording.invokes if call.token.startswith(f"{package}:")]
    asked = Counter((call.token, _provider(call.provider)) for call in calls)
    uneven = {call.token for call in calls if asked[call.token, one] != asked[call.token, other]}
    refuse("one provider is asked for the other's component", uneven)


def check_tags(recording: Recording, name: str, tags: Mapping[str, str], exempt: Collection[str] = ()) -> None:
    """Every child whose type takes `tags` carries all of these.

    Args:
        recording: what was recorded.
        name: the component's logical name.
        tags: the tags expected, at least.
        exempt: types that are replaced when a tag changes, and so carry none.
    """
    breaches = []
    for resource in family(recording, name):
        if resource.custom and resource.type not in exempt and takes_tags(resource.type):
            found = tag_map(resource.inputs.get("tags"))
            missing = sorted(key for key, value in tags.items() if found.get(key) != value)
            breaches += [f"{_say(resource)} lacks {', '.join(missing)}"] if missing else []
    refuse("tags missing: pass tags from self.tags()", breaches)


def check_outputs(
    recording: Recording,
    name: str,
    keys: Collection[str],
    *,
    optional: Collection[str] = (),
    secret: Collection[str] = (),
) -> None:
    """Outputs are registered once, exactly the documented ones, the secret ones as secrets.

    Args:
        recording: what was recorded.
        name: the component's logical name.
        keys: the documented outputs.
        optional: those that may be None, which Pulumi leaves out.
        secret: those that must be secret.
    """
    found = component(recording, name)
    times = found.outputs_registered
    refuse(f"outputs of {name} are registered {times} times, not once", [] if times == 1 else [_say(found)])
    refuse("registered, but not documented", sorted(set(found.outputs) - set(keys)))
    refuse("documented, but not registered", sorted(set(keys) - set(found.outputs) - set(optional)))
    clear = [key for key in secret if found.outputs.get(key) is not None and not isinstance(found.outputs[key], Secret)]
    refuse("registered in clear: list it in SECRET_OUTPUTS", clear)


def check_hidden(recording: Recording, secrets: Iterable[str]) -> None:
    """None of these values is anywhere in clear: not in an input, an output, a data source's arguments or a name.

    A value counts as found inside a longer text too, and where percent-encoding, JSON or Base64 dress it.
    """
    wanted = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
    found = {where for where, text in _clear_texts(recording) if any(form in text for form in wanted)}
    refuse("a secret is in clear: wrap it in pulumi.Output.secret", found)


def _forms(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1], encoded}


def secret_outputs(recording: Recording) -> set[str]:
    """Every text that a provider answers as a secret: generated passwords, secret keys."""
    found = set()
    for resource in recording.resources:
        for value in resource.outputs.values() if resource.custom else ():
            if isinstance(value, Secret) and isinstance(value.value, str):
                found.add(value.value)
    return {value for value in found if len(value) >= SHORTEST}


def check_protected(
    recording: Recording,
    name: str,
    *,
    stateful: Collection[str],
    retained: Collection[str],
    protect: bool,
    retain: bool,
) -> None:
    """What holds data refuses deletion, or outlives the stack, as the profile asks; nothing else ever does.

    Args:
        recording: what was recorded.
        name: the component's logical name.
        stateful: types that hold data or take long to rebuild.
        retained: those of them whose data outlives the stack.
        protect: whether the profile protects.
        retain: whether the profile retains.
    """
    children = family(recording, name)
    for facts, types, attribute in ((protect, stateful, "protect"), (retain, retained, "retain_on_delete")):
        marked = {r.urn: r for r in children if getattr(r, attribute)}
        owed = {r.urn: r for r in children if facts and r.type in types}
        refuse(f"holds data, but lacks {attribute}", [_say(owed[urn]) for urn in owed.keys() - marked.keys()])
        refuse(f"has {attribute} without cause", [_say(marked[urn]) for urn in marked.keys() - owed.keys()])


def check_distinct(recording: Recording, names: Mapping[str, str]) -> None:
    """No two resources of one type have the same physical name.

    Args:
        recording: what was recorded.
        names: the property that holds the physical name, by type.
    """
    taken = Counter(
        (resource.type, reveal(resource.inputs[names[resource.type]]))
        for resource in recording.resources
        if resource.type in names and isinstance(reveal(resource.inputs.get(names[resource.type])), str)
    )
    refuse("a physical name is used twice", [f"{kind} {name!r}" for (kind, name), times in taken.items() if times > 1])


def takes_tags(type_token: str) -> bool:
    """Whether a type has a `tags` input, as the installed SDK's class says."""
    if type_token.startswith((GAP, PROVIDER)) or type_token.count(":") != 2:
        return False
    package, module, _ = type_token.split(":")
    importlib.import_module(python_package(package))
    known: Any = get_resource_module(package, module, "")
    if known is None:
        raise AssertionError(f"the installed SDK of {package} does not know {type_token}")
    kind = getattr(importlib.import_module(known.mod_info["fqn"]), known.mod_info["classes"][type_token])
    return "tags" in inspect.signature(kind._internal_init).parameters


def tag_map(tags: Any) -> dict[str, Any]:
    """Tags as a mapping, whichever of the clouds' shapes they have: a map, or a list of keys and values."""
    plain = reveal(tags) or {}
    if isinstance(plain, Mapping):
        return dict(plain)
    return {tag.get("key") or tag.get("tagKey"): tag.get("value") or tag.get("tagValue") for tag in plain}


def _clear_texts(recording: Recording) -> Iterator[tuple[str, str]]:
    """Every text outside a Secret and where it is."""
    for resource in recording.resources:
        # Not its id: the provider chooses that one, and the engine has no secret ids.
        yield f"{_say(resource)} name", resource.name
        yield from _texts(f"{_say(resource)} input", resource.inputs)
        yield from _texts(f"{_say(resource)} output", resource.outputs)
    for call in recording.invokes:
        yield from _texts(f"data source {call.token}", call.args)
    yield from _texts("stack output", recording.outputs)


def _texts(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{where} (a key)", str(key)
            yield from _texts(f"{where}.{key}", item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(where, item)


def _above(recording: Recording, resource: Resource) -> bool:
    """Whether a component is above a resource."""
    known = {other.urn: other for other in recording.resources}
    while resource.parent in known:
        resource = known[resource.parent]
        if not resource.custom:
            return True
    return False


def _provider(reference: str) -> str:
    """The logical name in a provider reference (`urn::id`)."""
    return reference.split("::")[3] if reference.count("::") >= 3 else reference


def _say(resource: Resource) -> str:
    return f"{resource.type} {resource.name}"
