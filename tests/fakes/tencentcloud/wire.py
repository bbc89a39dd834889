"""The region of the fake, beside what stands between a gap and the world in tests of any cloud."""

from __future__ import annotations

from tests.fakes.wire import UNKNOWN, Clock, wire

__all__ = ["REGION", "UNKNOWN", "Clock", "wire"]

REGION = "ap-guangzhou"
