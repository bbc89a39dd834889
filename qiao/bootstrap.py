"""Makes `.venv` from the hashed locks and enters it. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

MAIN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"

ENTERED = "QIAO_ENTERED"
"""Set for the one moment between making the environment and running in it, so that the two never alternate."""

UNTRUSTED = "the package index's certificate is not trusted here"
SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
"""How uv is told to trust what the system trusts, in its new and its old word; by itself it trusts its own list."""

CAUSES = (
    (r"DO NOT MATCH THE HASHES|[Hh]ash mismatch", "a package is not the one the lock names",
     "another index or a proxy changed it: install from PyPI itself"),
    (r"No space left", "the disk is full", "free about 500 MB"),
    (r"[Cc]ertificate|CERTIFICATE", UNTRUSTED,
     "name your authority's file in SSL_CERT_FILE and PIP_CERT"),
    (r"Max retries|Failed to establish|name resolution|[Cc]onnect(ion)? (error|timeout|refused)|ConnectTimeout|"
     r"ReadTimeout|unreachable|error sending request|dns error|[Ff]ailed to fetch|connectivity is disabled|"
     r"network was disabled",
     "the package index cannot be reached",
     "the first run needs the network: PyPI, or what PIP_INDEX_URL and UV_INDEX_URL name"),
)  # fmt: skip
"""What the installers say, what it means, and the way out; the first that is found counts."""


class BootstrapError(Exception):
    """The environment cannot be made: one line says why and what to do."""


@dataclass(frozen=True)
class Environment:
    """The environment of one checkout, for one Python."""

    root: Path
    """The checkout: its locks say what to install."""
    python: str = sys.executable
    """The Python to make it from."""
    version: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    """That Python's version: an environment of another one is made anew."""

    @property
    def folder(self) -> Path:
        """Where it lies; `Pulumi.yaml` names the same."""
        return self.root / ".venv"

    @property
    def interpreter(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    @property
    def mark(self) -> Path:
        """The file that is written last: what was installed, in full."""
        return self.folder / "qiao-installed.json"

    def digest(self, lock: str) -> str:
        """The hash of a lock file."""
        try:
            return hashlib.sha256((self.root / lock).read_bytes()).hexdigest()
        except OSError:
            raise BootstrapError(f"{lock} is missing; run from a whole checkout") from None

    def installed(self) -> dict[str, str]:
        """Locks that were installed to the end, with their hashes; none when anything looks broken."""
        try:
            mark = json.loads(self.mark.read_text())
            locks = dict(mark["locks"]) if mark["python"] == self.version else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        # The link dangles after the system's Python was removed or upgraded.
        return locks if self.interpreter.exists() else {}

    def missing(self, locks: Sequence[str]) -> list[str]:
        """Those of the wanted locks that are not installed as they stand now."""
        there = self.installed()
        return [lock for lock in locks if there.get(lock) != self.digest(lock)]

    def prepare(self, locks: Sequence[str]) -> None:
        """Install what is missing, once however many ask at a time. Raises BootstrapError."""
        if not self.missing(locks):
            return
        with _only_one(self.root / ".qiao") as handle:
            missing = self.missing(locks)
            if not missing:
                return
            there = self.installed()
            if any(lock in there for lock in missing) or not there:
                # Stale or half made: what an interrupted install left behind looks like a package and is none.
                there, missing = {}, list(locks)
                self._make_anew(handle)
            self.mark.unlink(missing_ok=True)
            for lock in missing:
                self._install(lock, handle)
            self._write_mark({**there, **{lock: self.digest(lock) for lock in missing}})

    def _make_anew(self, handle: int) -> None:
        if self.folder.is_symlink():
            self.folder.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)
        uv = find_uv()
        _say(f"making .venv with Python {self.version}")
        if uv:
            _run([uv, "venv", "--quiet", "--python", self.python, str(self.folder)], handle)
            return
        if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
            raise BootstrapError("this Python has no venv module; install it (Debian: apt install python3-venv), or uv")
        _run([self.python, "-m", "venv", str(self.folder)], handle)

    def _install(self, lock: str, handle: int) -> None:
        uv = find_uv()
        count = len(re.findall(r"^\w", (self.root / lock).read_text(), re.MULTILINE))
        _say(f"installing {count} packages of {lock} into .venv with {'uv' if uv else 'pip'}; this happens once")
        python = str(self.interpreter)
        tool = [uv, "pip", "install", "--python", python] if uv else [
            python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
        ]  # fmt: skip
        command = [*tool, "--require-hashes", "--requirement", str(self.root / lock)]
        try:
            _run(command, handle)
        except BootstrapError as error:
            if not uv or not str(error).startswith(UNTRUSTED):
                raise
            _say("once more, with the certificates that this system trusts")
            _run(command, handle, **SYSTEM_CERTIFICATES)

    def _write_mark(self, locks: dict[str, str]) -> None:
        draft = self.mark.with_suffix(".new")
        draft.write_text(json.dumps({"python": self.version, "locks": locks}, indent=1) + "\n")
        draft.replace(self.mark)
        _say("ready")


