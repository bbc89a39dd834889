"""What applications of a region share is there where settings name zones or a network, and asked for where needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.errors import UserError
from stacks.model import SettingsError, parse
from stacks.region_settings import RegionSettings
from tests.stacks.support import app, run, write_stage

ZONES = ["cn-beijing-a", "cn-beijing-b"]
EXISTING = {"vpc_id": "vpc-1", "subnet_ids": dict.fromkeys(ZONES, "subnet-1"), "security_group_id": "sg-1"}


BARE: dict[str, Any] = {"volcengine": {"cn-beijing": {}}}


@pytest.mark.parametrize(
    ("settings", "there"),
    [({}, False), ({"zones": ZONES}, True), ({"network": EXISTING}, True), ({"contacts": []}, False)],
)
def test_zones_or_a_network_make_the_ground(settings: dict[str, Any], there: bool) -> None:
    assert parse(RegionSettings, settings, "").has_ground is there


@pytest.mark.parametrize(
    "settings", [{"cidr": "10.1.0.0/16"}, {"from": "dev"}, {"registry": {}}, {"logs": {}}, {"egress": True}]
)
def test_who_says_anything_of_what_is_shared_says_where(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"^place\.zones: is missing; give two zones of the region, such as "):
        parse(RegionSettings, settings, "place")


def test_applications_that_need_the_ground_ask_for_it_once() -> None:
    with pytest.raises(UserError) as error:
        run({"agent": app(), "other": app()}, BARE)
    assert str(error.value) == (
        "clouds.volcengine.cn-beijing.zones: is missing; give two zones of the region, such as [<region>-a, <region>-b]"
    )


def test_a_stage_that_has_no_ground_has_nothing_to_lend(tmp_path: Path) -> None:
    write_stage(tmp_path, {"agent": app()}, BARE)
    with pytest.raises(UserError) as error:
        run(
            {"agent": app()},
            {"volcengine": {"cn-beijing": {"from": "dev", "zones": ZONES}}},
            stage="feature-x",
            project_dir=tmp_path,
        )
    assert str(error.value) == (
        "clouds.volcengine.cn-beijing.from: stage dev has nothing to lend: it names no zones; name another stage"
    )
