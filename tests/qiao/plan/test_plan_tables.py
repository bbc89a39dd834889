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

from components.service_token import ServiceToken
from qiao.plan.facts import FACTS
from qiao.plan.rules import limits, table
from qiao.plan.rules.limits import FORMS, LIMITS
from qiao.plan.rules.shape import Shape, shape_of
from qiao.plan.rules.table import Rules, rules_for, shape_for, types_of, version_of
from qiao.plan.standins_alicloud import RESOURCES as ALICLOUD
from qiao.plan.standins_common import RESOURCES as COMMON
from qiao.plan.standins_tencentcloud import RESOURCES as TENCENTCLOUD
from qiao.plan.standins_volcengine import RESOURCES as VOLCENGINE

PACKAGES = [*sorted(table.FILES), table.DYNAMIC]
TYPES = [type_token for package in PACKAGES for type_token in types_of(package)]
CLOUDS = ["alicloud", "tencentcloud", "volcengine"]
NAMES = sorted({*table.FILES.values(), *table.OWNERS.values()})


@pytest.mark.parametrize(("package", "distribution"), [
    ("alicloud", "pulumi_alicloud"), ("tencentcloud", "tencentcloud_iac_pulumi"), ("volcengine", "pulumi_volcengine"),
    ("random", "pulumi_random"), ("tls", "pulumi_tls"), ("docker-build", "pulumi_docker_build"),
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
    for key in ("identity", "always", "needed", "replaces", "unread", "unheard", "dropped", "drifting", "fields",
                "refused", "secret_pairs", "secret_maps"):  # fmt: skip
        yield from getattr(rules, key)
    for groups in (rules.any_of, rules.one_of, rules.not_both):
        for group in groups:
            yield from group
    for condition in rules.when:
        yield from condition["if"]
        yield from condition["then"]
        for part in condition["then"].values():
            yield from part.get("sum", ())
            yield from part["set"] if isinstance(part.get("set"), list) else ()
            yield from [part[key] for key in ("below", "most") if key in part]
            yield from part.get("ratio", ())[:1]


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
        assert ("items" in entry) <= (at.kind in ("list", "map")), path
        scalar = at.item if at.kind in ("list", "map") else at
        assert scalar is not None
        if {"between", "step"} & set(entry):
            assert scalar.kind in ("integer", "number"), path
        if {"length", "pattern", "form"} & set(entry):
            assert scalar.kind == "string", path
        for allowed in entry.get("in", ()):
            assert type(allowed) is KINDS[scalar.kind], path


KINDS: dict[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}


@pytest.mark.parametrize("type_token", TYPES)
def test_conditions_can_come_true_and_be_broken(type_token: str) -> None:
    """A value of the wrong kind would never be met, and its rule be dead."""
    shape = shape_of_type(type_token)
    for condition in rules_of(type_token).when:
        assert set(condition) == {"if", "then"}
        for path, wanted in condition["if"].items():
            at = shape.at(path)
            assert at is not None
            given = [] if isinstance(wanted, dict) else [value for value in wanted if value is not None]
            assert wanted == {"set": True} or isinstance(wanted, list), path
            assert {type(value) for value in given} <= {KINDS.get(at.kind)}, path
        for path, then in condition["then"].items():
            assert then.keys() <= {*LIMITS, "set", "unset", "sum", "below", "most", "ratio"}, path
            assert then, path


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


def gap_classes(cloud: str) -> dict[str, type]:
    gaps = importlib.import_module(f"components.{cloud}.gaps")
    found = {}
    for module in sorted(Path(str(gaps.__file__)).parent.glob("*.py")):
        for name, member in vars(importlib.import_module(f"{gaps.__name__}.{module.stem}")).items():
            if inspect.isclass(member) and getattr(member, "_resource_type_name", "").startswith(f"dynamic/{cloud}:"):
                found[name] = member
    found.pop("Gap", None)
    return found


def kind_in_signature(annotation: str) -> str:
    """`pulumi.Input[int] | None` is an integer."""
    words = re.findall(r"\w+", annotation)
    for word, kind in (("Sequence", "list"), ("Mapping", "map")):
        if word in words:
            return kind
    return next(kind for word, kind in (("str", "string"), ("int", "integer"), ("bool", "boolean")) if word in words)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_gap_is_in_the_table_with_the_arguments_of_its_class(cloud: str) -> None:
    classes, prefix = gap_classes(cloud), f"{table.DYNAMIC}:dynamic/{cloud}:"
    listed = {token for token in types_of(table.DYNAMIC) if token.startswith(prefix)}
    assert {prefix + name for name in classes} == listed
    for name, found in classes.items():
        check_arguments(prefix + name, found)


def test_dynamic_resources_of_no_cloud_are_in_the_table_too() -> None:
    assert [token for token in types_of(table.DYNAMIC) if not token.partition("/")[2].startswith(tuple(CLOUDS))] == [
        f"{table.DYNAMIC}:dynamic/qiao:ServiceToken"
    ]
    check_arguments(f"{table.DYNAMIC}:dynamic/qiao:ServiceToken", ServiceToken)


def check_arguments(type_token: str, found: type) -> None:
    parameters = inspect.signature(found).parameters
    given = {key: value for key, value in parameters.items() if key not in ("name", "opts", "self")}
    words = rules_of(type_token).shape or {}
    assert set(given) == set(words), type_token
    for key, value in given.items():
        optional = value.default is not inspect.Parameter.empty or "None" in str(value.annotation)
        assert words[key].endswith("!") is not optional, f"{type_token}.{key}"
        assert words[key].removesuffix("!") == kind_in_signature(str(value.annotation)), f"{type_token}.{key}"


@pytest.mark.parametrize("token", [
    "pulumi-python:dynamic/nobody:Gap", "pulumi-python:dynamic:Resource", "nobody:vpc/network:Network", "",
])  # fmt: skip
def test_a_type_of_nobody_we_know_has_no_rules(token: str) -> None:
    assert rules_for(token) is None


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


CERTIFICATES = ("SelfSignedCert", "LocallySignedCert", "CertRequest")


def test_facts_and_stand_ins_speak_of_types_that_have_rules() -> None:
    assert sorted(set(FACTS) - set(TYPES)) == []
    assert sorted({*VOLCENGINE, *ALICLOUD, *TENCENTCLOUD} - set(TYPES)) == []
    outside = {f"tls:index/{kind[0].lower()}{kind[1:]}:{kind}" for kind in CERTIFICATES}
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


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_written_one_way(name: str) -> None:
    text = Path(limits.__file__).with_name(name).read_text(encoding="utf-8")
    types = [type_token for package in json.loads(text).values() for type_token in package["types"]]
    assert len(types) == len(set(types))
    assert all(package["types"] == dict(sorted(package["types"].items())) for package in json.loads(text).values())
    # A fact a line, so that a change of one is a change of one line.
    assert max(line.count('": {"') for line in text.splitlines() if '"if"' not in line) <= 2
    assert not re.search(r"[^\S\n]\n|\t", text)
