"""Settings of a web application: its code, its door, its variables."""

from __future__ import annotations

from typing import Any

from tests.bad_input.row import OUT, Row, changed

WEB = {
    "blueprint": "web-app",
    "cloud": "volcengine",
    "region": "cn-beijing",
    "code": {"path": "code"},
    "access": "gateway",
    "auth": "public",
    "reason": "the pages are for everybody",
}


def web(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good web application, changed."""
    return Row(id=f"web-{id}", message=message, stage=stage, apps={"web": changed(WEB, changes)})


ROWS = (
    # What runs
    web("neither-image-nor-code",
        "apps.web.image: give exactly one of image and code; set the one, leave the other out",
        code=OUT),
    web("both-image-and-code",
        "apps.web.image: give exactly one of image and code; set the one, leave the other out",
        image="cr.example.com/team/web:1.0.0"),
    web("code-that-waits",
        "apps.web.enabled: only an application of an image can wait for it; leave it out",
        enabled=False),
    web("folder-missing",
        "apps.web.code.path: nowhere is not a folder; give a folder, relative to the project",
        code={"path": "nowhere"}),
    web("folder-empty",
        "apps.web.code.path: empty holds no file; put code there, or mend the ignore patterns",
        code={"path": "empty"}),
    web("build-of-an-image",
        "apps.web.build: an image is built by its Dockerfile; leave it out, or give `code`",
        code=OUT, image="cr.example.com/team/web:1.0.0", build="npm ci"),
    web("build-empty", "apps.web.build: is empty; write the command, or leave it out", build=" "),
    web("build-a-list", "apps.web.build: must be text; put it in quotes", build=["npm ci"]),
    web("kind-unknown", "apps.web.kind: is not one of the choices; use 'web' or 'microservice'", kind="event"),
    web("image-not-pinned",
        "apps.web.image: 'cr.example.com/team/web:latest' is not pinned; use a tag that names one build, or a digest",
        stage="prod", code=OUT, image="cr.example.com/team/web:latest"),
    # Who may call, and how
    web("auth-missing", "apps.web.auth: is missing; give it", auth=OUT),
    web("auth-unknown",
        "apps.web.auth: is not one of the choices; use 'public', 'app', 'cloud' or 'jwt'",
        auth="none"),
    web("public-without-a-reason",
        "apps.web.reason: the route is public; say why nobody need be checked",
        reason=OUT),
    web("reason-for-nothing",
        "apps.web.reason: the application is not public; set auth: public, or leave it out",
        auth="app"),
    web("access-unknown", "apps.web.access: is not one of the choices; use 'url' or 'gateway'", access="apigw"),
    web("address-where-functions-have-none",
        "apps.web.access: is not supported on volcengine; put a Gateway before it",
        access="url"),
    web("token-at-its-own-address",
        "apps.web.auth: nothing before a function's own address checks tokens; set access: gateway",
        access="url", auth="jwt", reason=OUT),
    web("domain-at-its-own-address",
        "apps.web.domain: there is no gateway; set access: gateway, or leave it out",
        access="url", domain={"name": "www.example.com", "certificate_id": "c"}),
    web("policies-at-its-own-address",
        "apps.web.policies: there is no gateway; set access: gateway, or leave it out",
        access="url", policies={"rate_limit": 10}),
    web("checks-what-nobody-has",
        "apps.web.checks_tokens: there are no tokens; set auth: jwt, or leave it out",
        checks_tokens=True),
    web("route-shorter-than-the-function",
        "apps.web.policies.timeout_seconds: 60 is out of range; use 300 to 86400 seconds: never shorter than its "
        "function",
        policies={"timeout_seconds": 60}),
    # Variables and sizes
    web("variable-of-qiao",
        "apps.web.env.PORT: Qiao writes this variable itself; leave it out",
        env={"PORT": "80"}),
    web("secret-variable-of-qiao",
        "apps.web.secret_env.ORIGIN_SECRET: Qiao writes this variable itself; leave it out",
        secret_env={"ORIGIN_SECRET": None}),
    web("variable-illegal",
        "apps.web.env.1A: '1A' is not valid; use letters, digits and '_', not beginning with a digit, at most 63",
        env={"1A": "x"}),
    web("port-out-of-range", "apps.web.port: 70000 is out of range; use 1 to 65535", port=70000),
    web("timeout-too-short",
        "apps.web.timeout_seconds: 60 is out of range; use 180 to 86400 seconds for kind web",
        timeout_seconds=60),
    # Releases
    web("weight-of-a-fraction", "apps.web.release.weight: must be a whole number; write digits, without quotes",
        release={"weight": 0.1}),
    web("weight-too-large", "apps.web.release.weight: 101 is out of range; use 0 to 100 percent",
        release={"weight": 101}),
    web("roll-back-in-part", "apps.web.release.revision: a roll back cannot be partial; leave weight at 100",
        release={"weight": 10, "revision": 1}),
    web("traffic-for-weight", "apps.web.release.traffic: there is no such setting; use one of force, revision, weight",
        release={"traffic": 0.1}),
    web("native-of-what-it-has-not",
        "apps.web.native.postgres: there is no such concept here; use one of alerts, function, gateway",
        native={"postgres": {}}),
)  # fmt: skip
