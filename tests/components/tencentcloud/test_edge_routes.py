"""What the edge function leads where, what it adds and takes away on the way, and what comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components import tokens
from components.function import ExistingFunction
from components.gateway import Route
from components.tencentcloud.gateway_table import OWN_CLAIMS
from tests.components.keys import pair
from tests.components.tencentcloud.edge_support import (
    CALLER,
    CHAT,
    FUNCTION,
    HOST,
    LOGIN,
    PING,
    call,
    environment,
    refused,
)

PRIVATE, PUBLIC = pair("stack")
CHECKS = {
    "JWT_ALG": "RS256", "JWT_JWKS": tokens.jwks_of(PUBLIC), "JWT_ISSUER": "iss", "JWT_AUDIENCE": "aud",
    "JWT_REQUIRED": json.dumps(OWN_CLAIMS),
}  # fmt: skip
SHOWN = "o" * 48
ALL = {**environment(), **CHECKS, "ORIGIN_SECRET": SHOWN}
SITE = Route(name="site", path="/", function=FUNCTION, auth="app")
ADMIN = Route(name="admin", path="/admin", function=FUNCTION)
ASKS = [("origin", "https://app.example.com"), ("access-control-request-method", "POST")]


def env(*routes: Route, **more: str) -> dict[str, str]:
    return {**environment(*routes), **CHECKS, **more}


def token() -> str:
    return tokens.mint(PRIVATE, issuer="iss", audience="aud", subject="me", lifetime_seconds=60)


def led(answer: Any) -> str:
    """Where a call went, behind the function's host."""
    assert answer.forwarded is not None, answer
    assert answer.forwarded.url.startswith(f"https://{HOST}/")
    return str(answer.forwarded.url.removeprefix(f"https://{HOST}"))


# ---- who passes without a token


@pytest.mark.parametrize("path", ["/login", "/login/", "/login/github?next=%2F", "/ping"])
def test_routes_whose_application_or_nobody_checks_pass_without_a_token(path: str) -> None:
    assert led(call(ALL, path)) == path


def test_they_carry_no_subject_whatever_the_caller_says() -> None:
    answer = call(ALL, "/login", token=token(), headers=[("x-jwt-sub", "root")])
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-jwt-sub") is None
    assert answer.forwarded.header("authorization") is not None


@pytest.mark.parametrize("auth", ["cloud", "JWT", "", None])
def test_an_auth_that_is_not_known_is_closed(auth: Any) -> None:
    rows = json.loads(ALL["ROUTES"])
    told = json.dumps([{**row, "auth": auth} for row in rows])
    refused(call({**ALL, "ROUTES": told}, "/ping"), 401)
    refused(call({**ALL, "ROUTES": told}, "/chat", token=token()), 401)


# ---- paths


@pytest.mark.parametrize("path", ["/", "/nothing", "/chatter", "/Chat", "/ping/", "/ping/more", "/xchat", "/logi"])
def test_a_path_of_no_route_is_not_found(path: str) -> None:
    refused(call(ALL, path, token=token()), 404)


@pytest.mark.parametrize(
    "path", ["/chat", "/chat/", "/chat/v1/completions", "/chat?stream=true&q=a%20b", "/chat/%E7%8E%8B", "/chat/a%2Fb"]
)
def test_a_prefix_takes_what_lies_below_it_as_it_is(path: str) -> None:
    assert led(call(ALL, path, token=token())) == path
    refused(call(ALL, path), 401)


def test_the_most_particular_route_answers() -> None:
    hosts = {name: f"{name}.ap-guangzhou.tencentscf.com" for name in ("site", "api", "exact", "longer")}
    routes = [
        SITE, Route(name="api", path="/api", function=FUNCTION),
        Route(name="exact", path="/api/health", function=FUNCTION, match="exact", auth="public", reason="health"),
        Route(name="longer", path="/api/files", function=FUNCTION, auth="app"),
    ]  # fmt: skip
    told = {**environment(*routes, hosts=hosts), **CHECKS}

    def host(path: str) -> str:
        answer = call(told, path, token=token())
        assert answer.forwarded is not None
        return answer.forwarded.url.split("/")[2].split(".")[0]

    assert host("/") == "site"
    assert host("/index.html") == "site"
    assert host("/apis") == "site"
    assert host("/api") == "api"
    assert host("/api/health") == "exact"
    assert host("/api/health/more") == "api"
    assert host("/api/files/1") == "longer"
    assert host("/api/filesystem") == "api"


def test_a_path_in_other_letters_is_matched_as_it_is_sent() -> None:
    told = env(Route(name="cn", path="/聊天", function=FUNCTION, auth="app"))
    assert led(call(told, "/聊天/1")) == "/%E8%81%8A%E5%A4%A9/1"


