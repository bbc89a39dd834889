"""One signed client for all gaps: RPC-style services by the SDK's UniversalApi, the log service by its signer.

Set QIAO_VOLCENGINE_ENDPOINT to send every call elsewhere (a test double, a private gateway): https, or http on a
loopback address. It changes where calls go, never how they are signed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from components.gaps import calls
from components.gaps.calls import repeated
from components.gaps.credentials import Credentials
from components.volcengine.gaps.errors import ApiError

T = TypeVar("T")

ENDPOINT: Final = "QIAO_VOLCENGINE_ENDPOINT"
LOG_API_VERSION: Final = "0.3.0"


@dataclass(frozen=True)
class Service:
    """An RPC-style service: its code in endpoints and signatures, the version of its API, its host where the SDK's
    own table of endpoints is not to be asked."""

    code: str
    version: str
    host: str = ""


_importing = threading.Lock()


def sdk() -> Any:
    """The SDK, imported when first needed.

    The engine's process for dynamic resources works in several threads, and the SDK's modules import each other in a
    circle: two threads importing it at once find it half made. So one at a time, and here only.
    """
    with _importing:
        import volcenginesdkcore
        import volcenginesdkcore.auth.providers.sts_oidc_provider
        import volcenginesdkcore.rest
        import volcenginesdkcore.signv4
    return volcenginesdkcore


VEFAAS: Final = Service("vefaas", "2024-06-06")
APIG: Final = Service("apig", "2021-03-03")
POSTGRES: Final = Service("rds_postgresql", "2022-01-01")
STS: Final = Service("sts", "2018-01-01", "sts.volcengineapi.com")


class Client:
    """Signed calls to one region.

    Made inside a method, for one piece of work: it holds credentials, so no provider object may hold it.

    Args:
        region: the region's code.
        credentials: what signs.
    """

    def __init__(self, region: str, credentials: Credentials) -> None:
        self.region = region
        self._credentials = credentials
        self._endpoint = endpoint()

    def call(
        self, service: Service, action: str, body: Mapping[str, Any], *, idempotent: bool, method: str = "POST"
    ) -> dict[str, Any]:
        """Call an action of an RPC-style service and return its `Result`.

        Args:
            service: the service.
            action: the action's name.
            body: its parameters.
            idempotent: whether making the call twice is the same as making it once. Only then is it repeated after
                a 5xx or a lost connection; a throttled call, which had no effect, always is.
            method: POST with a JSON body, or GET with parameters in the query.
        """
        return repeated(lambda: self._call_once(service, action, dict(body), method), idempotent=idempotent)

    def log_service(
        self,
        method: str,
        action: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool,
    ) -> dict[str, Any]:
        """Call an action of the log service, whose API is one path an action, and return its answer."""
        payload = None if body is None else dict(body)
        return repeated(lambda: self._log_once(method, action, dict(query or {}), payload), idempotent=idempotent)

    def guarded(self, action: str, send: Callable[[], T]) -> T:
        """Run one request; whatever it raises becomes an ApiError without the SDK's dump of headers and body."""
        rest = sdk().rest
        try:
            return send()
        except rest.ApiException as refused:
            raise self._failure(action, refused) from None
        except (rest.urllib3.exceptions.HTTPError, OSError) as lost:
            text = self._credentials.redact(f"{type(lost).__name__}: {lost}")
            raise ApiError(action, "ConnectionFailed", text) from None

    @cached_property
    def _api(self) -> Any:
        core = sdk()
        configuration = core.Configuration()
        configuration.ak = self._credentials.access_key
        configuration.sk = self._credentials.secret_key
        configuration.session_token = self._credentials.session_token
        configuration.region = self.region
        # The SDK repeats any call after a 5xx, whatever the call does: `repeated` decides instead.
        configuration.auto_retry = False
        if self._endpoint:
            configuration.scheme = urlsplit(self._endpoint).scheme
        return core.ApiClient(configuration)

    def _call_once(self, service: Service, action: str, body: dict[str, Any], method: str) -> dict[str, Any]:
        core = sdk()
        kind = "application/json" if method == "POST" else "text/plain"
        info = core.UniversalInfo(
            method=method, service=service.code, version=service.version, action=action, content_type=kind
        )
        self._api.configuration.host = self._endpoint or service.host or None
        result = self.guarded(action, lambda: core.UniversalApi(self._api).do_call(info, body))
        return result if isinstance(result, dict) else {}

    def _log_once(self, method: str, action: str, query: dict[str, Any], body: dict[str, Any] | None) -> dict[str, Any]:
        base = self._endpoint or f"https://tls-{self.region}.volces.com"
        headers = {"Host": urlsplit(base).netloc, "Content-Type": "application/json"}
        headers["x-tls-apiversion"] = LOG_API_VERSION
        # The REST client serialises the body once more, in just this way: the signature must cover the same bytes.
        text = "" if body is None else json.dumps(body)
        mine = self._credentials
        sdk().signv4.SignerV4.sign(
            f"/{action}", method, headers, text, {}, query, mine.access_key, mine.secret_key, self.region, "TLS",
            mine.session_token,
        )  # fmt: skip

        def send() -> Any:
            return self._api.rest_client.request(
                method, f"{base}/{action}", query_params=query, headers=headers, body=body
            )

        parsed = json.loads(self.guarded(action, send).data or "{}")
        return parsed if isinstance(parsed, dict) else {}

    def _failure(self, action: str, refused: Any) -> ApiError:
        text, status = refused.body, int(refused.status or 0)
        if status == 200:
            # An error inside a 200 answer: the SDK passes on its text, but not the request id.
            text = self._api.last_response.data
        code, message, request_id = _explain(text, str(refused.reason))
        request_id = request_id or str((refused.headers or {}).get("X-Tls-Requestid", ""))
        return ApiError(action, code, self._credentials.redact(message), status=status, request_id=request_id)


def endpoint() -> str:
    """Where all calls go instead of the cloud's own hosts; empty where the environment does not say."""
    return calls.endpoint(ENDPOINT)


def _explain(text: Any, reason: str) -> tuple[str, str, str]:
    """Code, message and request id of an error, in either of the two shapes that the services use."""
    try:
        answer = json.loads(text)
    except (TypeError, ValueError):
        answer = None
    if not isinstance(answer, dict):
        return "UnreadableAnswer", reason, ""
    about = answer.get("ResponseMetadata") or {}
    error = about.get("Error") or {}
    code = error.get("Code") or answer.get("ErrorCode") or "UnreadableAnswer"
    message = error.get("Message") or answer.get("ErrorMessage") or reason
    return str(code), str(message), str(about.get("RequestId") or answer.get("RequestId") or "")
