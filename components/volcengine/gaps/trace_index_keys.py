"""TraceIndexKeys: span attributes that traces can be searched by, added to the index that the log service presets.

The service makes a trace topic with an index whose fields must stay: `tls.Index` would fail on create, drop them on
update and delete them at the end. Here the index is read, our keys are added under its `Attributes`, and the whole is
written back. An interrupted create is made again: keys that stand already are left as they are, and count as the
index's own, so that delete takes away what is certainly ours and nothing else.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone, known
from components.volcengine.gaps.client import Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError, GapError

PARENT: Final = "attributes"
"""The json field that holds span attributes, in lower case: documents write `Attributes`, the index has the say."""
READ_ONLY: Final = ("CreateTime", "ModifyTime")
"""What the service reports of an index and does not take back."""
PATIENCE_SECONDS: Final = 300
"""Longest wait for the index of a topic that was made just now."""

Index = dict[str, Any]


def merged(index: Mapping[str, Any], add: Sequence[str], remove: Sequence[str]) -> tuple[Index, list[str]]:
    """An index with keys added to its attributes and others taken away, and which of them were added.

    Args:
        index: the index as the service describes it; not changed.
        add: keys to have. One that stands already is left as it is, whatever its type.
        remove: keys to take away where they stand.
    """
    changed = {key: copy.deepcopy(value) for key, value in index.items() if key not in READ_ONLY and value is not None}
    attributes = _attributes(changed)
    wanted = [entry for entry in attributes.get("JsonKeys") or [] if entry["Key"] not in remove]
    added = [key for key in add if key not in [entry["Key"] for entry in wanted]]
    wanted += [{"Key": key, "Value": {"ValueType": "text", "SqlFlag": True}} for key in added]
    attributes["JsonKeys"] = wanted
    return changed, added


def standing(index: Mapping[str, Any]) -> list[str]:
    """Keys that the attributes can be searched by."""
    return [str(entry["Key"]) for entry in _attributes(index).get("JsonKeys") or []]


def _attributes(index: Mapping[str, Any]) -> dict[str, Any]:
    for entry in index.get("KeyValue") or []:
        if str(entry.get("Key", "")).lower() == PARENT and entry["Value"].get("ValueType") == "json":
            value: dict[str, Any] = entry["Value"]
            return value
    there = ", ".join(str(entry.get("Key")) for entry in index.get("KeyValue") or []) or "none"
    what = f"the index of topic {index.get('TopicId')} has no json field Attributes (fields: {there})"
    raise GapError(what, "give the topic of a trace instance")


class TraceIndexKeysProvider(GapProvider):
    """Adds its keys, and minds no others."""

    IDENTITY = ("region", "topic_id")
    SETTINGS = ("keys",)

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """No keys, empty ones, or one given twice."""
        if not known(news, "keys"):
            return []
        keys = news.get("keys") or []
        plain = [key for key in keys if isinstance(key, str)]
        if not keys or "" in plain:
            return [("keys", "give at least one key, and no empty one")]
        twice = sorted({key for key in plain if plain.count(key) > 1})
        return [("keys", f"{twice[0]!r} is given twice: give each once")] if twice else []

    def differs(self, _key: str, old: Any, new: Any) -> bool:
        """Whether other keys are asked for; their order is nothing."""
        return sorted(map(str, old or [])) != sorted(map(str, new or []))

    def create(self, props: Props) -> CreateResult:
        """Add the keys."""
        client, topic_id = connect(props["region"]), str(props["topic_id"])
        added = _write(client, topic_id, _patiently(client, topic_id), list(props["keys"]), [])
        return CreateResult(topic_id, {**self.inputs(props), "added": added})

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Add what is new; take away what is no longer wanted and was added here."""
        client, topic_id = connect(news["region"]), str(news["topic_id"])
        ours, wanted = list(olds.get("added") or []), list(news["keys"])
        dropped = [key for key in ours if key not in wanted]
        added = _write(client, topic_id, _describe(client, topic_id), wanted, dropped)
        kept = [key for key in ours if key in wanted and key not in added]
        return UpdateResult({**self.inputs(news), "added": kept + added})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read which of our keys stand; those of others are no difference."""
        try:
            there = standing(_describe(connect(props["region"]), str(props["topic_id"])))
        except ApiError as error:
            if error.missing:
                return gone()
            raise
        inputs = {**self.inputs(props), "keys": [key for key in props["keys"] if key in there]}
        return ReadResult(id_, {**inputs, "added": list(props.get("added") or [])}, inputs)

    def delete(self, _id: str, props: Props) -> None:
        """Take away what was added here; a topic that is gone has no index."""
        ours = list(props.get("added") or [])
        client, topic_id = connect(props["region"]), str(props["topic_id"])
        try:
            if ours:
                _write(client, topic_id, _describe(client, topic_id), [], ours)
        except ApiError as error:
            if not error.missing:
                raise


def _describe(client: Client, topic_id: str) -> Index:
    return client.log_service("GET", "DescribeIndex", query={"TopicId": topic_id}, idempotent=True)


def _patiently(client: Client, topic_id: str) -> Index:
    """The index, waited for: a topic made just now has none for some seconds."""
    seen: list[ApiError] = []

    def probe() -> Index | None:
        try:
            return _describe(client, topic_id)
        except ApiError as error:
            if not error.missing:
                raise
            seen.append(error)
            return None

    def late() -> GapError:
        what = f"topic {topic_id} has no index after {PATIENCE_SECONDS} s; last seen: {seen[-1]}"
        return GapError(what, "see that it is the topic of a trace instance, and run `up` again: it waits on")

    return wait_until(probe, seconds=PATIENCE_SECONDS, late=late)


def _write(client: Client, topic_id: str, index: Index, add: Sequence[str], remove: Sequence[str]) -> list[str]:
    """Write the merged index back, unless nothing changes, and see that nothing else went with it."""
    body, added = merged(index, add, remove)
    before = standing(index)
    if not added and not set(remove) & set(before):
        return []
    client.log_service("PUT", "ModifyIndex", body={**body, "TopicId": topic_id}, idempotent=True)
    lost = (set(before) - set(remove) | set(add)) - set(standing(_describe(client, topic_id)))
    if lost:
        what = f"the index of topic {topic_id} was written and lacks {', '.join(sorted(lost))}"
        raise GapError(
            what, "somebody changed it at the same time: run `up` again, and look at the index in the console"
        )
    return added


class TraceIndexKeys(Gap, module="volcengine", name="TraceIndexKeys"):
    """Span attributes that traces can be searched by, beside those of the preset index."""

    keys: pulumi.Output[list[str]]
    """The attributes."""
    added: pulumi.Output[list[str]]
    """Those that were added here: what delete takes away."""

    def __init__(
        self,
        name: str,
        *,
        topic_id: pulumi.Input[str],
        keys: pulumi.Input[Sequence[pulumi.Input[str]]],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the keys.

        Args:
            name: logical name.
            topic_id: the topic of a trace instance.
            keys: span attributes, at least one, each once.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"topic_id": topic_id, "keys": keys, "region": region, "added": None}
        super().__init__(TraceIndexKeysProvider(), name, props, opts)
