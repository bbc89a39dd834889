"""The vocabulary itself: frozen keyword-only Args, every field and output documented, secrets out of `repr`."""

from __future__ import annotations

import dataclasses
import importlib
import re

import pytest

import components.base
from components import cloud as cloud_named
from components.clouds import CONCEPTS
from components.gateway import Domain
from tests.contract.cases import SECRET_FIELDS
from tests.contract.document import PAGE, page
from tests.contract.facts import CANARY
from tests.contract.recorded import CARRIED, every_component
from tests.contract.sources import concept_module, dataclasses_of, fields

every_concept = pytest.mark.parametrize("concept", CONCEPTS)


@every_concept
def test_outputs_are_declared_and_documented(concept: str) -> None:
    kind = getattr(concept_module(concept), CONCEPTS[concept])
    found = fields(concept_module(concept), kind.__name__)
    assert [name for name in kind.OUTPUTS if name not in found] == [], "annotate it on the concept's class"
    assert [name for name in kind.OUTPUTS if not found[name].doc] == [], "write a docstring beneath it"
    assert set(kind.SECRET_OUTPUTS) <= set(kind.OUTPUTS)
    assert [name for name in kind.SECRET_OUTPUTS if "ecret" not in found[name].doc] == [], "say that it is a secret"
    assert kind.__doc__


@every_concept
def test_outputs_shadow_no_method(concept: str) -> None:
    """`finish` sets outputs as attributes: one named like a method of the base would replace it for the instance."""
    kind = getattr(concept_module(concept), CONCEPTS[concept])
    methods = {name for name in vars(components.base.Component) if callable(getattr(components.base.Component, name))}
    assert sorted(set(kind.OUTPUTS) & methods) == []


@every_concept
def test_args_are_frozen_keyword_only_and_documented(concept: str) -> None:
    kinds = dataclasses_of(concept_module(concept))
    assert f"{CONCEPTS[concept]}Args" in {kind.__name__ for kind in kinds}
    for kind in kinds:
        _assert_well_made(kind)
        documented = fields(concept_module(concept), kind.__name__)
        assert [name for name, item in documented.items() if not item.doc] == [], f"undocumented in {kind.__name__}"


@every_concept
def test_secret_fields_stay_out_of_repr(concept: str) -> None:
    for kind in _all_dataclasses(concept):
        for item in dataclasses.fields(kind):
            name = f"{kind.__name__}.{item.name}"
            says = re.search(r"secret|password|private_key|webhook|_token$", item.name)
            suspicious = says and item.type != "bool" and not str(item.type).startswith("Literal[")
            assert name in SECRET_FIELDS or not suspicious, f"{name}: list it in SECRET_FIELDS, with a canary in a case"
            assert name not in SECRET_FIELDS or not item.repr or kind is Domain, f"{name} needs repr=False"
            assert item.repr or name in SECRET_FIELDS, f"{name}: list it in SECRET_FIELDS, with a canary in a case"


def _all_dataclasses(concept: str) -> list[type]:
    clouds = [importlib.import_module(f"components.{cloud}.{each}") for cloud, each in CARRIED if each == concept]
    return [kind for module in (concept_module(concept), *clouds) for kind in dataclasses_of(module)]


def test_domain_hides_its_key() -> None:
    domain = Domain(name="a.example.com", certificate="chain", private_key=CANARY.format("key"))
    assert CANARY.format("key") not in repr(domain)


@every_component
def test_extras_of_a_cloud_are_well_made(cloud: str, concept: str) -> None:
    module = importlib.import_module(f"components.{cloud}.{concept}")
    assert cloud_named(cloud).component(concept).__doc__
    for kind in dataclasses_of(module):
        # Plain records that planners hand to constructors are nobody's API.
        if kind.__name__.endswith("Native"):
            _assert_well_made(kind)
            documented = fields(module, kind.__name__)
            assert [name for name, item in documented.items() if not item.doc] == [], f"undocumented in {kind.__name__}"


def _assert_well_made(kind: type) -> None:
    assert kind.__dataclass_params__.frozen, f"{kind.__name__} must be frozen"  # type: ignore[attr-defined]
    assert [item.name for item in dataclasses.fields(kind) if not item.kw_only] == [], f"{kind.__name__}: kw_only=True"


def test_the_page_of_components_is_true() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.contract.document"
