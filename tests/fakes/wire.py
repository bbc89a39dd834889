"""What stands between a gap and the world in tests: the engine's wire, and a clock that only waiting moves."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

UNKNOWN = rpc.UNKNOWN


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.pauses.append(seconds)
        self.time += seconds

    def now(self) -> float:
        """The time."""
        return self.time


def wire(**props: Any) -> dict[str, Any]:
    """Properties as the engine hands them to a provider: through protobuf, with the provider's own key in them."""
    struct = struct_pb2.Struct()
    struct.update({key: value for key, value in {"__provider": "x", **props}.items() if value is not None})
    sent: dict[str, Any] = rpc.deserialize_properties(struct, True)
    return sent
