"""`qiao plan`: the stage evaluated offline, saved, and compared with what it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from components.errors import UserError
from qiao.cli.options import Project, project_folder

if TYPE_CHECKING:
    from qiao.plan.evaluate import Plan
    from qiao.plan.saved import Document

Subject = Annotated[
    str, typer.Argument(metavar="STAGE", help="The stage: settings are in Pulumi.STAGE.yaml. With --diff also a file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON (docs/plan-json.md, docs/plan-diff.md).")]
Save = Annotated[Path | None, typer.Option(metavar="FILE", help="Save the plan, for a later --diff.")]
Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the plan: one HTML file (docs/picture.md).")]
Diff = Annotated[Path | None, typer.Option(metavar="OLD", help="Show what changes since a saved plan.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="With --diff: status 3 where anything changes.")]

CHANGED = 3
"""Exit status where plans differ, if that is asked for."""


def plan(
    stage: Subject,
    project: Project = None,
    as_json: AsJson = False,
    save: Save = None,
    html: Html = None,
    diff: Diff = None,
    exit_code: ExitCode = False,
) -> None:
    """Evaluate a stage offline, without account, pulumi or network: what would be there, and what is wrong with it."""
    if diff is None and exit_code:
        raise UserError("--exit-code", "stands without --diff", "add --diff OLD, or leave it out")
    if diff is not None and html is not None:
        raise UserError("--html", "draws one plan, not a difference", "leave out --diff, or --html")
    if diff is not None:
        raise typer.Exit(_compare(diff, stage, project, save, as_json=as_json, exit_code=exit_code))
    result = _evaluated(stage, project)
    if html is not None:
        _draw(result, html)
    raise typer.Exit(_plan(result, save, as_json=as_json))


def _draw(result: Plan, path: Path) -> None:
    from qiao.plan import picture
    from qiao.plan.files import write

    if path.exists() and not picture.is_picture(path):
        raise UserError(path.name, "is there, and is no picture of a plan", "give another name; nothing was written")
    title = f"{result.project}, stage {result.stage}"
    marks: list[picture.Finding] = [*result.findings, *result.messages]
    write(path, picture.render(result.recording, title=title, findings=marks, mask=result.text))


def _plan(result: Plan, save: Path | None, *, as_json: bool) -> int:
    if save or as_json:
        from qiao.plan import saved

        document = saved.document(result)
        if save:
            saved.save(document, save)
        if as_json:
            typer.echo(saved.text_of_document(document), nl=False)
    if not as_json:
        from qiao.plan.report import show

        show(result)
    return result.exit_status


def _compare(old: Path, new: str, project: Path | None, save: Path | None, *, as_json: bool, exit_code: bool) -> int:
    from qiao.plan import saved
    from qiao.plan.diff import compare
    from qiao.plan.diff.show import show

    # Read before anything is written: `--save` may name the same file.
    before = saved.load(old)
    after = _document(new, project)
    difference = compare(before, after)
    if save:
        saved.save(after, save)
    if as_json:
        typer.echo(saved.text_of_document(difference), nl=False)
    else:
        show(difference, old.name)
    return difference.exit_status or (CHANGED if exit_code and not difference.is_empty else 0)


def _document(new: str, project: Path | None) -> Document:
    from qiao.plan import saved

    return saved.load(Path(new)) if _is_file(new) else saved.document(_evaluated(new, project))


def _evaluated(stage: str, project: Path | None) -> Plan:
    from qiao.plan.evaluate import evaluate

    return evaluate(project_folder(project), stage)


def _is_file(subject: str) -> bool:
    """Whether a file is meant: a stage's name has neither dot nor slash."""
    return re.search(r"[./\\]", subject) is not None
