"""What a route's policies say, in the gateway's own JSON: the one place for forms that its documents do not spell out.

The service keeps a policy's text as it was sent, and has been seen to take two forms of one class: that it took a form
does not show that it acts on it. `GatewayNative.policy_templates` puts another form in place of one below. The
service's own example of each class is in the answer of its ListPolicyClasses call (`configExample`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from components.checks import one_of, shown
from components.errors import UserError
from components.gateway import Route

Known = Literal["tested", "documented", "inferred"]
"""tested: sent by the provider's own tests. documented: shown in the API's documents. inferred: put together from the
forms of sibling classes, of the product's predecessor (MSE), and from the words of other calls."""

AUTHENTICATION = "Authentication"

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
EACH, ITEM = "$each", "item"
HEADER_VALUES = ("direction", "action", "name", "value")


@dataclass(frozen=True, kw_only=True)
class Template:
    """The form of one class of policies.

    A text that is one placeholder (`${calls}`) becomes the value itself, a number or a list; one inside a longer text
    becomes part of it. `{"$each": "headers", "item": {...}}` becomes a list with one item for each header.
    """

    config: Mapping[str, Any]
    """The JSON, with placeholders."""
    values: tuple[str, ...]
    """Placeholders that it may use."""
    known: Known
    """How sure its form is."""
    guard: bool = False
    """Whether it keeps callers out: one that has no effect would let everybody in."""


TEMPLATES: Mapping[str, Template] = {
    AUTHENTICATION: Template(
        # Samples show Apikey here; Jwt is the word that consumers have for this kind of identity.
        config={"authenticationType": "Jwt", "enable": True}, values=(), known="inferred", guard=True,
    ),
    "IpAccessControl": Template(
        # Words of ListGlobalPolicies: type White or Black, content 1.2.3.4, protocol layer L7.
        config={"content": "${blocks_text}", "enable": True, "protocolLayer": "L7", "type": "White"},
        values=("blocks", "blocks_text"), known="inferred", guard=True,
    ),
    "RateLimit": Template(
        # The provider's test sends it without the switch that all others have.
        config={"enable": True, "limit": "${calls}", "responseStatusCode": 429, "unit": "Second"},
        values=("calls",), known="tested",
    ),
    "Timeout": Template(
        config={"enable": True, "timeUnit": "s", "unitNum": "${seconds}"}, values=("seconds",), known="documented"
    ),
    "HeaderModify": Template(
        # MSE's UpdateGatewayRouteHeaderOp. Update writes over what the caller sent, and adds where nothing was.
        config={
            "enable": True,
            "headerOpItems": {
                EACH: "headers",
                ITEM: {"directionType": "${direction}", "key": "${name}", "opType": "${action}", "value": "${value}"},
            },
        },
        values=("headers",), known="inferred",
    ),
    "HttpRewrite": Template(
        # MSE's UpdateGatewayRouteHTTPRewrite. Only the matched prefix goes: it must end in a slash (see `match`).
        config={"enable": True, "path": "/", "pathType": "PRE"}, values=("prefix",), known="inferred"
    ),
}  # fmt: skip
"""Classes that routes use."""

SLUGS = {
    AUTHENTICATION: "jwt",
    "IpAccessControl": "ip-access",
    "RateLimit": "rate-limit",
    "Timeout": "timeout",
    "HeaderModify": "headers",
    "HttpRewrite": "rewrite",
}
"""What stands for a class in names: frozen."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy of one route."""

    kind: str
    """Its class."""
    config: str
    """Its JSON in one canonical line: the provider compares texts."""

    @property
    def slug(self) -> str:
        """What stands for it in names."""
        return SLUGS[self.kind]


def policies(route: Route, own: Mapping[str, str | Mapping[str, Any]]) -> list[Policy]:
    """The policies of a route, those that keep callers out first.

    Args:
        route: the route.
        own: forms that the user has put in place of the ones above, by class.
    """
    found = []
    for kind, values in _wanted(route).items():
        form = parsed(kind, own[kind]) if kind in own else TEMPLATES[kind].config
        found.append(Policy(kind=kind, config=canonical(fill(form, values))))
    return found