def enter(arguments: Sequence[str]) -> None:
    """Return inside an environment that has what the command needs; anywhere else, make it and start over in it.

    Args:
        arguments: the command line: `test` needs the development lock too.
    """
    if os.environ.pop(ENTERED, None):
        return
    environment = Environment(ROOT)
    locks = [MAIN_LOCK, DEV_LOCK] if arguments[:1] == ["test"] else [MAIN_LOCK]
    inside = Path(sys.prefix).resolve() == environment.folder.resolve()
    try:
        if not environment.missing(locks):
            if not inside:
                _become(str(environment.interpreter), arguments, entered=True)
            return
        if inside:
            # It may have to be deleted, which its own Python is the wrong one to do.
            _become(sys._base_executable, arguments, entered=False)  # type: ignore[attr-defined]
        environment.prepare(locks)
    except BootstrapError as error:
        _leave(str(error), 2)
    except OSError as error:
        _leave(f"cannot write .venv: {error.strerror}: {error.filename}", 2)
    except KeyboardInterrupt:
        _leave("interrupted; the next run begins again", 130)
    _become(str(environment.interpreter), arguments, entered=True)


def _become(python: str, arguments: Sequence[str], *, entered: bool) -> None:
    """Replace this process: same id, terminal and signals, and its exit status is the command's."""
    environ = dict(os.environ)
    if entered:
        environ[ENTERED] = "1"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(python, [python, "-m", "qiao", *arguments], environ)  # noqa: S606


def _run(command: Sequence[str], *handles: int, **env: str) -> None:
    """Run an installer with its words passed on to stderr; a failure becomes one line."""
    heard: list[str] = []
    # The handle of the lock goes along: an installer that outlives us still keeps others out.
    with subprocess.Popen(  # noqa: S603 - uv or pip, with our own arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", pass_fds=handles, env=_clean_environment() | env,
    ) as process:  # fmt: skip
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            heard.append(line)
            sys.stderr.write(line)
    if process.returncode:
        raise BootstrapError(explain("".join(heard)))


def find_uv() -> str | None:
    """The uv on PATH, when it runs: a version manager's stand-in for a uv of another Python does not."""
    uv = shutil.which("uv")
    if not uv:
        return None
    answer = subprocess.run([uv, "--version"], capture_output=True, check=False)  # noqa: S603 - found on PATH
    return uv if answer.returncode == 0 else None


def _clean_environment() -> dict[str, str]:
    """The caller's environment without what would send an installer to another environment or other packages."""
    foreign = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")
    return {key: value for key, value in os.environ.items() if key not in foreign}


def explain(words: str) -> str:
    """One line for what an installer said at length."""
    for pattern, what, instead in CAUSES:
        if re.search(pattern, words):
            return f"{what}; {instead}"
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return f"installing failed: {lines[-1] if lines else 'the installer said nothing'}; its words are above"


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[int]:
    """Hold the checkout's install lock; the system frees it when the last process that has it ends, however it ends."""
    try:
        import fcntl
    except ImportError:
        raise BootstrapError("Qiao runs on Linux and macOS; on Windows use WSL") from None
    folder.mkdir(exist_ok=True)
    with (folder / "install.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another qiao is installing; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _say(words: str) -> None:
    sys.stderr.write(f"qiao: {words}\n")
    sys.stderr.flush()


def _leave(words: str, status: int) -> None:
    _say(words)
    sys.exit(status)
