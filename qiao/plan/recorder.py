"""Runs a Pulumi program without engine, account or network, and records every request it makes.

It stands on the SDK's own mock monitor and does the engine's part that mocks leave out: real URNs, duplicates refused,
`additional_secret_outputs` made secret, transforms run up the parent chain, `retain_on_delete` inherited.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks, rpc
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.sync_await import _ensure_event_loop, _sync_await

from qiao.plan.recording import SECRET, SIGNATURE, Invoke, Recording, Resource, from_struct
from qiao.plan.standins import StandIns

STACK = "pulumi:pulumi:Stack"


class DuplicateUrnError(Exception):
    """Two resources of one name under one parent: the engine refuses the program."""


class _Answers(mocks.Mocks):
    """The mock monitor's two questions, answered by the stand-ins."""

    def __init__(self, standins: StandIns, preview: bool) -> None:
        self.standins, self.preview = standins, preview

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Inputs echoed with stand-in outputs; in a preview nothing is known."""
        if self.preview and args.typ != "pulumi:pulumi:StackReference":
            return None, {}
        return self.standins.resource(args.typ, args.name, args.inputs, args.resource_id)

    def call(self, args: mocks.MockCallArgs) -> Any:
        """A data source's stand-in answer; an unknown one raises."""
        return self.standins.invoke(args.token, args.args)


class RecordingMonitor(mocks.MockMonitor):
    """The SDK's mock monitor, recording whole requests. Requests come from several threads."""

    def __init__(self, standins: StandIns, preview: bool) -> None:
        super().__init__(_Answers(standins, preview))
        self._lock = threading.Lock()
        self.requests: dict[str, resource_pb2.RegisterResourceRequest] = {}
        self.responses: dict[str, resource_pb2.RegisterResourceResponse] = {}
        self.registered_outputs: dict[str, list[Any]] = {}
        self.calls: list[Invoke] = []
        self.failure: Exception | None = None

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN as the engine builds it: every ancestor's type, the stack's left out."""
        chain = parent.split("::")[2] if parent else ""
        qualified = type_ if chain in ("", STACK) else f"{chain}${type_}"
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the monitor's wire name
        """Record, run transforms, answer, and make the declared outputs secret."""
        _ensure_event_loop()
        urn = self.make_urn(request.parent, request.type, request.name)
        with self._lock:
            if urn in self.requests:
                self.failure = self.failure or DuplicateUrnError(f"two resources are named {request.name} ({urn})")
                raise self.failure
            self.requests[urn] = request
        if request.type != STACK:
            self._transform(request)
        response = super().RegisterResource(request)
        for key in request.additionalSecretOutputs:
            _make_secret(response.object, key)
        with self._lock:
            self.responses[urn] = response
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Record what a component registers."""
        with self._lock:
            self.registered_outputs.setdefault(request.urn, []).append(from_struct(request.outputs))
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Record and answer a data-source call."""
        with self._lock:
            self.calls.append(Invoke(token=request.tok, args=from_struct(request.args), provider=request.provider))
        return super().Invoke(request)

    def _transform(self, request: Any) -> None:
        """Run the transforms of the resource, then of each ancestor, then of the stack: the engine's order."""
        tokens = [callback.token for callback in request.transforms]
        parent = request.parent
        while parent and parent in self.requests:
            tokens += [callback.token for callback in self.requests[parent].transforms]
            parent = self.requests[parent].parent
        tokens += self._stack_tokens
        for token in tokens:
            _run_transform(token, request)

    @property
    def _stack_tokens(self) -> list[str]:
        known = {fn: token for servicer in _CallbackServicer._servicers for fn, token in servicer._transforms.items()}
        return [known[transform] for transform in self._stack_transforms if transform in known]

    def recording(self, *, preview: bool, outputs: Mapping[str, Any]) -> Recording:
        """All that was recorded, in a fixed order."""
        resources = [self._resource(urn) for urn in sorted(self.requests)]
        return Recording(
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            preview=preview,
            resources=tuple(resource for resource in resources if resource.type != STACK),
            invokes=tuple(sorted(self.calls, key=lambda call: (call.token, repr(call.args)))),
            outputs=outputs,
        )

    def _resource(self, urn: str) -> Resource:
        request, response = self.requests[urn], self.responses.get(urn)
        registered = self.registered_outputs.get(urn, [])
        custom_outputs = from_struct(response.object) if response is not None else {}
        timeouts = {"create": request.customTimeouts.create, "update": request.customTimeouts.update,
                    "delete": request.customTimeouts.delete}  # fmt: skip
        return Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            inputs=from_struct(request.object),
            outputs=custom_outputs if request.custom else (registered[-1] if registered else {}),
            id=response.id if response is not None and request.custom else None,
            provider=request.provider,
            providers=dict(request.providers),
            protect=request.protect,
            retain_on_delete=self._inherits_retain(request),
            depends_on=tuple(sorted(request.dependencies)),
            input_dependencies={
                key: tuple(sorted(value.urns)) for key, value in sorted(request.propertyDependencies.items())
            },
            aliases=tuple(alias.urn or alias.spec.name for alias in request.aliases),
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            custom_timeouts={key: value for key, value in timeouts.items() if value},
            version=request.version,
            import_id=request.importId,
            outputs_registered=len(registered),
        )

    def _inherits_retain(self, request: Any) -> bool:
        while not request.HasField("retainOnDelete"):
            if request.parent not in self.requests:
                return False
            request = self.requests[request.parent]
        return bool(request.retainOnDelete)


