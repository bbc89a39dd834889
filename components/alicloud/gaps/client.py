"""One signed client for all gaps, on the services' own official SDKs.

Set QIAO_ALICLOUD_ENDPOINT to send every call elsewhere (a test double, a private gateway): https, or http on a
loopback address. It changes where calls go, never how they are signed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from components.alicloud.gaps.errors import ApiError
from components.gaps import calls
from components.gaps.calls import repeated
from components.gaps.credentials import Credentials

T = TypeVar("T")

ENDPOINT: Final = "QIAO_ALICLOUD_ENDPOINT"
PAGE: Final = 100
"""Items asked for at a time; the services give fewer where they like."""
MEANT_FOR: Final = "x-forwarded-host"
"""Header that names the host a diverted call was meant for: the log service is told its project by the host alone."""
FINE: Final = frozenset({"", "ok", "200", "success"})
"""What the gateway's answers say in `code` when all is well, in lower case."""


@dataclass(frozen=True)
class Service:
    """A service of this cloud."""

    package: str
    """Package of its SDK."""
    host: str
    """Its host in a region. Stated here, since the SDK's own table has a host with a trailing tab and lacks regions."""


FC: Final = Service("alibabacloud_fc20230330", "fcv3.{region}.aliyuncs.com")
APIG: Final = Service("alibabacloud_apig20240327", "apig.{region}.aliyuncs.com")
SLS: Final = Service("alibabacloud_sls20201230", "{region}.log.aliyuncs.com")
STS: Final = Service("alibabacloud_tea_openapi", "sts.{region}.aliyuncs.com")

_importing = threading.Lock()


def sdk(name: str) -> Any:
    """A module of an SDK, imported when first needed.

    The engine's process for dynamic resources works in several threads, and the SDKs fill their modules lazily: one
    import at a time, and here only.
    """
    with _importing:
        return import_module(name)


