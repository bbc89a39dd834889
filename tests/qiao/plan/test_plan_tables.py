"""The project's own table agrees with the installed SDKs, and says which version it was read from."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import components.volcengine.gaps as gaps
from qiao.plan.facts import FACTS
from qiao.plan.rules import limits, table
from qiao.plan.rules.limits import FORMS, LIMITS
from qiao.plan.rules.shape import Shape, shape_of
from qiao.plan.rules.table import Rules, rules_for, shape_for, types_of, version_of
from qiao.plan.standins_common import RESOURCES as COMMON
from qiao.plan.standins_volcengine import RESOURCES as VOLCENGINE

PACKAGES = sorted(table.FILES)
TYPES = [type_token for package in PACKAGES for type_token in types_of(package)]
GAP = "pulumi-python:dynamic/volcengine:"


@pytest.mark.parametrize(("package", "distribution"), [
    ("volcengine", "pulumi_volcengine"), ("random", "pulumi_random"), ("docker-build", "pulumi_docker_build"),
])  # fmt: skip
def test_the_table_was_read_from_the_installed_version(package: str, distribution: str) -> None:
    assert version_of(package) == version(distribution), "read the new version's schema, then move the version"


def rules_of(type_token: str) -> Rules:
    rules = rules_for(type_token)
    assert rules is not None
    return rules


def shape_of_type(type_token: str) -> Shape:
    shape = shape_for(type_token, rules_of(type_token))
    assert shape is not None, f"no SDK describes {type_token}"
    return shape


def paths(rules: Rules) -> Iterator[str]:
    """Every input path that an entry names."""
    for key in ("identity", "always", "needed", "replaces", "unread", "unheard", "fields", "secret_pairs"):
        yield from getattr(rules, key)
    for groups in (rules.any_of, rules.one_of, rules.not_both):
        for group in groups:
            yield from group
    for condition in rules.when:
        yield from condition["if"]
        yield from condition["then"]
        for part in condition["then"].values():
            yield from part.get("sum", ())


@pytest.mark.parametrize("type_token", TYPES)
def test_every_input_named_is_there(type_token: str) -> None:
    shape = shape_of_type(type_token)
    assert [path for path in paths(rules_of(type_token)) if shape.at(path) is None] == []


@pytest.mark.parametrize("type_token", TYPES)
def test_limits_are_known_and_fit_their_kind(type_token: str) -> None:
    shape, rules = shape_of_type(type_token), rules_of(type_token)
    for path, entry in rules.fields.items():
        assert set(entry) <= {*LIMITS, "items", "secret", "avoid"}, path
        assert entry.get("form", "cidr") in FORMS, path
        at = shape.at(path)
        assert at is not None
        assert ("items" in entry) <= (at.kind == "list"), path
        scalar = at.item if at.kind == "list" else at
        assert scalar is not None
        if {"between", "step"} & set(entry):
            assert scalar.kind in ("integer", "number"), path
        if {"length", "pattern", "form"} & set(entry):
            assert scalar.kind == "string", path
        for allowed in entry.get("in", ()):
            kind = {"string": str, "integer": int, "number": float, "boolean": bool}[scalar.kind]
            assert type(allowed) is kind, path


@pytest.mark.parametrize("type_token", TYPES)
def test_needed_is_what_the_sdk_does_not_ask_for_already(type_token: str) -> None:
    shape, rules = shape_of_type(type_token), rules_of(type_token)
    for path in [*rules.needed, *rules.always]:
        parent, _, name = path.rpartition(".")
        above = shape.at(parent) if parent else shape
        assert above is not None
        assert name not in above.required, path


@pytest.mark.parametrize("type_token", TYPES)
def test_groups_lie_in_one_object(type_token: str) -> None:
    rules = rules_of(type_token)
    for group in [*rules.any_of, *rules.one_of, *rules.not_both]:
        assert len({path.rpartition(".")[0] for path in group}) == 1, group


def gap_classes() -> dict[str, type]:
    found = {}
    for module in sorted(Path(str(gaps.__file__)).parent.glob("*.py")):
        for name, member in vars(importlib.import_module(f"{gaps.__name__}.{module.stem}")).items():
            if inspect.isclass(member) and getattr(member, "_resource_type_name", "").startswith("dynamic/volcengine:"):
                found[name] = member
    found.pop("Gap", None)
    return found


def kind_in_signature(annotation: str) -> str:
    """`pulumi.Input[int] | None` is an integer."""
    words = re.findall(r"\w+", annotation)
    if "Sequence" in words:
        return "list"
    return next(kind for word, kind in (("str", "string"), ("int", "integer"), ("bool", "boolean")) if word in words)


def test_every_gap_is_in_the_table_with_the_arguments_of_its_class() -> None:
    classes = gap_classes()
    assert {GAP + name for name in classes} == set(types_of("pulumi-python"))
    for name, found in classes.items():
        parameters = inspect.signature(found).parameters
        given = {key: value for key, value in parameters.items() if key not in ("name", "opts", "self")}
        words = rules_of(GAP + name).shape or {}
        assert set(given) == set(words), name
        for key, value in given.items():
            optional = value.default is not inspect.Parameter.empty or "None" in str(value.annotation)
            assert words[key].endswith("!") is not optional, f"{name}.{key}"
            assert words[key].removesuffix("!") == kind_in_signature(str(value.annotation)), f"{name}.{key}"


def test_shapes_go_as_deep_as_the_sdk() -> None:
    route = shape_of("volcengine:apig/apigRoute:ApigRoute")
    assert route is not None
    match = route.at("matchRule.headers.value")
    assert match is not None
    assert match.required == {"matchContent", "matchType"}
    assert match.properties["matchType"].kind == "string"
    methods = route.at("matchRule.methods")
    assert methods == Shape("list", item=Shape("string"))
    image = shape_of("docker-build:index:Image")
    assert image is not None
    assert image.properties["buildArgs"] == Shape("map", item=Shape("string"))
    assert image.properties["platforms"] == Shape("list", item=Shape("string"))
    assert image.required == {"push"}


@pytest.mark.parametrize("type_token", ["nobody:knows/this:Type", "volcengine:vpc/vpc:Nothing", "not a token", "a:b"])
def test_types_without_an_sdk_have_no_shape(type_token: str) -> None:
    assert shape_of(type_token) is None


def test_facts_and_stand_ins_speak_of_types_that_have_rules() -> None:
    assert sorted(set(FACTS) - set(TYPES)) == []
    assert sorted(set(VOLCENGINE) - set(TYPES)) == []
    outside = {type_token for type_token in COMMON if type_token.startswith(("tls:",))}
    assert {"random:index/randomPet:RandomPet", "random:index/randomShuffle:RandomShuffle"} | outside == (
        set(COMMON) - set(TYPES)
    )


def test_every_place_in_a_fact_is_an_input() -> None:
    from qiao.plan.facts import CONDITION, PLACE

    for type_token, lines in FACTS.items():
        shape = shape_of_type(type_token)
        for line in lines:
            condition = CONDITION.fullmatch(line)
            for path in [condition["path"]] if condition else PLACE.findall(line):
                assert shape.at(path) is not None, f"{type_token}: {line}"


@pytest.mark.parametrize("name", sorted(set(table.FILES.values())))
def test_the_files_are_written_one_way(name: str) -> None:
    text = Path(limits.__file__).with_name(name).read_text(encoding="utf-8")
    types = [type_token for package in json.loads(text).values() for type_token in package["types"]]
    assert len(types) == len(set(types))
    assert all(package["types"] == dict(sorted(package["types"].items())) for package in json.loads(text).values())
    # A fact a line, so that a change of one is a change of one line.
    assert max(line.count('": {"') for line in text.splitlines() if '"if"' not in line) <= 2