def _make_secret(struct: Any, key: str) -> None:
    if key in struct.fields and not from_struct(struct).get(key).__class__.__name__ == "Secret":
        value = struct.fields[key]
        struct.fields[key].CopyFrom(type(value)())
        wrapped = struct.fields[key].struct_value
        wrapped.fields[SIGNATURE].string_value = SECRET
        wrapped.fields["value"].CopyFrom(value)


def _run_transform(token: str, request: Any) -> None:
    callback = next(
        (servicer._callbacks[token] for servicer in _CallbackServicer._servicers if token in servicer._callbacks), None
    )
    if callback is None:
        return
    options = resource_pb2.TransformResourceOptions(
        protect=request.protect, ignore_changes=request.ignoreChanges, replace_on_changes=request.replaceOnChanges,
        depends_on=request.dependencies, additional_secret_outputs=request.additionalSecretOutputs,
        provider=request.provider, version=request.version,
    )  # fmt: skip
    question = resource_pb2.TransformRequest(
        type=request.type, name=request.name, custom=request.custom, parent=request.parent,
        properties=request.object, options=options,
    )  # fmt: skip
    answer = _sync_await(callback(question.SerializeToString()))
    request.object.CopyFrom(answer.properties)
    if answer.HasField("options"):
        request.protect = answer.options.protect
        for ours, theirs in (("ignoreChanges", "ignore_changes"), ("replaceOnChanges", "replace_on_changes")):
            del getattr(request, ours)[:]
            getattr(request, ours).extend(getattr(answer.options, theirs))


def record(
    program: Callable[[], Any],
    *,
    project: str = "qiao",
    stack: str = "dev",
    preview: bool = False,
    config: Mapping[str, str] | None = None,
    standins: StandIns | None = None,
) -> Recording:
    """Run a program and return all that it asked for.

    Args:
        program: what a `__main__.py` would do.
        project: the Pulumi project's name.
        stack: the stack's name.
        preview: whether nothing is known yet (every output and id), as in the first preview of an empty stack.
        config: the stack's configuration, full keys (`qiao:apps`), as strings.
        standins: stand-in outputs; default: those of the providers Qiao knows.

    Nothing leaks from one call to the next. Errors of the program, also those inside `apply`, are raised.
    """
    pulumi.runtime.reset_options(project=project, stack=stack)
    pulumi.runtime.set_all_config(dict(config or {}), [])
    monitor = RecordingMonitor(standins or StandIns(), preview)
    logger = logging.getLogger("qiao.recorder")
    mocks.set_mocks(monitor.mocks, project=project, stack=stack, preview=preview, logger=logger, monitor=monitor)
    outputs: dict[str, Any] = {}

    async def resolve(root: Any) -> None:
        struct = await rpc.serialize_properties(root.outputs, {})
        outputs.update(from_struct(struct))

    @mocks.test
    def run() -> Any:
        program()
        root = pulumi.runtime.get_root_resource()
        return pulumi.Output.from_input(resolve(root))

    try:
        run()
    except Exception:
        if monitor.failure is not None:
            raise monitor.failure from None
        raise
    return monitor.recording(preview=preview, outputs=outputs)
