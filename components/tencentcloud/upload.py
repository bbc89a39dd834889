"""A code folder on its way to a function: a start for its server put in, zipped, and uploaded under its hash."""

from __future__ import annotations

import hashlib
import os
import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import cos

from components import packaging
from components.base import Component
from components.errors import UserError
from components.function import CodeFolder, FunctionArgs
from components.packaging import Entry
from components.tencentcloud import function_settings as planning

FUNCTION = "tencentcloud:Scf/function:Function"
START = "scf_bootstrap"
"""The file that the service runs to start a server: no other name will do."""
SCRIPT = "run.sh"
"""What starts a server on every cloud, in a folder whose command is not said."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a function's code comes from."""

    identity: pulumi.Input[str]
    """What changes when the code does: the reference of an image, or an archive's hash."""
    code: dict[str, Any]
    """The same as arguments of the function."""


def declare_upload(owner: Component, args: FunctionArgs, code: CodeFolder) -> Source:
    """Zip a folder and declare the object that carries it.

    Another code is another object: the provider never reads back where code came from, so that the name alone tells it
    of a change. The old object goes when the new one serves; versions have the code in themselves.

    Args:
        owner: the function.
        args: its arguments.
        code: the folder and the bucket, in the function's region.

    Raises:
        UserError: the folder is missing, empty, too large, or holds what no archive may, or its server has no start.
    """
    where = f"CodeFolder.path of {owner.logical_name}"
    archive = packaging.archive(where, code.path, code.ignore, added=_added(where, args, code))
    uploaded = cos.BucketObject(
        owner.child("code"),
        bucket=code.bucket.name,
        # The function's own name in front: stages that share a bucket must not share, and delete, an object.
        key=f"{owner.physical_name(FUNCTION)}-{archive.sha256}.zip",
        # Relative: state must hold no path of one machine.
        source=archive.path,
        acl="private",
        content_type="application/zip",
        opts=owner.options(),
    )
    place = {
        # By its full name: the provider itself takes the account's number off.
        "cos_bucket_name": uploaded.bucket,
        "cos_object_name": uploaded.key,
        "cos_bucket_region": owner.scope.region,
    }
    return Source(identity=archive.sha256, code=place)


def check_folder(name: str, args: FunctionArgs, code: CodeFolder) -> None:
    """Refuse a folder that cannot be packed, and a server that would not start. Writes nothing."""
    where = f"CodeFolder.path of {name}"
    entries = packaging.check(where, code.path, code.ignore)
    if planning.serves(args):
        _check_start(where, args, entries)


def start(runtime: str, command: str) -> str:
    """The file that starts a server.

    Args:
        runtime: the function's runtime, whose programs are put on PATH.
        command: what to start.
    """
    programs = planning.RUNTIMES[runtime]
    lines = [
        "#!/bin/bash",
        f"export PORT={planning.PORT}",
        *([f"export PATH={programs}:$PATH"] if programs else []),
        'cd "$(dirname "$0")"',
        f"exec {shlex.join(shlex.split(command))}",
    ]
    return "\n".join(lines) + "\n"


def _check_start(where: str, args: FunctionArgs, entries: Sequence[Entry]) -> None:
    names = {entry.name: entry for entry in entries}
    own = names.get(START)
    if own is None:
        if args.command is None and SCRIPT not in names:
            what = f"nothing says how its server starts: there is neither {SCRIPT} nor {START}"
            raise UserError(where, what, f"put a {SCRIPT} there, or give FunctionArgs.command")
        return
    if args.command is not None:
        raise UserError("FunctionArgs.command", f"the folder's {START} starts the server", "leave one of them out")
    if not own.executable:
        raise UserError(where, f"{START} cannot be run", "begin it with #!/bin/bash")
    if own.source.read_bytes().split(b"\n", 1)[0].endswith(b"\r"):
        raise UserError(where, f"the lines of {START} end as Windows has it", "save it with LF alone")


def _added(where: str, args: FunctionArgs, code: CodeFolder) -> list[Entry]:
    """The start of a server, where the folder has none of its own."""
    runtime = planning.runtime(args)
    if runtime is None or not planning.serves(args):
        return []
    if any(entry.name == START for entry in packaging.check(where, code.path, code.ignore)):
        return []
    content = start(runtime, args.command or f"./{SCRIPT}").encode()
    file = packaging.BUILD_FOLDER / f"{START}-{hashlib.sha256(content).hexdigest()[:16]}"
    _put(file, content)
    return [Entry(name=START, source=file, executable=True, size=len(content))]


def _put(file: Path, content: bytes) -> None:
    """Write whole or not at all: another run may read it, by a name that promises its content."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    Path(unfinished).replace(file)
