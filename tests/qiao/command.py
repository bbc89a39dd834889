"""Runs `qiao` as a user does, in a process of its own, beside a stand-in for `pulumi` that tells what it got."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from qiao.engine import pinned

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from pathlib import Path
from qiao import engine
from qiao.cli import main

engine.OWN = Path.home() / "own"
sys.exit(main(sys.argv[1:]))
"""
QIAO = [sys.executable, "-c", START]
"""`python -m qiao` without its bootstrap (tests have all they need), and blind to a pulumi in this checkout."""

PULUMI = """#!{python}
import json, os, sys
if sys.argv[1:] == ["version"]:
    print("{version}")
else:
    said = {{"arguments": sys.argv[1:], "cwd": os.getcwd(), "path": os.environ["PATH"], "pid": os.getpid()}}
    open({log!r}, "w").write(json.dumps(said))
    print("pulumi was here")
    sys.exit(int(os.environ.get("STATUS", "0")))
"""


class Machine:
    """A machine with nothing on PATH and an empty HOME, until something is put there."""

    def __init__(self, root: Path) -> None:
        self.bin, self.home, self.log = root / "bin", root / "home", root / "pulumi.json"
        self.bin.mkdir()
        self.home.mkdir()

    def add_pulumi(self, folder: Path | None = None, version: str | None = None) -> Path:
        """Put a stand-in for the CLI into a folder; on PATH and of the right version by default."""
        path = (folder or self.bin) / "pulumi"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PULUMI.format(python=sys.executable, version=version or f"v{pinned()}", log=str(self.log)))
        path.chmod(0o755)
        return path

    def environment(self, **env: str) -> dict[str, str]:
        """What a process sees: no network either, since every proxy leads nowhere."""
        nowhere = "http://127.0.0.1:9"
        return {"PATH": str(self.bin), "HOME": str(self.home), "https_proxy": nowhere, "http_proxy": nowhere} | env

    def qiao(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command line."""
        return subprocess.run(
            [*QIAO, *arguments], cwd=ROOT, env=self.environment(**env), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    @property
    def handed_over(self) -> dict[str, Any] | None:
        """What the CLI got; None when it was not started."""
        return json.loads(self.log.read_text()) if self.log.exists() else None