LOOSE = [
    "/ADMIN", "/Admin/users", "/adm%69n", "/%61dmin", "/%2561dmin", "/%252561dmin", "//admin", "/./admin",
    "/x/../admin",
    "/x/%2e%2e/admin", "/x/..%2fadmin", "/x%2f..%2fadmin", "/%2fadmin", "/%5cadmin", "/x/..%5cadmin", "/admin;a=b",
    "/admin;a/users", "/x;/../admin", "/admin%2f", "/admin%2fusers", "/x/..;/admin", "/x%3f/../admin", "/x%23/../admin",
    "/x%3f%2f..%2fadmin",
]  # fmt: skip


@pytest.mark.parametrize("path", LOOSE)
def test_no_other_spelling_of_a_path_comes_in_by_a_route_that_asks_for_less(path: str) -> None:
    """Applications decode, fold case and drop slashes: what one of them might take for /admin needs a token."""
    answer = call(env(SITE, ADMIN), path)
    assert answer.forwarded is None
    assert answer.status in (400, 401)


@pytest.mark.parametrize("path", LOOSE)
def test_the_same_spellings_pass_where_nothing_is_kept(path: str) -> None:
    assert call(env(SITE, replace(ADMIN, auth="app")), path).status == 200


def test_nor_by_a_route_that_any_address_may_call() -> None:
    kept = replace(ADMIN, auth="app", allow_cidrs=["10.0.0.0/8"])
    refused(call(env(SITE, kept), "/ADMIN"), 400)
    refused(call(env(SITE, kept), "/admin"), 403)
    assert call(env(SITE, kept), "/Administrators").status == 200


def test_an_exact_route_is_kept_with_a_slash_behind_it_too() -> None:
    exact = replace(ADMIN, match="exact")
    refused(call(env(SITE, exact), "/admin/"), 400)
    assert call(env(SITE, exact), "/admin/more").status == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/api", "/"),
        ("/v1/api/", "/"),
        ("/v1/api/a/b?c=d", "/a/b?c=d"),
        ("/v1/api//evil.example.com/x", "//evil.example.com/x"),
    ],
)
def test_a_prefix_can_be_taken_off_and_never_leads_to_another_host(path: str, expected: str) -> None:
    told = env(Route(name="api", path="/v1/api/", function=FUNCTION, auth="app", strip_prefix=True))
    assert led(call(told, path)) == expected


@pytest.mark.parametrize(
    "path", ["/login//evil.example.com", "/login/@evil.example.com", "/login/https://evil.example.com"]
)
def test_no_path_leads_to_another_host(path: str) -> None:
    assert led(call(ALL, path)) == path


def test_each_route_leads_to_its_own_function() -> None:
    hosts = {"chat": "a.ap-guangzhou.tencentscf.com", "login": "b.ap-guangzhou.tencentscf.com"}
    told = {**environment(CHAT, LOGIN, hosts=hosts), **CHECKS}
    for path, host in (("/chat", hosts["chat"]), ("/login", hosts["login"])):
        answer = call(told, path, token=token(), headers=[("host", "chat.example.com")])
        assert answer.forwarded is not None
        assert answer.forwarded.url == f"https://{host}{path}"
        # The function service answers to the function's own host alone.
        assert answer.forwarded.header("host") is None


# ---- methods, and what a browser asks first


def test_a_method_of_no_route_is_refused() -> None:
    post = env(replace(CHAT, methods=("POST",)))
    assert call(post, method="POST", token=token(), body=["{}"]).status == 200
    for method in ("GET", "DELETE", "OPTIONS", "PROPFIND"):
        refused(call(post, method=method, token=token()), 405)
    refused(call(post, method="POST", body=["{}"]), 401)
    # The usual ones mean every one.
    assert call(ALL, method="PROPFIND", token=token()).status == 200


def test_a_browser_may_ask_without_a_token_whether_it_may_call() -> None:
    answer = call(
        ALL, method="OPTIONS", headers=[*ASKS, ("x-jwt-sub", "root")], upstream={"status": 204, "headers": []}
    )
    assert answer.status == 204
    assert answer.forwarded is not None
    assert answer.forwarded.method == "OPTIONS"
    assert answer.forwarded.header("x-jwt-sub") is None
    assert answer.forwarded.header("origin") == "https://app.example.com"


def test_what_it_asks_with_carries_no_body() -> None:
    answer = call(ALL, method="OPTIONS", headers=[*ASKS, ("content-length", "5")], body=["drop ", "table"])
    assert answer.forwarded is not None
    assert answer.forwarded.body is None
    assert answer.forwarded.header("content-length") is None


