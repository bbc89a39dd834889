"""The functions a program hands to the engine (transforms), called in this process instead of over a socket."""

from __future__ import annotations

import asyncio
from typing import Any

from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2


class LocalCallbacks(_CallbackServicer):
    """The SDK's callback table without its gRPC server, so that a plan opens no port.

    The base class's constructor makes the server; everything else it does is kept. A test holds this against the SDK.
    """

    def __init__(self, monitor: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "recorder"
        self._loop = loop

    def transform(self, token: str, request: resource_pb2.TransformRequest) -> resource_pb2.TransformResponse:
        """Run a resource transform; called from a request's thread, while the program's loop runs."""
        answer: resource_pb2.TransformResponse = self._run(token, request)
        return answer

    def transform_invoke(
        self, token: str, request: resource_pb2.TransformInvokeRequest
    ) -> resource_pb2.TransformInvokeResponse:
        """Run a data-source transform."""
        answer: resource_pb2.TransformInvokeResponse = self._run(token, request)
        return answer

    def _run(self, token: str, request: Any) -> Any:
        # On the program's own loop, like the SDK's server: a transform may await the program's outputs.
        work = self._callbacks[token](request.SerializeToString())
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()  # type: ignore[arg-type]
