"""`qiao plan`: the stage evaluated offline."""

from __future__ import annotations

import typer

from qiao.cli.options import Project, Stage, project_folder


def plan(stage: Stage, project: Project = None) -> None:
    """Evaluate a stage offline, without account, pulumi or network: what would be there, and what is wrong with it."""
    from qiao.plan.evaluate import evaluate
    from qiao.plan.report import show

    result = evaluate(project_folder(project), stage)
    show(result)
    raise typer.Exit(result.exit_status)
