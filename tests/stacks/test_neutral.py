"""Applications are written once: no cloud's name, no cloud's module and no cloud's SDK in `stacks/`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.contract.sources import fields
from tests.stacks.support import ROOT

CLOUD_WORDS = ("alicloud", "aliyun", "tencentcloud", "tencent", "volcengine", "volc_")
FILES = sorted((ROOT / "stacks").glob("*.py"))


def findings(source: str) -> list[str]:
    """Where a source names a cloud in code: in text that is no documentation, a name, or an import."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        words: list[str] = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            words = [node.value]
        elif isinstance(node, ast.Name | ast.Attribute | ast.alias | ast.arg):
            words = [getattr(node, key) for key in ("id", "attr", "name", "arg") if getattr(node, key, None)]
        elif isinstance(node, ast.ImportFrom):
            words = [node.module or ""]
        found += [
            f"line {getattr(node, 'lineno', 0)}: {word}"
            for word in words
            if any(c in word.lower() for c in CLOUD_WORDS)
        ]
    return found


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_stacks_name_no_cloud(path: Path) -> None:
    assert findings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'if app.cloud == "volcengine": pass',
        'match cloud:\n    case "tencentcloud": pass',
        "from components.alicloud import network",
        "import pulumi_volcengine",
        'x = {"alicloud": 1}[name]',
        'cloud.name.startswith("volc_")',
        "components.volcengine.facts.provider()",
    ],
)
def test_each_way_to_name_one_is_seen(source: str) -> None:
    assert findings(source)


def test_documentation_may_name_one() -> None:
    assert findings('"""On volcengine."""\nx = 1\n"""As alicloud does."""') == []


def test_blueprints_are_told_by_settings_alone() -> None:
    from stacks.blueprints import SETTINGS

    for name, model in SETTINGS.items():
        assert model.model_fields["blueprint"].annotation.__args__ == (name,)  # type: ignore[union-attr]
        assert model.__doc__


def test_every_setting_says_what_it_is() -> None:
    from inspect import getmodule

    from stacks.blueprints import SETTINGS
    from stacks.model import Model
    from stacks.region_settings import RegionSettings
    from stacks.settings import ProfileSettings

    def models(model: type[Model]) -> set[type[Model]]:
        from typing import get_args

        found = {model}
        for field in model.model_fields.values():
            parts = [field.annotation]
            while parts:
                part = parts.pop()
                parts += get_args(part)
                if isinstance(part, type) and issubclass(part, Model):
                    found |= models(part)
        return found

    roots: set[type[Model]] = {*SETTINGS.values(), RegionSettings, ProfileSettings}
    for model in {found for root in roots for found in models(root)}:
        assert model.__doc__, model
        owners = [kind for kind in model.__mro__ if issubclass(kind, Model)]
        said = {
            name: item.doc for kind in reversed(owners) for name, item in fields(getmodule(kind), kind.__name__).items()
        }
        for name, field in model.model_fields.items():
            assert said[name], f"{model.__name__}.{name}"
            if isinstance(field.default, bool | int | str):
                assert str(field.default).lower() in said[name].lower(), f"{model.__name__}.{name} hides its default"
