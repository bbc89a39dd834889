"""Code on Tencent Cloud: what starts a server, that it can be run, and where the archive lies."""

from __future__ import annotations

import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pulumi_random as random
import pytest

from components.bucket import ExistingBucket
from components.errors import UserError
from components.function import CodeFolder
from components.scope import Scope
from components.tencentcloud.upload import start
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.function_support import (
    CODE,
    FUNCTION,
    OBJECT,
    VERSION,
    Opts,
    build_function,
    code_folder,
    made,
    one_function,
)
from tests.components.tencentcloud.support import behind

FOUND = ["index.py", "run.sh", "scf_bootstrap"]
"""What lies in the folder, and what is put beside it."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packed(recording: Recording) -> zipfile.ZipFile:
    return zipfile.ZipFile(recording.get(OBJECT).inputs["source"])


def text_of(recording: Recording, name: str = "scf_bootstrap") -> str:
    with packed(recording) as archive:
        return archive.read(name).decode()


def folder(path: Path, **files: str) -> CodeFolder:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name.replace("__", ".")).write_bytes(content.encode())
    return CodeFolder(path=str(path), bucket=CODE)


# ---- what starts a server


def test_the_platforms_start_is_made_of_the_script_and_can_be_run(here: Path) -> None:
    recording = one_function(code=code_folder(here / "app"))
    with packed(recording) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert sorted(modes) == FOUND
    for name in ("scf_bootstrap", "run.sh"):
        assert stat.S_IMODE(modes[name]) == 0o755, f"{name} cannot be run once it is unpacked"
    assert stat.S_IMODE(modes["index.py"]) == 0o644
    assert text_of(recording).splitlines() == [
        "#!/bin/bash", "export PORT=9000", "export PATH=/var/lang/node18/bin:$PATH", 'cd "$(dirname "$0")"',
        "exec ./run.sh",
    ]  # fmt: skip
    assert text_of(recording).endswith("./run.sh\n")


def test_a_command_takes_the_scripts_place(here: Path) -> None:
    recording = one_function(
        code=code_folder(here / "app"), command="python3 -m 'my server' $HOME", runtime="Python3.10"
    )
    lines = text_of(recording).splitlines()
    assert lines[-1] == "exec python3 -m 'my server' '$HOME'"
    assert "export PATH=/var/lang/python310/bin:$PATH" in lines
    assert one_function(code=folder(here / "bare", index__js="1"), command="node index.js").of_type(OBJECT) != []


def test_a_runtime_without_programs_of_its_own_leaves_the_path(here: Path) -> None:
    recording = one_function(code=code_folder(here / "app"), runtime="CustomRuntime")
    assert "PATH=" not in text_of(recording)


def test_what_is_made_starts_a_program_in_its_own_folder_on_the_platforms_port(here: Path) -> None:
    """Run for real: by another working directory, as the platform may."""
    (here / "app").mkdir()
    (here / "app" / "scf_bootstrap").write_text(start("Nodejs18.15", "./run.sh 'two words'"), encoding="utf-8")
    script = '#!/bin/sh\necho "$PORT|$1|$(basename "$PWD")|$PATH"\n'
    (here / "app" / "run.sh").write_text(script, encoding="utf-8")
    (here / "app" / "run.sh").chmod(0o755)
    done = subprocess.run(["bash", "app/scf_bootstrap"], capture_output=True, text=True, check=True)
    port, word, place, path = done.stdout.strip().split("|")
    assert (port, word, place) == ("9000", "two words", "app")
    assert path.startswith("/var/lang/node18/bin:")


def test_a_start_of_ones_own_is_taken_as_it_is(here: Path) -> None:
    own = "#!/bin/bash\nexec /var/lang/node18/bin/node app.js\n"
    recording = one_function(code=folder(here / "app", scf_bootstrap=own, app__js="1"))
    assert text_of(recording) == own
    with packed(recording) as archive:
        assert sorted(archive.namelist()) == ["app.js", "scf_bootstrap"]


def test_a_handler_needs_no_start(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    with packed(recording) as archive:
        assert sorted(archive.namelist()) == ["index.py", "run.sh"]


def test_a_server_that_would_not_start_is_refused(here: Path) -> None:
    with pytest.raises(UserError, match=r"CodeFolder\.path of agent-chat: nothing says how its server starts"):
        one_function(code=folder(here / "none", app__js="1"))
    with pytest.raises(UserError, match="scf_bootstrap cannot be run; begin it with #!/bin/bash"):
        one_function(code=folder(here / "plain", scf_bootstrap="node app.js\n"))
    with pytest.raises(UserError, match="the lines of scf_bootstrap end as Windows has it; save it with LF alone"):
        one_function(code=folder(here / "crlf", scf_bootstrap="#!/bin/bash\r\nexec node app.js\r\n"))
    both = folder(here / "both", scf_bootstrap="#!/bin/bash\nexec node app.js\n")
    with pytest.raises(UserError, match=r"FunctionArgs\.command: the folder's scf_bootstrap starts the server"):
        one_function(code=both, command="node app.js")


# ---- where it lies


def test_code_is_uploaded_under_its_hash_and_named_in_full(here: Path) -> None:
    recording = one_function(code=code_folder(here / "app"))
    uploaded, function = recording.get(OBJECT, "agent-chat-code"), recording.get(FUNCTION)
    key = uploaded.inputs["key"]
    assert key.startswith("qiao-dev-agent-chat-")
    assert key.endswith(".zip")
    digest = key.removeprefix("qiao-dev-agent-chat-").removesuffix(".zip")
    assert uploaded.inputs == {
        "bucket": "code-1250000000", "key": key, "source": f".qiao/build/{digest}.zip", "acl": "private",
        "contentType": "application/zip",
    }  # fmt: skip
    # The provider takes the account's number off by itself.
    assert function.inputs["cosBucketName"] == "code-1250000000"
    assert (function.inputs["cosObjectName"], function.inputs["cosBucketRegion"]) == (key, "ap-guangzhou")
    assert behind(function, "cosObjectName") == {"agent-chat-code"}
    assert uploaded.retain_on_delete is False


def keys_of(**fields: Any) -> tuple[str, str]:
    recording = one_function(**fields)
    return recording.get(OBJECT).inputs["key"], recording.get(VERSION).inputs["description"]


def test_the_same_code_is_the_same_object_and_another_start_is_another(here: Path) -> None:
    code = code_folder(here / "app")
    assert keys_of(code=code) == keys_of(code=code_folder(here / "copy"))
    for changed in ({"command": "node app.js"}, {"runtime": "Nodejs16.13"}):
        other = keys_of(code=code, **changed)
        assert (other[0] != keys_of(code=code)[0], other[1] != keys_of(code=code)[1]) == (True, True)
    assert keys_of(code=code_folder(here / "new", "#!/bin/sh\nexec node b.js\n"))[0] != keys_of(code=code)[0]


def test_a_bucket_that_is_not_there_yet_is_waited_for(here: Path) -> None:
    def build(scope: Scope, opts: Opts) -> None:
        bucket = random.RandomId("bucket", byte_length=1)
        code = CodeFolder(path=code_folder(here / "app").path, bucket=ExistingBucket(name=bucket.hex))
        build_function(scope, opts, code=code)

    for preview in (False, True):
        recording = made(build, preview=preview)
        assert (recording.get(OBJECT).inputs["bucket"] is UNKNOWN) == preview
        assert behind(recording.get(OBJECT), "bucket") == {"bucket"}


def test_a_folder_that_cannot_be_packed_is_refused_before_anything_is_declared(here: Path) -> None:
    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError, match=r"CodeFolder\.path of agent-chat: .* is not a folder"):
            build_function(scope, opts, code=CodeFolder(path=str(here / "nowhere"), bucket=CODE))

    assert [r.type for r in made(build).resources if r.custom] == ["pulumi:providers:tencentcloud"]
    assert not (here / ".qiao").exists()
