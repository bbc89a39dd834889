"""Stand-ins of one package."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.plan.standins import InvokeAnswer, ResourceAnswer

RESOURCES: Mapping[str, ResourceAnswer] = {}
INVOKES: Mapping[str, InvokeAnswer] = {}
