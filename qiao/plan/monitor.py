"""The engine's side of a recorded run: takes requests from the SDK, answers with stand-ins, keeps everything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from qiao.plan import goal as goals
from qiao.plan.callbacks import LocalCallbacks
from qiao.plan.goal import Goal
from qiao.plan.recording import Invoke, Message, Recording
from qiao.plan.snapshot import Answer, read, registered
from qiao.plan.standins import Asked, StandIns
from qiao.plan.wire import Secret, from_struct, is_secret, to_struct

STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
GET_RESOURCE = "pulumi:pulumi:getResource"


class DuplicateUrnError(Exception):
    """Two resources of one name, type and chain of parents' types: the engine refuses the program."""


class Engine:
    """The engine's logging service."""

    SEVERITIES: ClassVar = {engine_pb2.INFO: "info", engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error"}

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def Log(self, request: Any) -> Any:  # noqa: N802 - the wire's name
        """Keep what the program says; the SDK's own debug lines are dropped."""
        if request.severity in self.SEVERITIES:
            self.messages.append(Message(severity=self.SEVERITIES[request.severity], text=request.message,
                                         urn=request.urn))  # fmt: skip
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Any version will do: there is no engine."""
        return empty_pb2.Empty()


class _Unasked(mocks.Mocks):
    """The mock monitor wants one; nothing here asks it."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        raise NotImplementedError(args.typ)

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError(args.token)


class RecordingMonitor(mocks.MockMonitor):
    """The SDK's mock monitor with the engine's part put back. Requests come from several threads.

    Args:
        project: the project's name.
        stack: the stack's name.
        standins: answers in place of providers.
        preview: whether nothing that does not exist yet is known.
    """

    def __init__(self, project: str, stack: str, standins: StandIns, *, preview: bool) -> None:
        super().__init__(_Unasked())
        self.project, self.stack, self.standins, self.preview = project, stack, standins, preview
        self.callbacks: LocalCallbacks | None = None
        self.failure: Exception | None = None
        """The first refusal of the engine's own: clearer than what the SDK makes of it."""
        self.busy = 0
        """Requests being answered right now."""
        self._lock = threading.Lock()
        self._goals: dict[str, Goal] = {}
        self._reads: dict[str, Any] = {}
        self._answers: dict[str, Answer] = {}
        self._registered_outputs: dict[str, list[dict[str, Any]]] = {}
        self._calls: list[Invoke] = []
        self._transforms: list[str] = []
        self._invoke_transforms: list[str] = []

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN as the engine builds it: every ancestor's type, the stack's left out."""
        chain = parent.split("::")[2] if parent else ""
        qualified = type_ if chain in ("", STACK) else f"{chain}${type_}"
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    @contextmanager
    def _request(self) -> Iterator[None]:
        with self._lock:
            self.busy += 1
        try:
            yield
        except Exception as error:
            self.failure = self.failure or error
            raise
        finally:
            with self._lock:
                self.busy -= 1

    def GetDeploymentInfo(self, request: Any) -> Any:  # noqa: N802
        """What the engine can do; with invoke dependencies, so that a data source's are recorded."""
        info: Any = super().GetDeploymentInfo(request)  # type: ignore[no-untyped-call]
        info.supportedFeatures.append(resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON)
        return info

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Do the engine's part, answer, and make the declared outputs secret."""
        with self._request():
            urn = self.make_urn(request.parent, request.type, request.name)
            self._claim(urn, request.name)
            goal = goals.make_goal(request, self._goals.get(request.parent), self._transforms, self._transform)
            self._goals[urn] = goal
            identity, outputs = self._answer(urn, goal)
            for key in goal.options.additional_secret_outputs:
                if key in outputs and not is_secret(outputs[key]):
                    outputs[key] = Secret(outputs[key])
            self._answers[urn] = identity, outputs
            return resource_pb2.RegisterResourceResponse(urn=urn, id=identity or "", object=to_struct(outputs))

    def _claim(self, urn: str, name: str) -> None:
        with self._lock:
            if urn in self._answers:
                raise DuplicateUrnError(f"the name {name!r} is taken by a resource of the same type and place ({urn})")
            self._answers[urn] = None, {}

    def _answer(self, urn: str, goal: Goal) -> Answer:
        request = goal.request
        if not (request.custom or request.remote):
            return None, {}
        if self.preview:
            return getattr(goal.options, "import") or None, {}
        asked = Asked(
            urn=urn, type=request.type, name=request.name, inputs=from_struct(goal.properties),
            import_id=getattr(goal.options, "import"),
        )  # fmt: skip
        identity, outputs = self.standins.resource(asked)
        return (identity if request.custom else None), outputs

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Answer for something that exists already: a `.get(...)` or another stack."""
        with self._request():
            urn = self.make_urn(request.parent, request.type, request.name)
            self._claim(urn, request.name)
            self._reads[urn] = request
            inputs = from_struct(request.properties)
            asked = Asked(urn=urn, type=request.type, name=request.name, inputs=inputs, import_id=request.id)
            if request.type == STACK_REFERENCE:
                identity, outputs = request.id, self.standins.stack_reference(request.id)
            elif self.preview:
                identity, outputs = request.id, {}
            else:
                identity, outputs = self.standins.resource(asked)
            self._answers[urn] = identity, outputs
            return resource_pb2.ReadResourceResponse(urn=urn, id=identity or "", properties=to_struct(outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Record what a component, or the stack, publishes."""
        with self._lock:
            self._registered_outputs.setdefault(request.urn, []).append(from_struct(request.outputs))
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Record and answer a data-source call."""
        with self._request():
            if request.tok == GET_RESOURCE:
                return self._get_resource(from_struct(request.args)["urn"])
            self._transform_invoke(request)
            args, pending = from_struct(request.args), self._pending(request.dependsOn)
            answer = {} if pending else self.standins.invoke(request.tok, args)
            with self._lock:
                self._calls.append(Invoke(token=request.tok, args=args, provider=request.provider, answer=answer,
                                          depends_on=tuple(sorted(request.dependsOn))))  # fmt: skip
            return resource_pb2.ResourceInvokeResponse(unknown=pending, **{"return": to_struct(answer)})

    def Call(self, request: Any) -> Any:  # noqa: N802
        """A method of a resource: none has a stand-in."""
        with self._request():
            raise LookupError(f"method {request.tok} has no stand-in: a plan cannot answer it")

    def _pending(self, urns: Any) -> bool:
        """Whether a data source waits for something that a preview has not made yet."""
        custom = (self._goals[urn] for urn in urns if urn in self._goals and self._goals[urn].request.custom)
        return self.preview and any(True for _ in custom)

    def _get_resource(self, urn: str) -> Any:
        if urn not in self._answers:
            raise LookupError(f"there is no resource {urn}")
        identity, outputs = self._answers[urn]
        state = to_struct({"urn": urn, "id": identity or "", "state": outputs})
        return resource_pb2.ResourceInvokeResponse(**{"return": state})

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        """A transform of every resource of the stack, from now on."""
        self._transforms.append(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802
        """A transform of every data-source call of the stack, from now on."""
        self._invoke_transforms.append(request.token)
        return empty_pb2.Empty()

    def _transform(self, token: str) -> Callable[[Any], Any]:
        callbacks = self.callbacks
        if callbacks is None:
            raise RuntimeError("a transform came before the callbacks")
        return lambda question: callbacks.transform(token, question)

    def _transform_invoke(self, request: Any) -> None:
        for token in self._invoke_transforms:
            question = resource_pb2.TransformInvokeRequest(
                token=request.tok, args=request.args,
                options=resource_pb2.TransformInvokeOptions(provider=request.provider, version=request.version),
            )  # fmt: skip
            answer = self.callbacks.transform_invoke(token, question) if self.callbacks else question
            request.args.CopyFrom(answer.args)
            request.provider = answer.options.provider or request.provider

    def recording(self, messages: list[Message]) -> Recording:
        """All that was recorded, in a fixed order."""
        stack = self.make_urn("", STACK, f"{self.project}-{self.stack}")
        resources = [
            registered(urn, goal, self._answers[urn], self._registered_outputs.get(urn, []))
            for urn, goal in self._goals.items()
            if goal.request.type != STACK
        ]
        resources += [read(urn, request, self._answers[urn]) for urn, request in self._reads.items()]
        exports = self._registered_outputs.get(stack, [{}])
        return Recording(
            project=self.project,
            stack=self.stack,
            preview=self.preview,
            resources=tuple(sorted(resources, key=lambda resource: resource.urn)),
            invokes=tuple(sorted(self._calls, key=lambda call: (call.token, repr(call.args), call.provider))),
            outputs=exports[-1],
            messages=tuple(messages),
        )
