"""The sample knowledge base, called as the runtime calls a handler."""

from __future__ import annotations

import base64
import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from tests.stacks.support import ROOT


@pytest.fixture(name="index", scope="module")
def _index() -> ModuleType:
    path = ROOT / "examples" / "agent-code" / "knowledge" / "index.py"
    spec = importlib.util.spec_from_file_location("sample_knowledge", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(index: ModuleType, body: Any, **event: Any) -> tuple[int, Any]:
    answer = index.handler({"path": "/api/v2/kb", "httpMethod": "POST", "body": body, **event}, None)
    assert set(answer) == {"statusCode", "headers", "body"}
    assert answer["headers"]["Content-Type"].startswith("application/json")
    return answer["statusCode"], json.loads(answer["body"])


def document(text: str, name: str = "手册") -> str:
    return json.dumps({"name": name, "text": text})


def test_a_document_becomes_passages_with_lasting_ids(index: ModuleType) -> None:
    text = "First paragraph.\r\n\r\nSecond\nparagraph.\n\n\n\n"
    status, answer = call(index, document(text))
    assert (status, answer["name"], len(answer["passages"])) == (200, "手册", 2)
    assert call(index, document(text)) == (status, answer)
    assert index.passages(text) == ["First paragraph.", "Second paragraph."]
    other = call(index, document(text, name="other"))[1]["passages"]
    assert not set(other) & set(answer["passages"])


def test_a_long_paragraph_is_cut_at_words_and_nothing_is_lost(index: ModuleType) -> None:
    words = [f"word{place}" for place in range(1000)]
    pieces = index.passages(" ".join(words))
    assert " ".join(pieces).split() == words
    assert max(map(len, pieces)) <= index.LONGEST_PASSAGE
    assert len(pieces) > 5


def test_a_binary_body_is_decoded(index: ModuleType) -> None:
    body = base64.b64encode(document("text").encode()).decode()
    assert call(index, body, isBase64Encoded=True)[0] == 200


@pytest.mark.parametrize(
    "body", [None, "", "{", "[]", "{}", '{"name": 1, "text": "x"}', '{"name": "n", "text": " "}', '{"name": "n"}', "7"]
)
def test_what_is_no_document_is_refused(index: ModuleType, body: str | None) -> None:
    assert call(index, body) == (400, {"error": {"message": "send {name, text} as JSON"}})
