"""The drawing of the house is the house: docs/architecture.md names the rooms and contracts that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from qiao.bootstrap import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = set(re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE))
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


def python_below(folder: Path) -> set[str]:
    """Packages (with a slash) and modules right below a folder, as the page writes them."""
    packages = {f"{path.relative_to(ROOT)}/" for path in folder.iterdir() if any(path.glob("*.py"))}
    modules = {str(path.relative_to(ROOT)) for path in folder.glob("*.py")}
    return packages | {module for module in modules if not module.endswith("__.py")}


def test_every_room_is_drawn_and_every_drawn_room_is_there() -> None:
    drawn_in_qiao = {room for room in ROOMS if room.startswith("qiao/")}
    assert drawn_in_qiao == python_below(ROOT / "qiao")
    top = {room for room in python_below(ROOT) if room.endswith("/")}
    assert top - {"qiao/"} <= ROOMS, "qiao is drawn by its parts"
    assert {room for room in ROOMS if not (ROOT / room).exists()} == set()


def test_every_contract_is_named() -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE))
    assert named >= set(CONTRACTS)
    assert {name for name in named - set(CONTRACTS) if not (ROOT / "examples" / name).exists()} == set()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to break."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("components", "stacks", "qiao"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "assets", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def broken(folder: Path) -> set[str]:
    """Ids of the contracts that a tree breaks."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    said = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "400"}
    ).stdout
    verdicts = {
        name: re.search(rf"^{re.escape(name)}\s*(KEPT|BROKEN)", said, re.MULTILINE) for name in CONTRACTS.values()
    }
    assert all(verdicts.values()), said
    return {key for key, name in CONTRACTS.items() if (verdict := verdicts[name]) and verdict[1] == "BROKEN"}


@pytest.mark.parametrize(
    ("module", "line", "contracts"),
    [
        ("components/scope.py", "", set()),
        ("components/scope.py", "import qiao.plan", {"one-way"}),
        ("components/volcengine/bucket.py", "import stacks.agent", {"one-way"}),
        ("qiao/plan/texts.py", "import qiao.cli", {"rooms-of-the-tool", "kit-knows-no-application"}),
        ("qiao/plan/recorder.py", "import stacks.settings", {"kit-knows-no-application"}),
        (
            "components/bucket.py",
            "import pulumi_volcengine",
            {"vocabulary-knows-no-provider", "alicloud-is-a-stranger", "tencentcloud-is-a-stranger"},
        ),
        ("stacks/checklist.py", "import volcenginesdkcore", {"vocabulary-knows-no-provider"}),
        (
            "stacks/checklist.py",
            "from components.volcengine import bucket",
            {"clouds-by-name", "vocabulary-knows-no-provider"},
        ),
        (
            "components/gaps/polling.py",
            "import tencentcloud",
            {"vocabulary-knows-no-provider", "volcengine-is-a-stranger", "alicloud-is-a-stranger"},
        ),
        ("components/volcengine/bucket.py", "import pulumi_alicloud", {"volcengine-is-a-stranger"}),
        ("components/alicloud/bucket.py", "from components.volcengine import facts", {"alicloud-is-a-stranger"}),
        ("components/tencentcloud/facts.py", "import volcenginesdkcore", {"tencentcloud-is-a-stranger"}),
    ],
)
def test_a_contract_notices(copy: Path, module: str, line: str, contracts: set[str]) -> None:
    path = copy / module
    original = path.read_text(encoding="utf-8")
    path.write_text(f"{original}\n{line}\n", encoding="utf-8")
    found = broken(copy)
    path.write_text(original, encoding="utf-8")
    assert found == contracts


@pytest.mark.parametrize("folder", [ROOT, *sorted(path.parent for path in ROOT.glob("examples/*/Pulumi.yaml"))])
def test_both_of_pulumis_hosts_find_the_environment(folder: Path) -> None:
    """The language host looks from Pulumi.yaml's folder, that of dynamic resources from the folder `main` names."""
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    virtualenv = project["runtime"]["options"]["virtualenv"]
    main = (folder / project["main"]).resolve()
    assert main == ROOT
    assert (folder / virtualenv).resolve() == (main / virtualenv).resolve() == (ROOT / ".venv").resolve()
