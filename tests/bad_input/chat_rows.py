"""Settings of LobeChat: its login, its site's address, its image, its providers of models."""

from __future__ import annotations

from typing import Any

from tests.bad_input.row import APP, CANARY, OUT, Row, changed

AUTH0 = {"auth0": {"client_id": "abc", "issuer": "https://example.auth0.com"}}
CHAT = {
    "blueprint": "llm-chat",
    "cloud": "volcengine",
    "region": "cn-beijing",
    "image": "cr.example.com/team/lobe-chat-database:1.143.3",
    "login": AUTH0,
}
AGENT = APP | {"path": "/v1/chat/completions"}


def chat(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good chat, changed."""
    return Row(id=f"chat-{id}", message=message, stage=stage, apps={"chat": changed(CHAT, changes)})


def beside(id: str, message: str, name: str, agent: dict[str, Any], **changes: Any) -> Row:  # noqa: A002
    """The chat, changed, beside an agent that it links to."""
    apps = {"chat": changed(CHAT, {"links": [name], **changes}), name: agent}
    return Row(id=f"chat-{id}", message=message, apps=apps)


ROWS = (
    # Login
    chat("login-missing", "apps.chat.login: is missing; give it", login=OUT),
    chat("login-none",
        "apps.chat.login: is not exactly one way to log in; give one of auth0, github and access_code",
        login={}),
    chat("login-twice",
        "apps.chat.login: is not exactly one way to log in; give one of auth0, github and access_code",
        login=AUTH0 | {"access_code": {}}),
    chat("login-unknown",
        "apps.chat.login.github_app: there is no such setting; did you mean github?",
        login={"github_app": {"client_id": "abc"}}),
    chat("login-without-client",
        "apps.chat.login.github.client_id: is missing; give it",
        login={"github": {}}),
    chat("login-empty-word",
        "apps.chat.login.access_code: has nothing behind it; give its settings, or `{}`, or leave it out",
        login={"access_code": None}),
    chat("login-secret-in-clear",
        "apps.chat.login.github.client_secret: is a secret in clear; take it out and run `pulumi config set --secret "
        "--path 'qiao:apps.chat.login.github.client_secret'`",
        login={"github": {"client_id": "abc", "client_secret": CANARY}}),
    chat("login-code-in-clear",
        "apps.chat.login.access_code.code: is a secret in clear; take it out and run `pulumi config set --secret "
        "--path 'qiao:apps.chat.login.access_code.code'`",
        login={"access_code": {"code": CANARY}}),
    chat("login-issuer-without-https",
        "apps.chat.login.auth0.issuer: 'example.auth0.com' is no address; write https:// and the Auth0 domain",
        login={"auth0": {"client_id": "abc", "issuer": "example.auth0.com"}}),
    chat("login-issuer-by-plain-http",
        "apps.chat.login.auth0.issuer: 'http://example.auth0.com' is no address; write https:// and the Auth0 domain",
        login={"auth0": {"client_id": "abc", "issuer": "http://example.auth0.com"}}),
    # The site's address
    chat("site-with-path",
        "apps.chat.site_url: 'https://chat.example.com/' is no site; write https://host, or http://host, and no path",
        site_url="https://chat.example.com/"),
    chat("site-without-scheme",
        "apps.chat.site_url: 'chat.example.com' is no site; write https://host, or http://host, and no path",
        site_url="chat.example.com"),
    chat("site-beside-a-domain",
        "apps.chat.site_url: the domain says it already; leave it out",
        site_url="https://chat.example.com", domain={"name": "chat.example.com", "certificate_id": "c"}),
    # The image
    chat("image-missing", "apps.chat.image: is missing; give it", image=OUT),
    chat("image-of-the-next-major",
        "apps.chat.image: LobeChat 2 reads other variables, and its database needs the extension pg_search; use "
        "lobehub/lobe-chat-database of version 1",
        image="cr.example.com/team/lobehub:2.1.0"),
    chat("image-tag-of-the-next-major",
        "apps.chat.image: LobeChat 2 reads other variables, and its database needs the extension pg_search; use "
        "lobehub/lobe-chat-database of version 1",
        image={"name": "lobe-chat-database", "tag": "2.0.0"}),
    chat("image-not-pinned",
        "apps.chat.image: 'cr.example.com/team/lobe-chat-database:latest' is not pinned; use a tag that names one "
        "build, or a digest",
        stage="prod", image="cr.example.com/team/lobe-chat-database:latest"),
    # Sizes and variables
    chat("timeout-too-short-to-stream",
        "apps.chat.timeout_seconds: 60 is out of range; use 180 to 86400 seconds for kind web",
        timeout_seconds=60),
    chat("route-shorter-than-the-function",
        "apps.chat.policies.timeout_seconds: 60 is out of range; use 300 to 86400 seconds: never shorter than its "
        "function",
        policies={"timeout_seconds": 60}),
    chat("variable-of-qiao",
        "apps.chat.env.APP_URL: Qiao writes this variable itself; leave it out",
        env={"APP_URL": "https://chat.example.com"}),
    chat("secret-variable-of-qiao",
        "apps.chat.secret_env.KEY_VAULTS_SECRET: Qiao writes this variable itself; leave it out",
        secret_env={"KEY_VAULTS_SECRET": None}),
    chat("variable-of-its-login",
        "apps.chat.env.AUTH_AUTH0_ID: Qiao writes this variable itself; leave it out",
        env={"AUTH_AUTH0_ID": "abc"}),
    chat("variable-illegal",
        "apps.chat.env.1A: '1A' is not valid; use letters, digits and '_', not beginning with a digit, at most 63",
        env={"1A": "x"}),
    chat("no-key-active",
        "apps.chat.storage_keys: no key is active; leave one active: LobeChat reaches its bucket by it",
        storage_keys={"primary": False}),
    chat("three-keys",
        "apps.chat.storage_keys: 3 is out of range; use 0 to 2 keys",
        storage_keys=["a", "b", "c"]),
    chat("database-user-reserved",
        "apps.chat.database.user: names beginning with pg are reserved; choose another",
        database={"user": "pgchat"}),
    chat("native-of-what-it-has-not",
        "apps.chat.native.redis: there is no such concept here; use one of alerts, bucket, function, gateway, "
        "identity, postgres",
        native={"redis": {}}),
    # Providers of models
    chat("provider-not-linked",
        "apps.chat.providers.openai: 'agent' is not in links; add it there",
        providers={"openai": "agent"}),
    chat("provider-unknown",
        "apps.chat.providers.opanai: there is no such setting; did you mean openai?",
        providers={"opanai": "agent"}),
    beside("provider-of-another-path",
        "apps.chat.providers.openai: agent answers /api/v2/bots/chat alone, and LobeChat calls what ends with "
        "/chat/completions; set apps.agent.path to /v1/chat/completions",
        "agent", APP | {"auth": "app"}, providers={"openai": "agent"}),
    beside("provider-of-passing-tokens",
        "apps.chat.providers.openai: agent wants tokens that its cloud signs for a while, and LobeChat keeps one key; "
        "take auth app for agent, and check who calls there",
        "agent", AGENT, providers={"openai": "agent"}),
    beside("provider-that-is-no-model-server",
        "apps.chat.providers.ollama: agent answers /v1/chat/completions alone; name a model server, or take it as "
        "openai",
        "agent", AGENT, providers={"ollama": "agent"}),
    beside("model-with-a-mark-of-lists",
        "apps.chat.providers.openai.models: 'a,b' is no model; write its name, without spaces and , = < >",
        "agent", AGENT, providers={"openai": {"app": "agent", "models": ["a,b"]}}),
    beside("models-none",
        "apps.chat.providers.openai.models: names no model; name one, or leave it out",
        "agent", AGENT, providers={"openai": {"app": "agent", "models": []}}),
    beside("link-that-writes-a-variable-of-its",
        "apps.chat.links[0]: what app is called by goes into APP_URL, which LobeChat reads as its own; give app "
        "another name",
        "app", AGENT),
)  # fmt: skip