@pytest.mark.parametrize("headers", [[], ASKS[:1], ASKS[1:]])
def test_any_other_options_needs_a_token(headers: list[tuple[str, str]]) -> None:
    refused(call(ALL, method="OPTIONS", headers=headers), 401)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "TRACKED"])
def test_no_other_method_asks(method: str) -> None:
    refused(call(ALL, method=method, headers=ASKS), 401)


def test_a_browser_may_not_ask_where_the_route_does_not_take_it() -> None:
    refused(call(env(replace(CHAT, methods=("POST",))), method="OPTIONS", headers=ASKS), 405)


# ---- callers' addresses


@pytest.mark.parametrize(
    ("block", "address", "passes"),
    [
        ("203.0.113.0/24", CALLER, True), ("203.0.113.9", CALLER, True), ("203.0.113.8/31", CALLER, True),
        ("203.0.113.10/31", CALLER, False), ("203.0.112.0/24", CALLER, False), ("0.0.0.0/0", "255.255.255.255", True),
        ("128.0.0.0/1", "127.255.255.255", False), ("128.0.0.0/1", "128.0.0.0", True),
        ("10.0.0.0/8", "10.255.255.255", True), ("10.0.0.0/8", "11.0.0.0", False),
        ("203.0.113.0/24", "::ffff:203.0.113.9", True), ("0.0.0.0/0", "2001:db8::1", False),
        ("0.0.0.0/0", "::1", False), ("0.0.0.0/0", "", False), ("0.0.0.0/0", None, False),
        ("0.0.0.0/0", "1.2.3", False), ("0.0.0.0/0", "1.2.3.4.5", False), ("0.0.0.0/0", "1.2.3.256", False),
        ("0.0.0.0/0", "1.2.3.4, 5.6.7.8", False), ("0.0.0.0/0", "0x1.2.3.4", False),
    ],
)  # fmt: skip
def test_only_allowed_addresses_pass(block: str, address: str | None, passes: bool) -> None:
    told = env(replace(LOGIN, allow_cidrs=[block]))
    answer = call(
        told, "/login", ip=address, headers=[("x-forwarded-for", "203.0.113.9"), ("x-real-ip", "203.0.113.9")]
    )
    if passes:
        assert answer.status == 200
    else:
        refused(answer, 403)


def test_one_of_several_blocks_is_enough_and_the_token_is_asked_for_all_the_same() -> None:
    told = env(replace(CHAT, allow_cidrs=["10.0.0.0/8", "203.0.113.0/24"]))
    assert call(told, token=token()).status == 200
    refused(call(told), 401)
    refused(call(told, token=token(), ip="192.0.2.1"), 403)


# ---- headers


def test_what_the_caller_says_of_itself_is_dropped() -> None:
    said = [
        ("x-edge-auth", "guessed"), ("X-Edge-Debug", "1"), ("x_edge_auth", "guessed"), ("X_Jwt-Sub", "root"),
        ("x-jwt-sub", "root"), ("x-jwt-role", "admin"), ("x-forwarded-host", "evil.example.com"),
        ("x-forwarded-proto", "http"), ("x-forwarded-for", "10.0.0.1"), ("x_forwarded_for", "10.0.0.1"),
        ("forwarded", "for=10.0.0.1"), ("x-real-ip", "10.0.0.1"), ("te", "trailers"),
    ]  # fmt: skip
    answer = call(ALL, token=token(), headers=[*said, ("accept", "text/event-stream"), ("x-request-id", "7")])
    assert answer.forwarded is not None
    got = dict(answer.forwarded.headers)
    assert {name: value for name, value in got.items() if name != "authorization"} == {
        "accept": "text/event-stream", "x-request-id": "7", "x-edge-auth": SHOWN, "x-jwt-sub": "me",
        "x-forwarded-host": "chat.example.com", "x-forwarded-proto": "https", "x-forwarded-for": CALLER,
    }  # fmt: skip


def test_without_a_secret_the_functions_are_shown_none_and_neither_is_the_callers() -> None:
    answer = call(env(), token=token(), headers=[("x-edge-auth", "guessed")])
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-edge-auth") is None


def test_without_an_address_none_is_said() -> None:
    answer = call(ALL, token=token(), ip=None, headers=[("x-forwarded-for", "10.0.0.1")])
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-forwarded-for") is None


def test_a_route_sets_and_takes_out_headers_of_both_ways() -> None:
    told = env(
        replace(
            LOGIN, request_headers={"X-Team": "agents", "Cookie": None},
            response_headers={"Strict-Transport-Security": "max-age=1", "Server": None},
        ),
        ORIGIN_SECRET=SHOWN,
    )  # fmt: skip
    back = {"status": 201, "headers": [["server", "scf"], ["x-kept", "1"]], "body": ["made"]}
    answer = call(told, "/login", headers=[("cookie", "a=b"), ("x-team", "others")], upstream=back)
    assert answer.forwarded is not None
    assert (answer.forwarded.header("x-team"), answer.forwarded.header("cookie")) == ("agents", None)
    assert answer.forwarded.header("x-edge-auth") == SHOWN
    assert (answer.status, answer.body) == (201, "made")
    assert dict(answer.headers) == {"x-kept": "1", "strict-transport-security": "max-age=1"}


