"""The knowledge base: takes a document, cuts it into passages that a search can hold, and says which it made.

The runtime calls `handler` with the gateway's request as an event. Where passages go (a vector store, a search index)
is yours to write: `store` is the place.
"""

import base64
import hashlib
import json
from typing import Any

LONGEST_PASSAGE = 800


def passages(text: str) -> list[str]:
    """A text cut at blank lines into pieces of at most 800 characters; a longer paragraph is cut at words."""
    pieces: list[str] = []
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        piece = ""
        for word in paragraph.split():
            if piece and len(piece) + 1 + len(word) > LONGEST_PASSAGE:
                pieces.append(piece)
                piece = ""
            piece = f"{piece} {word}" if piece else word
        if piece:
            pieces.append(piece)
    return pieces


def store(name: str, pieces: list[str]) -> list[str]:
    """Keep the passages of a document, and say under which ids. The same document gives the same ids."""
    return [hashlib.sha256(f"{name}\0{place}\0{piece}".encode()).hexdigest()[:16] for place, piece in enumerate(pieces)]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the runtime gives both
    """Answer one upload: `{"name": ..., "text": ...}`."""
    try:
        body = event.get("body") or ""
        document = json.loads(base64.b64decode(body) if event.get("isBase64Encoded") else body)
        name, text = document["name"], document["text"]
        if not isinstance(name, str) or not isinstance(text, str) or not text.strip():
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return reply(400, {"error": {"message": "send {name, text} as JSON"}})
    return reply(200, {"name": name, "passages": store(name, passages(text))})


def reply(status: int, value: dict[str, Any]) -> dict[str, Any]:
    """An answer as the gateway wants it."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(value, ensure_ascii=False)}
