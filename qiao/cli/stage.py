"""`qiao stage new`: a new stage from an existing one."""

from __future__ import annotations

from typing import Annotated

import typer

from qiao.cli.options import Project, project_folder

app = typer.Typer(no_args_is_help=True, help="Stages: files of settings, one a Pulumi stack.", rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Keep `new` a word of its own, though it is the only one yet."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The new stage, as feature-search.")],
    source: Annotated[str, typer.Option("--from", help="The stage to begin from; its foundation is borrowed.")],
    project: Project = None,
) -> None:
    """Write a feature stage's settings and say what is left to do."""
    from qiao.stage import new_stage

    for line in new_stage(project_folder(project), name, source):
        typer.echo(line)