class Client:
    """Signed calls to one region.

    Made inside a method, for one piece of work: it holds credentials, so no provider object may hold it.

    Args:
        region: the region's code.
        credentials: what signs; None for calls that carry their own proof.
    """

    def __init__(self, region: str, credentials: Credentials | None) -> None:
        self.region = region
        self._credentials = credentials
        self._endpoint = endpoint()
        self._made: dict[Service, Any] = {}

    def call(
        self, service: Service, action: str, *path: str, request: Mapping[str, Any] | None = None, idempotent: bool
    ) -> dict[str, Any]:
        """Call an action and return its answer.

        Args:
            service: the service.
            action: the action's name (`GetFunction`).
            path: the parts of the path, in the order of the SDK's method.
            request: query and body, by the names of the API; None for an action without either.
            idempotent: whether making the call twice is the same as making it once. Only then is it repeated after
                a 5xx or a lost connection; a throttled call, which had no effect, always is.
        """
        client = self._client(service)
        method = getattr(client, f"{re.sub(r'(?<!^)(?=[A-Z])', '_', action).lower()}_with_options")
        runtime = sdk("darabonba.runtime").RuntimeOptions()
        model = [] if request is None else [getattr(sdk(f"{service.package}.models"), f"{action}Request")]
        headers = self._headers(service, path)

        def send() -> dict[str, Any]:
            # The SDK writes into what it is given: everything is made anew for each attempt.
            built = [_bare(made().from_map(dict(request or {}))) for made in model]
            sent = self.guarded(action, lambda: method(*path, *built, dict(headers), runtime).to_map())
            return _checked(action, _body(action, sent))

        return repeated(send, idempotent=idempotent)

    def data(
        self, action: str, *path: str, request: Mapping[str, Any] | None = None, idempotent: bool
    ) -> dict[str, Any]:
        """Call an action of the gateway service and return its answer's `data`."""
        answer = self.call(APIG, action, *path, request=request, idempotent=idempotent)
        return _mapping(action, answer.get("data"))

    def pages(self, action: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The items that an action of the gateway service lists, page by page."""
        seen, number = 0, 1
        while True:
            page = self.data(action, request={**request, "pageNumber": number, "pageSize": PAGE}, idempotent=True)
            items = page.get("items") or []
            yield from (_mapping(action, item) for item in items)
            seen, number = seen + len(items), number + 1
            if not items or seen >= int(page.get("totalSize") or 0):
                return

    def generic(self, service: Service, action: str, version: str, body: Mapping[str, Any], *, signed: bool) -> Any:
        """Call an action of an RPC-style service whose own SDK is not among ours; idempotent ones only."""
        models, runtime = sdk("alibabacloud_tea_openapi.utils_models"), sdk("darabonba.runtime").RuntimeOptions()
        parameters = models.Params(
            action=action, version=version, protocol="HTTPS", pathname="/", method="POST", style="RPC",
            auth_type="AK" if signed else "Anonymous", req_body_type="formData", body_type="json",
        )  # fmt: skip

        def send() -> dict[str, Any]:
            asked = models.OpenApiRequest(body=dict(body))
            sent = self.guarded(action, lambda: self._client(service).call_api(parameters, asked, runtime))
            return _body(action, sent)

        return repeated(send, idempotent=True)

    def guarded(self, action: str, send: Callable[[], T]) -> T:
        """Run one request; whatever it raises becomes an ApiError without the SDK's dump of request and answer."""
        try:
            return send()
        except Exception as failed:
            raise self._failure(action, getattr(failed, "inner_exception", failed)) from None

    def _client(self, service: Service) -> Any:
        if service not in self._made:
            client = self._made[service] = sdk(f"{service.package}.client").Client(self._config(service))
            if self._diverted(service):
                # The log service's client puts the project before whatever host it is given.
                client._spi.get_host = lambda _network, _project, host: host
        return self._made[service]

    def _config(self, service: Service) -> Any:
        parts = urlsplit(self._endpoint)
        config = sdk("alibabacloud_tea_openapi.utils_models").Config(
            region_id=self.region, protocol=parts.scheme or "https",
            endpoint=parts.netloc or service.host.format(region=self.region),
            # The SDK repeats nothing unless told to; said all the same, since `repeated` decides.
            retry_options=sdk("darabonba.policy.retry").RetryOptions({"retryable": False}),
        )  # fmt: skip
        if self._credentials:
            config.access_key_id = self._credentials.access_key
            config.access_key_secret = self._credentials.secret_key
            config.security_token = self._credentials.session_token
        return config

    def _diverted(self, service: Service) -> bool:
        return bool(self._endpoint) and service is SLS

    def _headers(self, service: Service, path: Sequence[str]) -> dict[str, str]:
        host = service.host.format(region=self.region)
        return {MEANT_FOR: f"{path[0]}.{host}"} if self._diverted(service) else {}

    def _failure(self, action: str, failed: Exception) -> ApiError:
        data = getattr(failed, "data", None)
        if isinstance(data, dict) and getattr(failed, "code", None):
            return self._refusal(action, failed, data)
        if isinstance(failed, OSError) or type(failed).__name__ == "RetryError":
            return ApiError(action, "ConnectionFailed", self._redacted(f"{getattr(failed, 'message', failed)}"))
        return ApiError(action, "UnreadableAnswer", self._redacted(f"{type(failed).__name__}: {failed}"))

    def _refusal(self, action: str, failed: Any, data: Mapping[str, Any]) -> ApiError:
        # The function and gateway services answer with their own fields; the log service's exception has them apart.
        message = data.get("Message") or data.get("message") or failed.message
        request_id = data.get("RequestId") or data.get("requestId")
        status = int(data.get("statusCode") or 0)
        if type(failed).__name__ == "ThrottlingException":
            status = 429
        code = "UnreadableAnswer" if failed.code == "None" else str(failed.code)
        return ApiError(action, code, self._redacted(str(message)), status=status, request_id=str(request_id or ""))

    def _redacted(self, text: str) -> str:
        return self._credentials.redact(text) if self._credentials else text


def endpoint() -> str:
    """Where all calls go instead of the cloud's own hosts; empty where the environment does not say."""
    return calls.endpoint(ENDPOINT)


def _bare(model: Any) -> Any:
    """A request without the empty lists that the SDK puts in where nothing was given, and would send."""
    for name, value in list(vars(model).items()):
        if value == []:
            setattr(model, name, None)
    return model


def _body(action: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    return _mapping(action, answer.get("body"))


def _mapping(action: str, value: Any) -> dict[str, Any]:
    """An object of an answer, nothing for none. The SDK passes on whatever else has come instead."""
    if value in (None, "", b""):
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    raise ApiError(action, "UnreadableAnswer", f"{type(value).__name__} where an object belongs")


def _checked(action: str, body: dict[str, Any]) -> dict[str, Any]:
    """An answer, unless it tells of an error in spite of its status of 200."""
    code = str(body.get("code") or "")
    if code.lower() in FINE:
        return body
    raise ApiError(action, code, str(body.get("message")), status=200, request_id=str(body.get("requestId") or ""))
