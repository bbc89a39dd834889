"""The `pulumi` CLI: found, or installed when the user agrees, and handed the terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NoReturn

from components.errors import UserError
from qiao.bootstrap import ROOT

Version = tuple[int, int, int]

WHERE = "pulumi CLI"
MEANWHILE = "`qiao plan` works without it"
FOLDER = ".qiao/pulumi"
OWN = ROOT / FOLDER
"""Where Qiao installs the CLI: in the checkout, so that nothing of the user's changes."""


def pinned() -> str:
    """The version that goes with the locked SDK."""
    return metadata.version("pulumi")


def find() -> Path:
    """The first CLI that fits the SDK: on PATH, then our own, then ~/.pulumi. Raises UserError."""
    unfit: list[str] = []
    for path in _candidates():
        version = version_of(path)
        if version is not None and fits(version, parse(pinned())):
            return path
        unfit.append(f"{path} is {'.'.join(map(str, version)) if version else 'broken'}")
    what = "; ".join(unfit) + f", not {pinned()} or a newer 3.x" if unfit else "there is none"
    instead = f"install {pinned()} (https://www.pulumi.com/docs/install) or add --install-cli; {MEANWHILE}"
    raise UserError(WHERE, what, instead)


def _candidates() -> Iterator[Path]:
    found = shutil.which("pulumi")
    if found:
        yield Path(found)
    for folder in (OWN, Path.home() / ".pulumi"):
        path = folder / "bin" / "pulumi"
        if os.access(path, os.X_OK):
            yield path


def version_of(path: Path) -> Version | None:
    """What a CLI says it is; None when it does not run."""
    quiet = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run([path, "version"], capture_output=True, text=True, timeout=60, env=quiet, check=True)  # noqa: S603
        return parse(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def parse(text: str) -> Version:
    """`v3.272.0-dev.1` as numbers. Raises ValueError."""
    major, minor, patch = text.strip().removeprefix("v").split("-")[0].split("+")[0].split(".")
    return int(major), int(minor), int(patch)


def fits(version: Version, sdk: Version) -> bool:
    """Whether a CLI understands all that the SDK may ask: same major version, not older."""
    return version[0] == sdk[0] and version >= sdk


def install() -> Path:
    """Download the pinned CLI as Pulumi's Automation API does, into the checkout. Raises UserError."""
    from pulumi.automation import PulumiCommand

    sys.stderr.write(f"qiao: installing pulumi {pinned()} into {FOLDER}\n")
    try:
        PulumiCommand.install(root=str(OWN))
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        what = f"{pinned()} cannot be downloaded from get.pulumi.com ({type(error).__name__})"
        raise UserError(WHERE, what, f"try again with network, or install it yourself; {MEANWHILE}") from None
    return OWN / "bin" / "pulumi"


def find_or_install(*, agreed: bool, ask: Callable[[str], bool] | None) -> Path:
    """The CLI, installed first where there is none and the user agrees.

    Args:
        agreed: the user said so on the command line.
        ask: puts a question to the user; None when nobody is there to answer.

    Raises:
        UserError: there is none, and nobody agreed or the download failed.
    """
    try:
        return find()
    except UserError as error:
        question = f"{WHERE}: {error.what}. Download {pinned()} from get.pulumi.com into {FOLDER}?"
        if agreed or (ask is not None and ask(question)):
            return install()
        raise


def hand_over(cli: Path, arguments: Sequence[str], project: Path) -> NoReturn:
    """Become the CLI, in the project's folder: same terminal, same signals, and its exit status is ours."""
    environ = dict(os.environ)
    # The language host and plugins lie beside it.
    environ["PATH"] = f"{cli.parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(project)
    os.execve(cli, [str(cli), *arguments], environ)  # noqa: S606
