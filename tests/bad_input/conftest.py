"""Watches what programs ask for."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.monitor import STACK, RecordingMonitor

REQUESTS = ("RegisterResource", "ReadResource", "Invoke", "Call")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program asks the monitor for, but for the stack itself, which the SDK registers before the program."""
    seen: list[str] = []

    def spied(name: str) -> Any:
        answer = getattr(RecordingMonitor, name)

        def ask(self: RecordingMonitor, request: Any) -> Any:
            kind = getattr(request, "type", "") or getattr(request, "tok", "")
            if kind != STACK:
                seen.append(f"{name} {kind}")
            return answer(self, request)

        return ask

    for name in REQUESTS:
        monkeypatch.setattr(RecordingMonitor, name, spied(name))
    return seen
