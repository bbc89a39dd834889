"""`qiao plan`: the stage evaluated offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from qiao.cli.options import Project, Stage, project_folder

if TYPE_CHECKING:
    from qiao.plan.evaluate import Plan


def plan(stage: Stage, project: Project = None) -> None:
    """Evaluate a stage offline, without account, pulumi or network: what would be there, and what is wrong with it."""
    planned(project_folder(project), stage)


def planned(project: Path, stage: str) -> Plan:
    """The plan, printed; ends the command with status 1 on any finding. Raises UserError for wrong settings."""
    from qiao.plan.evaluate import evaluate
    from qiao.plan.report import show

    result = evaluate(project, stage)
    show(result)
    if result.findings:
        raise typer.Exit(1)
    return result
