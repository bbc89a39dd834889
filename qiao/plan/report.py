"""Prints a plan: the tree by application and component, outputs, checklist, findings.

The same plan is the same bytes everywhere: nothing depends on the terminal's width unless there is a terminal.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from qiao.plan.facts import facts
from qiao.plan.recording import Resource

if TYPE_CHECKING:
    from rich.console import Console
    from rich.tree import Tree

    from qiao.plan.evaluate import Plan

DEEPEST_OUTPUT = 3
"""Levels of nested outputs that are printed one a line; what lies deeper is named only."""
LIMITS_OF_A_PLAN = (
    "Not known offline: quotas, stock and prices, and what is there already. `pulumi preview` asks the cloud."
)


def show(plan: Plan, file: IO[str] | None = None) -> None:
    """Print a plan.

    Args:
        plan: the plan.
        file: where to. Default: standard output. Colours and wrapping only where it is a terminal.
    """
    from rich.text import Text

    console = _console(file or sys.stdout)
    for line in _lines(plan):
        if isinstance(line, str):
            console.print(Text(line), crop=False, overflow=None if console.is_terminal else "ignore", soft_wrap=True)
        else:
            console.print(line, crop=False)


def render(plan: Plan) -> str:
    """A plan as plain text."""
    text = io.StringIO()
    show(plan, text)
    return text.getvalue()


def _console(file: IO[str]) -> Console:
    from rich.console import Console

    if file.isatty():
        return Console(file=file, highlight=False)
    return Console(file=file, force_terminal=False, color_system=None, width=10_000, highlight=False, emoji=False)


def _lines(plan: Plan) -> Iterator[str | Tree]:
    yield f"{plan.project}, stage {plan.stage}, planned offline"
    yield ""
    yield _tree(plan)
    yield from _section("Outputs", _outputs(plan))
    yield from _section("To do by hand", (f"[ ] {line}" for line in plan.checklist))
    yield from _section("The program says", (f"{message.severity}: {message.text}" for message in plan.messages))
    yield from _section("Findings", (str(finding) for finding in plan.findings))
    yield ""
    yield _counts(plan)
    yield LIMITS_OF_A_PLAN


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    """A titled list; nothing where it is empty."""
    first = next(lines, None)
    if first is not None:
        yield from ("", title, f"  {first}", *(f"  {line}" for line in lines))


def _tree(plan: Plan) -> Tree:
    from rich.tree import Tree

    families: dict[str, list[Resource]] = {}
    urns = {resource.urn for resource in plan.recording.resources}
    for resource in plan.recording.resources:
        families.setdefault(resource.parent if resource.parent in urns else "", []).append(resource)
    found = Counter(finding.urn for finding in plan.findings)

    def grow(tree: Tree, urn: str, above: str) -> None:
        # Components first: they are what a reader knows; then by name.
        for resource in sorted(families.get(urn, ()), key=lambda each: (each.custom, each.name, each.type)):
            branch = tree.add(_label(resource, above, plan, found[resource.urn]))
            grow(branch, resource.urn, resource.name)

    root = Tree("", hide_root=True)
    grow(root, "", "")
    return root


def _label(resource: Resource, above: str, plan: Plan, findings: int) -> Any:
    from rich.text import Text

    label = Text(no_wrap=True, overflow="ellipsis")
    kind = resource.type.rpartition(":")[2]
    label.append(plan.text(resource.name.removeprefix(f"{above}-")), style="" if resource.custom else "bold")
    label.append(f" {kind}", style="cyan" if resource.custom else "bold cyan")
    details = [plan.text(fact) for fact in facts(resource, plan.value)]
    if details:
        label.append("  " + " · ".join(details), style="dim")
    if findings:
        label.append(f"  ✗ {findings} finding{'s' if findings > 1 else ''}", style="bold red")
    return label


def _outputs(plan: Plan) -> Iterator[str]:
    lines = list(_flat(plan.outputs, ""))
    width = max((len(name) for name, _ in lines), default=0)
    return (f"{name.ljust(width)}  {value}" for name, value in lines)


def _flat(value: Any, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and depth < DEEPEST_OUTPUT:
        for key in sorted(value):
            yield from _flat(value[key], f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, Mapping | list):
        yield name, ", ".join(str(item) for item in (sorted(value) if isinstance(value, Mapping) else value))
    else:
        yield name, "yes" if value is True else "no" if value is False else str(value)


def _counts(plan: Plan) -> str:
    custom = [resource for resource in plan.recording.resources if resource.custom and not resource.read]
    components = sum(not resource.custom for resource in plan.recording.resources)
    packages = Counter(_package(resource.type) for resource in custom)
    each = ", ".join(f"{number} {package}" for package, number in sorted(packages.items()))
    protected = sum(resource.protect for resource in custom)
    wrong = f"{len(plan.findings)} finding{'s' if len(plan.findings) != 1 else ''}"
    return f"{len(custom)} resources in {components} components ({each}), {protected} of them protected: {wrong}"


def _package(type_token: str) -> str:
    package = type_token.split(":", 1)[0]
    return {"pulumi": "provider", "pulumi-python": "gap"}.get(package, package)
