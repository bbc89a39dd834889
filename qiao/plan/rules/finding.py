"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qiao.plan.recording import Resource

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True, kw_only=True)
class Finding:
    """One thing that the cloud, the provider or a later change would trip over."""

    urn: str
    """URN of the resource; empty for a stack output."""
    name: str
    """Its name."""
    type: str
    """Its type token."""
    path: str
    """Where in its inputs (`envs[2].key`); empty for the resource as a whole."""
    message: str
    """What is wrong and what would be right. Never holds a secret."""
    severity: Severity = "error"
    """`error`: refused or harmful; `warning`: works today and bites later."""

    @property
    def text(self) -> str:
        """Where and what, in one line, for showing beside the resource."""
        return f"{self.path}: {self.message}" if self.path else self.message

    def __str__(self) -> str:
        return f"{self.name} ({self.type}): {self.text}"


class Findings(list[Finding]):
    """The findings of one resource, while they are collected."""

    def __init__(self, resource: Resource) -> None:
        super().__init__()
        self.resource = resource

    def add(self, path: str, message: str, severity: Severity = "error") -> None:
        """Note something about the resource."""
        of = self.resource
        self.append(Finding(urn=of.urn, name=of.name, type=of.type, path=path, message=message, severity=severity))
