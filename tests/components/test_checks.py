"""Checks that arguments share, and what neither an argument nor an error may tell."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pulumi
import pytest
from pulumi.runtime.sync_await import _sync_await

from components.checks import in_range, matches, multiple_of, one_of, unique
from components.connections import connection_url
from components.errors import UnsupportedError, UserError
from components.function import FunctionArgs
from components.gateway import Domain
from components.observability import ExistingObservability
from components.registry import ExistingRegistry
from components.scope import Profile, Scope

DEV = Scope(project="qiao", stage="dev", app="agent", region="cn-beijing", profile=Profile.dev())
IMAGE = "cr.example.com/team/app:1.0"


def test_what_is_not_known_yet_is_not_checked() -> None:
    unknown: Any = pulumi.Output.from_input("x")
    in_range("x", unknown, 1, 2)
    multiple_of("x", unknown, 2)
    one_of("x", unknown, ("a",))
    matches("x", unknown, "a", "a")
    in_range("x", None, 1, 2)


@pytest.mark.parametrize("value", [1, 2, 1.5])
def test_both_ends_of_a_range_are_allowed(value: float) -> None:
    in_range("x", value, 1, 2)


def test_a_pattern_must_match_the_whole() -> None:
    with pytest.raises(UserError):
        matches("x", "ab", "a", "a")
    with pytest.raises(UserError):
        matches("x", "a\n", "a", "a")


def test_each_once() -> None:
    unique("x", ["a", "b"])
    with pytest.raises(UserError, match="'b' is given twice"):
        unique("x", ["a", "b", "b"])


def test_an_unsupported_wish_names_cloud_concept_and_field() -> None:
    error = UnsupportedError("volcengine", "Gateway", "routes[].auth=cloud", "use jwt")
    assert str(error) == "volcengine Gateway.routes[].auth=cloud: not supported on volcengine; use jwt"
    assert (error.cloud, error.concept, error.field) == ("volcengine", "Gateway", "routes[].auth=cloud")


@pytest.mark.parametrize(
    "holder",
    [
        ExistingRegistry(endpoint="e", namespace="n", password="canary-1"),
        ExistingObservability(log_project="p", log_store="s", trace_token="canary-1"),
        FunctionArgs(scope=DEV, image=IMAGE, secret_env={"A": "canary-1"}),
        Domain(name="a.example.com", certificate="PEM", private_key="canary-1"),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_a_secret_is_never_printed(holder: object) -> None:
    assert "canary-1" not in repr(holder)


def test_an_error_about_a_secret_variable_does_not_tell_it() -> None:
    cases: list[dict[str, Any]] = [
        {"secret_env": {"1A": "canary-1"}},
        {"env": {"A": "1"}, "secret_env": {"A": "canary-1"}},
    ]
    for fields in cases:
        with pytest.raises(UserError) as error:
            FunctionArgs(scope=DEV, image=IMAGE, **fields)
        assert "canary-1" not in str(error.value)


@pytest.mark.parametrize("unsafe", ["p@ss/w:rd?#", "%41", "密码"])
def test_a_connection_url_is_percent_encoded(unsafe: str) -> None:
    async def text() -> str:
        url = connection_url("postgresql", user="app", password=unsafe, host="h", port="5432", database="d")
        assert await url.is_secret() is True
        return str(await url.future())

    parts = urlsplit(_sync_await(text()))
    assert unquote(parts.password or "") == unsafe
    assert (parts.hostname, parts.port, parts.path, parts.username) == ("h", 5432, "/d", "app")
