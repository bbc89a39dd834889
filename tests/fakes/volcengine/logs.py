"""The log service: trace instances, their topics and indexes. Its API is one path an action, without an envelope."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

from tests.fakes.shapes import Shape
from tests.fakes.volcengine.signature import Refused

JSON_KEY = {"Key": str, "Value": {"ValueType": str, "SqlFlag?": bool}}
VALUE = {
    "ValueType": str, "SqlFlag?": bool, "CaseSensitive?": bool, "IncludeChinese?": bool, "Delimiter?": str,
    "IndexAll?": bool, "AutoIndexFlag?": bool, "JsonKeys?": [JSON_KEY],
}  # fmt: skip
KEYS = [{"Key": str, "Value": VALUE}]
INDEX = {
    "TopicId": str, "FullText?": Any, "KeyValue": KEYS, "UserInnerKeyValue?": KEYS, "MaxTextLen?": int,
    "EnableAutoIndex?": bool,
}  # fmt: skip
DELIMITER = ", '\";=()[]{}?@&<>/:\n\t\r"


def preset(topic_id: str, attributes: str = "Attributes") -> dict[str, Any]:
    """The index that the service makes with a trace topic. Its fields must stay."""

    def text(name: str) -> dict[str, Any]:
        return {
            "Key": name,
            "Value": {"ValueType": "text", "SqlFlag": True, "Delimiter": DELIMITER, "CaseSensitive": False},
        }

    keys = [{"Key": "http.method", "Value": {"ValueType": "text", "SqlFlag": True}},
            {"Key": "http.status_code", "Value": {"ValueType": "long", "SqlFlag": True}}]  # fmt: skip
    below = {"ValueType": "json", "SqlFlag": True, "IndexAll": True, "Delimiter": DELIMITER, "JsonKeys": keys}
    return {
        "TopicId": topic_id, "FullText": {"CaseSensitive": False, "Delimiter": DELIMITER, "IncludeChinese": True},
        "KeyValue": [text("TraceID"), text("SpanID"), {"Key": attributes, "Value": below},
                     {"Key": "Duration", "Value": {"ValueType": "long", "SqlFlag": True}}],
        "UserInnerKeyValue": None, "MaxTextLen": 2048, "EnableAutoIndex": False,
        "CreateTime": "2026-01-01 00:00:00", "ModifyTime": "2026-01-01 00:00:00",
    }  # fmt: skip


class Logs:
    """State of the log service, and its actions."""

    code = "TLS"

    def __init__(self) -> None:
        self.indexes: dict[str, dict[str, Any]] = {}
        self.late_indexes: dict[str, int] = {}
        """How many looks it takes until a topic's index is there."""
        self.instances: dict[str, list[dict[str, Any]]] = {}
        self.actions: dict[tuple[str, str], tuple[Shape, Callable[[dict[str, Any]], dict[str, Any]]]] = {
            ("GET", "DescribeIndex"): ({"TopicId": str}, self.describe_index),
            ("PUT", "ModifyIndex"): (INDEX, self.modify_index),
            ("GET", "DescribeTraceInstances"): (
                {"ProjectId": str, "TraceInstanceId": str, "PageNumber": str, "PageSize": str}, self.describe_instances,
            ),
        }  # fmt: skip

    def make_topic(self, attributes: str = "Attributes", late: int = 0) -> str:
        """A trace topic with its preset index."""
        made = str(uuid.uuid4())
        self.indexes[made], self.late_indexes[made] = preset(made, attributes), late
        return made

    def make_instance(self, project_id: str, *answers: dict[str, Any]) -> str:
        """A trace instance: what each look shows of it; the last one stays."""
        made = str(uuid.uuid4())
        self.instances[made] = [{"TraceInstanceId": made, "ProjectId": project_id, **answer} for answer in answers]
        return made

    def json_keys(self, topic_id: str) -> dict[str, dict[str, Any]]:
        """The keys under the index's json field."""
        entries = [entry for entry in self.indexes[topic_id]["KeyValue"] if entry["Value"]["ValueType"] == "json"]
        return {key["Key"]: key["Value"] for key in entries[0]["Value"]["JsonKeys"]}

    def describe_index(self, query: dict[str, Any]) -> dict[str, Any]:
        """DescribeIndex."""
        if query["TopicId"] not in self.indexes:
            raise Refused(404, "TopicNotExist", f"topic {query['TopicId']} does not exist")
        if self.late_indexes[query["TopicId"]]:
            self.late_indexes[query["TopicId"]] -= 1
            raise Refused(404, "IndexNotExists", "the topic has no index")
        return copy.deepcopy(self.indexes[query["TopicId"]])

    def modify_index(self, body: dict[str, Any]) -> dict[str, Any]:
        """ModifyIndex: the body replaces the whole index."""
        before = self.describe_index({"TopicId": body["TopicId"]})
        self.indexes[body["TopicId"]] = {
            "FullText": None, "UserInnerKeyValue": None, "MaxTextLen": 2048, "EnableAutoIndex": False, **body,
            "CreateTime": before["CreateTime"], "ModifyTime": "2026-02-02 00:00:00",
        }  # fmt: skip
        return {}

    def describe_instances(self, query: dict[str, Any]) -> dict[str, Any]:
        """DescribeTraceInstances: the id is matched by its beginning, so that others may be in the answer too."""
        found = []
        for made, answers in self.instances.items():
            if answers[0]["ProjectId"] == query["ProjectId"] and made[:2] == query["TraceInstanceId"][:2]:
                found.append(answers.pop(0) if len(answers) > 1 else answers[0])
        stranger = {"TraceInstanceId": query["TraceInstanceId"] + "0", "TraceTopicId": "a-stranger's-topic",
                    "TraceInstanceStatus": "CREATED"}  # fmt: skip
        return {"Total": len(found) + 1, "TraceInstances": [stranger, *found]}