def test_a_route_cannot_change_what_the_gateway_vouches_for() -> None:
    """The component refuses it; a table that says so all the same changes nothing."""
    rows = json.loads(ALL["ROUTES"])
    said = {"x-edge-auth": "other", "x-jwt-sub": "root", "x-forwarded-for": "10.0.0.1"}
    told = {**ALL, "ROUTES": json.dumps([{**row, "request": said} for row in rows])}
    answer = call(told, token=token())
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-edge-auth") == SHOWN
    assert answer.forwarded.header("x-jwt-sub") == "me"
    assert answer.forwarded.header("x-forwarded-for") == CALLER


def test_the_secret_does_not_come_back() -> None:
    back = {"status": 200, "headers": [["x-edge-auth", SHOWN]], "body": ["echo"]}
    assert call(ALL, "/login", upstream=back).header("x-edge-auth") is None


# ---- the way there and back


def test_cookies_and_redirects_are_the_callers_affair() -> None:
    back = {"status": 302, "headers": [["location", "/home"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]]}
    answer = call(ALL, "/login", upstream=back)
    assert (answer.status, answer.header("location")) == (302, "/home")
    assert [value for name, value in answer.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert answer.forwarded is not None
    assert answer.forwarded.redirect == "manual"


@pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 404, 429, 500, 503])
def test_an_answer_of_any_status_comes_back(status: int) -> None:
    body = {} if status in (204, 304) else {"body": ["said"]}
    answer = call(ALL, "/login", upstream={"status": status, "headers": [["x-by", "app"]], **body})
    assert (answer.status, answer.header("x-by")) == (status, "app")
    assert answer.body == "".join(body.get("body", []))


def test_an_answer_is_handed_on_piece_by_piece() -> None:
    parts = ["data: 1\n\n", "data: 2\n\n", "data: [DONE]\n\n"]
    back = {"status": 200, "headers": [["content-type", "text/event-stream"]], "body": parts}
    answer = call(ALL, token=token(), upstream=back, gate=True)
    assert answer.header("content-type") == "text/event-stream"
    assert json.loads(answer.body) == {"text": "".join(parts), "before": 0}


def test_a_body_is_handed_on_piece_by_piece() -> None:
    answer = call(
        ALL, method="POST", token=token(), body=["{", '"a":1', "}"], headers=[("content-type", "application/json")]
    )
    assert answer.forwarded is not None
    assert (answer.forwarded.body, answer.forwarded.early) == ('{"a":1}', 0)
    assert answer.forwarded.header("content-type") == "application/json"


def test_an_answer_is_waited_for_as_long_as_the_route_says() -> None:
    slow = replace(CHAT, timeout_seconds=180)
    answer = call(env(slow), token=token())
    assert answer.forwarded is not None
    assert answer.forwarded.wait == {"connectTimeout": 10_000, "readTimeout": 180_000, "writeTimeout": 180_000}


def test_a_function_that_cannot_be_reached_is_a_bad_gateway() -> None:
    refused(call(ALL, token=token(), upstream={"throws": True}), 502)
    refused(call(ALL, "/login", upstream={"throws": True}), 502)


def test_who_has_no_token_does_not_learn_whether_the_function_lives() -> None:
    refused(call(ALL, upstream={"throws": True}), 401)


def test_plain_http_is_sent_on_to_https_and_reaches_nothing() -> None:
    answer = call(ALL, "/chat?a=b", token=token(), url="http://chat.example.com")
    assert (answer.status, answer.header("location")) == (308, "https://chat.example.com/chat?a=b")
    assert answer.forwarded is None
    answer = call({**ALL, "HTTPS_ONLY": "false"}, token=token(), url="http://chat.example.com")
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-forwarded-proto") == "http"


def test_the_functions_own_hosts_are_always_called_over_https() -> None:
    there = ExistingFunction(id="f", timeout_seconds=60)
    told = {**environment(Route(name="a", path="/", function=there, auth="app")), "HTTPS_ONLY": "false"}
    answer = call(told, "/x", url="http://chat.example.com")
    assert answer.forwarded is not None
    assert answer.forwarded.url == f"https://{HOST}/x"


def test_a_health_check_needs_nothing() -> None:
    assert led(call(environment(PING), "/ping", ip=None)) == "/ping"
