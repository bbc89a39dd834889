"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from components.errors import UserError
from qiao.bootstrap import ROOT

Stage = Annotated[str, typer.Argument(help="The stage: settings are in Pulumi.STAGE.yaml.")]
Apps = Annotated[list[str] | None, typer.Argument(help="Only these applications. Default: the whole stage.")]
Project = Annotated[Path | None, typer.Option(help="Folder of another Pulumi.yaml, as examples/agent-image.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before changing anything.")]
InstallCli = Annotated[bool, typer.Option("--install-cli", help="Download the pulumi CLI when there is none.")]


def project_folder(project: Path | None) -> Path:
    """The folder of the project to work on; Qiao's own by default."""
    folder = (project or ROOT).resolve()
    if not (folder / "Pulumi.yaml").is_file():
        raise UserError("--project", f"{project} has no Pulumi.yaml", "name a folder such as examples/agent-image")
    return folder
