"""`qiao preview`, `up` and `destroy`: the plan first, then the real engine."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from qiao.cli.options import Apps, InstallCli, Project, Stage, Yes, project_folder


def preview(stage: Stage, apps: Apps = None, project: Project = None, install_cli: InstallCli = False) -> None:
    """Show what `up` would change, asking the cloud. Plans first; then it is `pulumi preview`."""
    _hand_over("preview", stage, apps or [], project, install_cli=install_cli)


def up(
    stage: Stage, apps: Apps = None, project: Project = None, install_cli: InstallCli = False, yes: Yes = False
) -> None:
    """Create or change the stage, or some of its applications. Plans first; then it is `pulumi up`."""
    _hand_over("up", stage, apps or [], project, install_cli=install_cli, yes=yes)


def destroy(
    stage: Stage, apps: Apps = None, project: Project = None, install_cli: InstallCli = False, yes: Yes = False
) -> None:
    """Delete the stage, or some of its applications. Plans first; then it is `pulumi destroy`."""
    _hand_over("destroy", stage, apps or [], project, install_cli=install_cli, yes=yes)


def _hand_over(
    command: str, stage: str, apps: list[str], project: Path | None, *, install_cli: bool, yes: bool = False
) -> None:
    from qiao import engine
    from qiao.plan.evaluate import evaluate
    from qiao.plan.report import show
    from qiao.targets import Targets

    folder = project_folder(project)
    plan = evaluate(folder, stage)
    if plan.exit_status:
        show(plan)
        raise typer.Exit(plan.exit_status)
    typer.echo(f"qiao: planned offline, {len(plan.recording.resources)} resources, no findings", err=True)
    targets = Targets(plan.recording)
    chosen = targets.to_destroy(apps) if command == "destroy" else targets.of(apps)
    cli = engine.find_or_install(agreed=install_cli, ask=_ask if sys.stdin.isatty() else None)
    arguments = [command, "--stack", stage, *(["--yes"] if yes else [])]
    for target in chosen:
        arguments += ["--target", target]
    engine.hand_over(cli, arguments, folder)


def _ask(question: str) -> bool:
    # Not typer.confirm: that one writes to standard output, which is the CLI's.
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
