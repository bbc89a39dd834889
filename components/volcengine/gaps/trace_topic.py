"""TraceTopic: the topic that the log service makes for a trace instance, once it is there.

The provider's trace instance returns before its topic exists and never tells its id. Nothing is created here: an
interrupted create left nothing behind, and delete has nothing to do.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.gaps.polling import wait_until
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone
from components.volcengine.gaps.client import Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError, GapError


class TraceTopicProvider(GapProvider):
    """Waits for the topic on create, and reads it after that."""

    IDENTITY = ("region", "project_id", "trace_instance_id")

    def create(self, props: Props) -> CreateResult:
        """Wait for the topic."""
        client, instance_id = connect(props["region"]), str(props["trace_instance_id"])
        seconds = float(props.get("timeout_seconds") or 300)
        seen: list[str] = []

        def probe() -> str | None:
            instance = _instance(client, props)
            status = str(instance.get("TraceInstanceStatus") or "unknown to the service")
            seen.append(status)
            if "fail" in status.lower():
                raise GapError(f"trace instance {instance_id} is {status}", "delete it, and run `up` again")
            # An id is given while the topic is still being made; writing to it, or to its index, fails until then.
            making = "creating" in status.lower()
            return None if making else str(instance.get("TraceTopicId") or "") or None

        def late() -> GapError:
            what = f"trace instance {instance_id} has no topic after {seconds:.0f} s; last seen: {seen[-1]}"
            return GapError(what, "see that the log service is opened in this account, and run `up` again: it waits on")

        topic_id = wait_until(probe, seconds=seconds, late=late)
        return CreateResult(instance_id, {**self.inputs(props), "topic_id": topic_id})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the topic again; it goes when its trace instance goes."""
        topic_id = _instance(connect(props["region"]), props).get("TraceTopicId")
        return ReadResult(id_, {**self.inputs(props), "topic_id": topic_id}) if topic_id else gone()


def _instance(client: Client, props: Props) -> dict[str, Any]:
    """The trace instance, or nothing where the service does not know it."""
    wanted = str(props["trace_instance_id"])
    query = {"ProjectId": str(props["project_id"]), "TraceInstanceId": wanted, "PageNumber": 1, "PageSize": 20}
    try:
        answer = client.log_service("GET", "DescribeTraceInstances", query=query, idempotent=True)
    except ApiError as error:
        if error.missing:
            return {}
        raise
    found = answer.get("TraceInstances") or []
    # The query's id is a filter of unclear strictness: only an exact match counts.
    return next((dict(one) for one in found if one.get("TraceInstanceId") == wanted), {})


class TraceTopic(Gap, module="volcengine", name="TraceTopic"):
    """The topic that a trace instance writes to."""

    topic_id: pulumi.Output[str]
    """The topic's id, known when the log service has made it."""

    def __init__(
        self,
        name: str,
        *,
        project_id: pulumi.Input[str],
        trace_instance_id: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 300,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            project_id: the log project of the trace instance.
            trace_instance_id: the trace instance.
            region: region code.
            timeout_seconds: longest wait. Default 300: it takes seconds as a rule.
            opts: options; the parent is the component.
        """
        props = {"project_id": project_id, "trace_instance_id": trace_instance_id, "region": region,
                 "timeout_seconds": timeout_seconds, "topic_id": None}  # fmt: skip
        super().__init__(TraceTopicProvider(), name, props, opts)
