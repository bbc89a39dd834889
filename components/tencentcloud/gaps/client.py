"""One signed client for all gaps, on the cloud's own official SDK (its common part: calls by name, JSON in and out).

Set QIAO_TENCENTCLOUD_ENDPOINT to send every call elsewhere (a test double, a private gateway): https, or http on a
loopback address. It changes where calls go, never how they are signed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from components.gaps import calls
from components.gaps.calls import repeated
from components.gaps.credentials import Credentials
from components.tencentcloud.gaps.errors import ApiError

ENDPOINT: Final = "QIAO_TENCENTCLOUD_ENDPOINT"
DOMAIN: Final = "TENCENTCLOUD_DOMAIN"
"""Where the plugin's calls go instead of the public domain (`internal.tencentcloudapi.com`); the gaps' calls follow."""
PAGE: Final = 20
"""Items asked for at a time."""
MOST_PAGES: Final = 500
LOST: Final = ("ClientNetworkError",)
"""The SDK's word for a call that got no answer."""


@dataclass(frozen=True)
class Service:
    """A service of this cloud."""

    name: str
    """First part of its host, and part of what is signed."""
    version: str
    """Version of its API."""


SCF: Final = Service("scf", "2018-04-16")
STS: Final = Service("sts", "2018-08-13")

_importing = threading.Lock()


def sdk(name: str) -> Any:
    """A module of the SDK, imported when first needed: one import at a time, since the engine works in threads."""
    with _importing:
        return import_module(f"tencentcloud.common.{name}")


class Client:
    """Signed calls to one region.

    Made inside a method, for one piece of work: it holds credentials, so no provider object may hold it.

    Args:
        region: the region's code.
        credentials: what signs; None for calls that carry their own proof.
        hidden: what must not stand in an error beside the credentials: that proof.
    """

    def __init__(self, region: str, credentials: Credentials | None, hidden: str = "") -> None:
        self.region = region
        self._credentials, self._hidden = credentials, hidden
        self._endpoint = endpoint()
        self._made: dict[Service, Any] = {}

    def call(
        self, service: Service, action: str, request: Mapping[str, Any], *, idempotent: bool
    ) -> dict[str, Any]:  # fmt: skip
        """Call an action and return its answer.

        Args:
            service: the service.
            action: the action's name (`GetFunction`).
            request: the body, by the names of the API.
            idempotent: whether making the call twice is the same as making it once. Only then is it repeated after
                a fault of the cloud or a lost connection; a throttled call, which had no effect, always is.
        """
        client = self._client(service)
        options = {} if self._credentials else {"SkipSign": True}

        def send() -> dict[str, Any]:
            try:
                # Headers of its own each time: the SDK writes into what it is given.
                answer = client.call_json(action, dict(request), headers={}, options=dict(options))
            except Exception as failed:
                raise self._failure(action, failed) from None
            return self._checked(action, answer)

        return repeated(send, idempotent=idempotent)

    def listed(self, action: str, request: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
        """What an action of the function service lists, page by page.

        Args:
            action: the action's name (`ListTriggers`).
            request: the body without offset and limit.
            key: where the items stand in an answer.
        """
        for page in range(MOST_PAGES):
            asked = {**request, "Offset": page * PAGE, "Limit": PAGE}
            items = self.call(SCF, action, asked, idempotent=True).get(key) or []
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise ApiError(action, "UnreadableAnswer", f"{key} is no list of objects")
            yield from items
            if len(items) < PAGE:
                return

    def _client(self, service: Service) -> Any:
        if service not in self._made:
            given = self._credentials
            credential = given and sdk("credential").Credential(
                given.access_key, given.secret_key, given.session_token or None
            )
            self._made[service] = sdk("common_client").CommonClient(
                service.name, service.version, credential, self.region, self._profile()
            )
        return self._made[service]

    def _profile(self) -> Any:
        parts = urlsplit(self._endpoint)
        http = sdk("profile.http_profile").HttpProfile(
            protocol=parts.scheme or "https", endpoint=parts.netloc or None,
            rootDomain=os.environ.get(DOMAIN) or None,
        )  # fmt: skip
        # The SDK neither repeats nor moves to another region unless told to; `repeated` decides.
        return sdk("profile.client_profile").ClientProfile(httpProfile=http, language="en-US")

    def _checked(self, action: str, answer: Any) -> dict[str, Any]:
        """An answer, unless it tells of an error.

        The SDK looks for one only where the content type is `application/json` to the letter: with a charset behind it,
        a refusal would pass as an answer.
        """
        body = answer.get("Response") if isinstance(answer, dict) else None
        if not isinstance(body, dict):
            raise ApiError(action, "UnreadableAnswer", f"{type(body).__name__} where an object belongs")
        error = body.get("Error")
        if error is None:
            return body
        said = error if isinstance(error, dict) else {"Message": str(error)}
        raise self._error(action, said.get("Code"), said.get("Message"), body.get("RequestId"))

    def _failure(self, action: str, failed: Exception) -> ApiError:
        code = getattr(failed, "code", None)
        if type(failed).__name__ == "TencentCloudSDKException":
            if code in LOST:
                return ApiError(action, "ConnectionFailed", self._redacted(str(failed.message)))  # type: ignore[attr-defined]
            if getattr(failed, "requestId", None):
                return self._error(action, code, failed.message, failed.requestId)  # type: ignore[attr-defined]
        if isinstance(failed, OSError):
            return ApiError(action, "ConnectionFailed", self._redacted(str(failed)))
        # A proxy's page, half an answer, or a status that this cloud never has.
        return ApiError(action, "UnreadableAnswer", self._redacted(f"{type(failed).__name__}: {failed}")[:300])

    def _error(self, action: str, code: Any, message: Any, request_id: Any) -> ApiError:
        text = self._redacted(str(message))
        return ApiError(action, str(code or "UnreadableAnswer"), text, status=200, request_id=str(request_id or ""))

    def _redacted(self, text: str) -> str:
        text = self._credentials.redact(text) if self._credentials else text
        return text.replace(self._hidden, "***") if self._hidden else text


def endpoint() -> str:
    """Where all calls go instead of the cloud's own hosts; empty where the environment does not say."""
    return calls.endpoint(ENDPOINT)
