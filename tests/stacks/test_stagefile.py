"""Stack files as people leave them: each way to be wrong is one clear error that repeats nothing of the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components.errors import UserError
from stacks.stagefile import LARGEST_BYTES, is_placeholder, load, placeholder, stages, written


def write(folder: Path, text: str | bytes, name: str = "Pulumi.dev.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_values_come_as_pulumi_hands_them_over(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
encryptionsalt: v1:salt
secretsprovider: passphrase
config:
  volcengine:region: cn-beijing
  qiao:flag: true
  qiao:apps:
    agent: {port: 8080, ratio: 0.5, mode: on, list: [1, two], nothing: }
""",
    )
    file = load(path)
    assert file.stage == "dev"
    assert set(file.config) == {"volcengine:region", "qiao:flag", "qiao:apps"}
    assert file.config["volcengine:region"] == "cn-beijing"
    assert file.config["qiao:flag"] == "true"
    # YAML 1.2, as Pulumi reads it: `on` is a word.
    wanted = {"port": 8080, "ratio": 0.5, "mode": "on", "list": [1, "two"], "nothing": None}
    assert json.loads(file.config["qiao:apps"]) == {"agent": wanted}
    assert file.secret_paths == frozenset()


def test_encrypted_values_become_placeholders_each_its_own(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
config:
  other:token: {secure: v1:cipher0}
  qiao:apps:
    agent:
      secret_env:
        KEY: {secure: v1:cipher1}
        "DOT.TED": {secure: v1:cipher2}
      list: [{secure: v1:cipher3}, plain]
""",
    )
    file = load(path)
    env = ("qiao:apps", "agent", "secret_env")
    assert file.secret_paths == {
        ("other:token",), (*env, "KEY"), (*env, "DOT.TED"), ("qiao:apps", "agent", "list", 0),
    }  # fmt: skip
    apps = json.loads(file.config["qiao:apps"])["agent"]
    found = [file.config["other:token"], *apps["secret_env"].values(), apps["list"][0]]
    assert all(is_placeholder(value) for value in found)
    assert len(set(found)) == 4
    assert not is_placeholder(apps["list"][1])
    assert "cipher" not in repr(file)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("qiao:apps", "my-agent", "secret_env", "KEY"), "qiao:apps.my-agent.secret_env.KEY"),
        (("qiao:apps", "a", "list", 0, "x"), "qiao:apps.a.list[0].x"),
        (("qiao:apps", "a", "secret_env", "A.B"), 'qiao:apps.a.secret_env["A.B"]'),
    ],
)
def test_paths_are_written_as_pulumi_takes_them(path: tuple[str | int, ...], text: str) -> None:
    assert written(path) == text
    assert placeholder(path) == f"[encrypted: {text}]"


DEEP_FLOW = "config: " + "[" * 100_000
DEEP_BLOCK = "config:\n" + "\n".join("  " * depth + "a:" for depth in range(1, 60))
LAUGHS = "config:\n  qiao:a: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"  qiao:{depth}: &a{depth} [{', '.join([f'*a{depth - 1}'] * 10)}]" for depth in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Pulumi.dev.yaml: is empty; put qiao:apps and qiao:clouds below `config:`"),
        ("# only a comment\n", "Pulumi.dev.yaml: is empty; put qiao:apps and qiao:clouds below `config:`"),
        ("- a\n- b\n", "Pulumi.dev.yaml: is not a mapping; begin it with `config:`"),
        ("just words", "Pulumi.dev.yaml: is not a mapping; begin it with `config:`"),
        (
            "encryptionsalt: v1\n",
            "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`",
        ),
        ("config: [a]\n", "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`"),
        ("config:\n  apps: {}\n", "Pulumi.dev.yaml: config: a key has no namespace; write it as qiao:apps"),
        ("config:\n  q:a: {hush: 1\n", "Pulumi.dev.yaml: is not YAML near line 3; mend that line"),
        ("config:\n  q:a: 1\n\tq:b: hush\n", "Pulumi.dev.yaml: is not YAML near line 3; mend that line"),
        ("a: 1\n---\nb: hush\n", "Pulumi.dev.yaml: is not YAML near line 2; mend that line"),
        (
            "config:\n  q:a:\n    key: hush-one\n    key: hush-two\n",
            "Pulumi.dev.yaml: a key stands twice near line 4; keep one of them",
        ),
        ("config:\n  q:a: {8080: x}\n", "Pulumi.dev.yaml: q:a: the key 8080 is not text; put it in quotes"),
        (
            "config:\n  q:a: {day: 2026-01-01}\n",
            "Pulumi.dev.yaml: q:a.day: is neither text, number nor true/false; put it in quotes",
        ),
        (
            "config:\n  q:a: {n: .inf}\n",
            "Pulumi.dev.yaml: q:a.n: is neither text, number nor true/false; put it in quotes",
        ),
        (b"config:\n  q:a: \xff\xfe\n", "Pulumi.dev.yaml: is not UTF-8 text; save it as UTF-8"),
        (b"config: \x00", "Pulumi.dev.yaml: is not YAML; mend it, or begin again from another file"),
        (DEEP_FLOW, "Pulumi.dev.yaml: is nested deeper than 40 levels; settings need no more than ten"),
        (DEEP_BLOCK, "Pulumi.dev.yaml: is nested deeper than 40 levels; settings need no more than ten"),
        (LAUGHS, "Pulumi.dev.yaml: holds more than 20000 values; do without nested YAML aliases"),
        ("#" * (LARGEST_BYTES + 1), "Pulumi.dev.yaml: is larger than 256 KiB; keep settings only in it"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_clear_error(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(UserError) as caught:
        load(write(tmp_path, text))
    assert str(caught.value) == message


def test_a_missing_file_says_which_stages_there_are(tmp_path: Path) -> None:
    write(tmp_path, "config: {}", "Pulumi.prod.yaml")
    write(tmp_path, "name: qiao", "Pulumi.yaml")
    write(tmp_path, "config: {}", "Pulumi.dev.yaml")
    assert stages(tmp_path) == ["dev", "prod"]
    with pytest.raises(UserError) as caught:
        load(tmp_path / "Pulumi.staging.yaml")
    instead = "stages here: dev, prod; make one with `qiao stage new NAME --from STAGE`"
    assert str(caught.value) == f"Pulumi.staging.yaml: there is no such file; {instead}"


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.Dev.yaml", "Pulumi.a_b.yaml", "dev.yaml", "Pulumi.-x.yaml"])
def test_a_file_that_is_no_stage_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="is not a stage file"):
        load(write(tmp_path, "config:\n  qiao:apps: {}\n", name))


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, b"\xef\xbb\xbfconfig:\n  q:a: x\n")).config == {"q:a": "x"}
