"""The table of commands."""

from __future__ import annotations

import tomllib
from importlib import metadata
from typing import Annotated

import typer

from qiao.bootstrap import ROOT
from qiao.cli import checks, deploy, plan, stage

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # A traceback with the values of variables in it could show a secret.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(plan.plan)
app.command()(deploy.preview)
app.command()(deploy.up)
app.command()(deploy.destroy)
app.add_typer(stage.app, name="stage")
app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(checks.run)


def _version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        typer.echo(f"qiao {project['version']}, pulumi SDK {metadata.version('pulumi')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Versions.")] = False,
) -> None:
    """Qiao: applications on China's serverless clouds, planned offline and deployed by Pulumi."""
