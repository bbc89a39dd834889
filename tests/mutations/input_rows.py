"""Deliberate breakages of what refuses bad input."""

from __future__ import annotations

from tests.mutations.runner import Mutation

TABLE = "tests/bad_input/test_bad_input.py::test_bad_input_is_refused_before_anything_is_asked_for"

INPUT: tuple[Mutation, ...] = (
    Mutation(
        id="nothing-checked-before-the-first-resource",
        why="a mistake in the last application stops an `up` when half of the stage stands",
        file="stacks/program.py",
        old="        preflight.check(self.settings, self.grounds, self._scope)\n",
        new="",
        tests=(f"{TABLE}[memory-not-a-multiple]",),
    ),
    Mutation(
        id="components-unchecked",
        why="a program of one's own sends the cloud what it refuses, or silently does otherwise",
        file="components/base.py",
        old="        self.check(name, args)\n",
        new="",
        tests=("tests/bad_input/test_bad_arguments.py",),
    ),
    Mutation(
        id="half-the-world-let-in",
        why="two halves of the internet may push images of a prod stage",
        file="components/cidr.py",
        old="strict=False).prefixlen < WORLD",
        new="strict=False).prefixlen == 0",
        tests=(f"{TABLE}[registry-of-half-the-world-in-prod]",),
    ),
    Mutation(
        id="blank-taken-for-none",
        why="`database:` with nothing behind it makes no database, and nobody is told",
        file="stacks/model.py",
        old="if value is None and key in fields",
        new='if value == "" and key in fields',
        tests=(f"{TABLE}[null-for-mapping]",),
    ),
    Mutation(
        id="application-named-after-another",
        why="resources of two applications get one name, and one `up` takes the other's over",
        file="stacks/settings.py",
        old='if name.startswith(f"{other}-"):',
        new='if name == f"{other}-":',
        tests=(f"{TABLE}[name-begins-with-another]",),
    ),
    Mutation(
        id="terminal-obeys-a-key",
        why="a stack file from elsewhere writes what it likes to the terminal, or over lines of the log",
        file="qiao/cli/__init__.py",
        old='letter if letter.isprintable() else "?"',
        new="letter",
        tests=(f"{TABLE}[control-characters-in-a-key]",),
    ),
    Mutation(
        id="nesting-unbounded",
        why="a deeply nested file ends in a traceback, whose lines may hold a secret",
        file="stacks/stagefile.py",
        old="        _refuse_bombs(path.name, yaml, text)\n",
        new="",
        tests=(f"{TABLE}[nested-in-brackets]",),
    ),
)
