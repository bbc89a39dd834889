"""A function's versions, as the function service lists them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from components.alicloud.gaps.client import FC, Client

PAGE: Final = 100


def versions_of(client: Client, function_name: str) -> Iterator[str]:
    """Numbers of all versions, the newest first."""
    page: dict[str, Any] = {"limit": PAGE, "direction": "BACKWARD"}
    while True:
        answer = client.call(FC, "ListFunctionVersions", function_name, request=page, idempotent=True)
        yield from (str(one.get("versionId")) for one in answer.get("versions") or [])
        following = answer.get("nextToken")
        if not following or following == page.get("nextToken"):
            return
        page = {**page, "nextToken": following}
