"""A checkout with nothing in it but the bootstrap, to make environments in: small, offline, with real processes."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMMAND = """
import json, os, sys

def main(arguments):
    try:
        import tiny
    except ImportError:
        tiny = None
    print(json.dumps({"arguments": arguments, "prefix": sys.prefix, "pid": os.getpid(), "tiny": bool(tiny)}))
    return 7
"""
"""Stands for the command line: tells where it runs, and ends with a status of its own."""

UV = """#!/bin/sh
echo "$@" >> "{log}"
for last; do :; done
case "$1" in
    --version) exit ${{UV_BROKEN:-0}} ;;
    venv) exec "{python}" -m venv --without-pip "$last" ;;
    pip)
        sleep "${{UV_SLEEP:-0}}"
        [ -n "$UV_SAYS" ] && [ "$UV_SYSTEM_CERTS$UV_NATIVE_TLS" != "$UV_TRUSTS" ] || exit 0
        echo "$UV_SAYS" >&2
        exit 1 ;;
esac
"""
"""Stands for uv: notes what it is asked, makes real environments, installs nothing. Fails with UV_SAYS, unless
UV_TRUSTS is 11 and it is told to trust what the system trusts."""


class Checkout:
    """A folder that looks like a fresh clone to the bootstrap, and the ways to run it."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin, self.wheels, self.home = root / "qiao-clone", root / "bin", root / "wheels", root / "home"
        for folder in (self.root / "qiao" / "cli", self.bin, self.wheels, self.home):
            folder.mkdir(parents=True)
        for name in ("__init__.py", "__main__.py", "bootstrap.py"):
            shutil.copy(ROOT / "qiao" / name, self.root / "qiao" / name)
        (self.root / "qiao" / "cli" / "__init__.py").write_text(COMMAND)
        self.lock("requirements.txt", "tiny==1.0 --hash=sha256:" + make_wheel(self.wheels, "tiny"))
        self.lock("requirements-dev.txt", "# nothing more\n")

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def mark(self) -> Path:
        return self.venv / "qiao-installed.json"

    def lock(self, name: str, text: str) -> None:
        """Write a lock."""
        (self.root / name).write_text(text + "\n")

    def add_uv(self) -> None:
        """Put the stand-in for uv on PATH."""
        path = self.bin / "uv"
        path.write_text(UV.format(log=self.bin / "uv.log", python=sys.executable))
        path.chmod(0o755)

    def asked_of_uv(self) -> list[str]:
        """What uv was asked to do, in order, without the question for its version."""
        log = self.bin / "uv.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if line != "--version"]

    def start(self, *arguments: str, python: str = sys.executable, **env: str) -> subprocess.Popen[str]:
        """Start `python -m qiao` with an empty HOME and nothing of this process's environment."""
        clean = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.home), "PIP_NO_INDEX": "1",
                 "PIP_FIND_LINKS": str(self.wheels)} | env  # fmt: skip
        return subprocess.Popen(
            [python, "-m", "qiao", *arguments], cwd=self.root, env=clean, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, python: str = sys.executable, **env: str) -> Ran:
        """Run it to the end."""
        process = self.start(*arguments, python=python, **env)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err, process.pid)


class Ran:
    """How a run ended."""

    def __init__(self, status: int, out: str, err: str, pid: int) -> None:
        self.status, self.out, self.err, self.pid = status, out, err, pid

    @property
    def told(self) -> dict[str, object]:
        """What the command inside said: the one line on standard output."""
        found: dict[str, object] = json.loads(self.out)
        return found

    @property
    def last(self) -> str:
        """The last line on standard error."""
        return self.err.strip().splitlines()[-1]


def make_wheel(folder: Path, name: str) -> str:
    """A wheel with one empty module; returns its hash."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items())
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            wheel.writestr(member, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def inside(checkout: Checkout, ran: Ran) -> bool:
    """Whether the command ran in the checkout's own environment."""
    return Path(str(ran.told["prefix"])).samefile(checkout.venv)