def _wanted(route: Route) -> dict[str, dict[str, Any]]:
    """Classes that a route needs, each with the values for its placeholders, in the order of `TEMPLATES`."""
    headers = [*_headers("Request", route.request_headers), *_headers("Response", route.response_headers)]
    values: dict[str, dict[str, Any] | None] = {
        AUTHENTICATION: {} if route.auth == "jwt" else None,
        "IpAccessControl": _blocks(route) if route.allow_cidrs else None,
        "RateLimit": {"calls": route.rate_limit} if route.rate_limit is not None else None,
        # Always: the gateway's own limit is shorter than a streamed answer may take.
        "Timeout": {"seconds": route.timeout},
        "HeaderModify": {"headers": headers} if headers else None,
        "HttpRewrite": {"prefix": prefix(route)} if prefix(route) else None,
    }
    return {kind: given for kind, given in values.items() if given is not None}


def _blocks(route: Route) -> dict[str, Any]:
    return {"blocks": route.allowed_blocks, "blocks_text": ",".join(route.allowed_blocks)}


def _headers(direction: str, headers: Mapping[str, str | None]) -> list[dict[str, str]]:
    return [
        {
            "direction": direction,
            "name": name,
            "action": "Delete" if value is None else "Update",
            "value": value or "",
        }
        for name, value in sorted(headers.items())
    ]


def prefix(route: Route) -> str | None:
    """What a route takes off the path, with the slash at its end; None where it takes nothing off.

    Without that slash `/app/test` would reach the function as `//test`.
    """
    bare = route.path.rstrip("/")
    return f"{bare}/" if route.strip_prefix and bare else None


def canonical(config: Any) -> str:
    """JSON in one line with sorted keys, so that it never differs by itself."""
    return json.dumps(config, sort_keys=True, separators=(",", ":"))


def fill(form: Any, values: Mapping[str, Any]) -> Any:
    """A form with its placeholders filled in."""
    if isinstance(form, str):
        whole = PLACEHOLDER.fullmatch(form)
        return values[whole[1]] if whole else PLACEHOLDER.sub(lambda found: str(values[found[1]]), form)
    if isinstance(form, Mapping):
        if EACH in form:
            return [fill(form[ITEM], {**values, **entry}) for entry in values[form[EACH]]]
        return {key: fill(value, values) for key, value in form.items()}
    if isinstance(form, (list, tuple)):
        return [fill(value, values) for value in form]
    return form


def check_templates(where: str, own: Mapping[str, str | Mapping[str, Any]]) -> None:
    """Refuse a class that routes do not use, a form that is no JSON object, and a placeholder that has no value."""
    for kind, form in own.items():
        one_of(where, kind, TEMPLATES)
        here, allowed = f"{where}.{kind}", TEMPLATES[kind].values
        for name in _placeholders(here, parsed(kind, form, here), allowed):
            if name not in allowed:
                raise UserError(here, f"{shown(name)} has no value here", _choice(allowed))


def parsed(kind: str, form: str | Mapping[str, Any], where: str = "") -> Mapping[str, Any]:
    """A form that may be given as JSON text."""
    if isinstance(form, str):
        try:
            form = json.loads(form)
        except ValueError:
            raise UserError(where or kind, "it is no JSON", "give a JSON object, as text or as a mapping") from None
    if not isinstance(form, Mapping):
        raise UserError(where or kind, "it is no JSON object", "give a JSON object, as text or as a mapping")
    return form


def _placeholders(where: str, form: Any, allowed: tuple[str, ...]) -> Iterator[str]:
    """Names that a form uses, those of a header's own values taken as known inside a list of headers."""
    if isinstance(form, str):
        yield from PLACEHOLDER.findall(form)
    elif isinstance(form, Mapping) and EACH in form:
        if set(form) != {EACH, ITEM} or form[EACH] != "headers" or "headers" not in allowed:
            raise UserError(where, f"a list is written {EACH}: headers with {ITEM}", "see HeaderModify's own form")
        yield from (name for name in _placeholders(where, form[ITEM], allowed) if name not in HEADER_VALUES)
    elif isinstance(form, Mapping):
        for value in form.values():
            yield from _placeholders(where, value, allowed)
    elif isinstance(form, (list, tuple)):
        for value in form:
            yield from _placeholders(where, value, allowed)


def _choice(allowed: tuple[str, ...]) -> str:
    return "use " + " or ".join(f"${{{name}}}" for name in allowed) if allowed else "this class has no values"
