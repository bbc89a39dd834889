"""Secrets in the wrong place, or the wrong way round. No message may repeat one."""

from __future__ import annotations

from tests.bad_input.row import CANARY, Row, app, region, top

SEALED = {"secure": "v1:bm9uY2U=:Y2lwaGVydGV4dA=="}
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"

CLEAR_ROWS = (
    app("clear-secret-env",
        "apps.agent.secret_env.KEY: is a secret in clear; take it out and run `pulumi config set --secret --path "
        "'qiao:apps.agent.secret_env.KEY'`",
        secret_env={"KEY": CANARY}),
    app("clear-secret-env-of-knowledge-base",
        "apps.agent.knowledge_base.secret_env.K: is a secret in clear; take it out and run `pulumi config set "
        "--secret --path 'qiao:apps.agent.knowledge_base.secret_env.K'`",
        knowledge_base={"code": {"path": "code"}, "secret_env": {"K": CANARY}}),
    app("clear-number-for-secret",
        "apps.agent.secret_env.PIN: is a secret in clear; take it out and run `pulumi config set --secret --path "
        "'qiao:apps.agent.secret_env.PIN'`",
        secret_env={"PIN": 4711}),
    app("clear-list-for-secret",
        "apps.agent.secret_env.KEY: is a secret in clear; take it out and run `pulumi config set --secret --path "
        "'qiao:apps.agent.secret_env.KEY'`",
        secret_env={"KEY": [CANARY]}),
    app("clear-text-for-secret-env",
        "apps.agent.secret_env: must be a mapping; write keys and values below it",
        secret_env=CANARY),
    app("clear-private-key",
        "apps.agent.domain.private_key: is a secret in clear; take it out and run `pulumi config set --secret "
        "--path 'qiao:apps.agent.domain.private_key'`",
        domain={"name": "chat.example.com", "certificate": PEM, "private_key": CANARY}),
    app("clear-webhook",
        "apps.agent.native.alerts.webhook: is a secret in clear; take it out and run `pulumi config set --secret "
        "--path 'qiao:apps.agent.native.alerts.webhook'`",
        native={"alerts": {"webhook": f"https://example.com/{CANARY}"}}),
    region("clear-registry-password",
        "clouds.volcengine.cn-beijing.registry.existing.password: is a secret in clear; take it out and run "
        "`pulumi config set --secret --path 'qiao:clouds.volcengine.cn-beijing.registry.existing.password'`",
        registry={"existing": {"endpoint": "cr.example.com", "namespace": "a", "username": "u", "password": CANARY}}),
    region("clear-trace-token",
        "clouds.volcengine.cn-beijing.logs.existing.trace_token: is a secret in clear; take it out and run `pulumi "
        "config set --secret --path 'qiao:clouds.volcengine.cn-beijing.logs.existing.trace_token'`",
        logs={"existing": {"log_project": "p", "log_store": "s", "trace_token": CANARY}}),
    app("clear-secret-in-a-number",
        "apps.agent.memory_mb: must be a whole number; write digits, without quotes",
        memory_mb=CANARY),
    app("clear-secret-in-a-choice",
        "apps.agent.auth: is not one of the choices; use 'jwt', 'app', 'cloud' or 'public'",
        auth=CANARY),
    app("clear-secret-in-a-mapping",
        "apps.agent.database: must be a mapping; write keys and values below it",
        database=CANARY),
    app("clear-secret-below-an-unknown-key",
        "apps.agent.secrets: there is no such setting; did you mean secret_env?",
        secrets={"KEY": CANARY}),
    region("clear-secret-in-a-list",
        "clouds.volcengine.cn-beijing.contacts: must be a list; begin each item with a hyphen",
        contacts=CANARY),
)  # fmt: skip
"""A secret written in clear."""

SEALED_ROWS = (
    app("sealed-env",
        "apps.agent.env.KEY: takes no encrypted value; set it in clear: `pulumi config set --path`",
        env={"KEY": SEALED}),
    app("sealed-number",
        "apps.agent.memory_mb: takes no encrypted value; set it in clear: `pulumi config set --path`",
        memory_mb=SEALED),
    app("sealed-truth",
        "apps.agent.traces: takes no encrypted value; set it in clear: `pulumi config set --path`",
        traces=SEALED),
    app("sealed-choice",
        "apps.agent.auth: takes no encrypted value; set it in clear: `pulumi config set --path`",
        auth=SEALED),
    app("sealed-image",
        "apps.agent.image: takes no encrypted value; set it in clear: `pulumi config set --path`",
        image=SEALED),
    app("sealed-mapping",
        "apps.agent.release: takes no encrypted value; set it in clear: `pulumi config set --path`",
        release=SEALED),
    app("sealed-list",
        "apps.agent.links: takes no encrypted value; set it in clear: `pulumi config set --path`",
        links=SEALED),
    app("sealed-item",
        "apps.agent.links[0]: takes no encrypted value; set it in clear: `pulumi config set --path`",
        links=[SEALED]),
    app("sealed-unknown-key",
        "apps.agent.api_key: takes no encrypted value; set it in clear: `pulumi config set --path`",
        api_key=SEALED),
    app("sealed-blueprint",
        "apps.agent.blueprint: takes no encrypted value; set it in clear: `pulumi config set --path`",
        blueprint=SEALED),
    app("sealed-cloud",
        "apps.agent.cloud: takes no encrypted value; set it in clear: `pulumi config set --path`",
        cloud=SEALED),
    app("sealed-native",
        "apps.agent.native.function.max_instances: takes no encrypted value; set it in clear: `pulumi config set "
        "--path`",
        native={"function": {"max_instances": SEALED}}),
    app("sealed-native-concept",
        "apps.agent.native.function: takes no encrypted value; set it in clear: `pulumi config set --path`",
        native={"function": SEALED}),
    app("sealed-keys",
        "apps.agent.identity.keys: takes no encrypted value; set it in clear: `pulumi config set --path`",
        identity={"keys": SEALED}),
    Row(id="sealed-app",
        message="apps.agent: takes no encrypted value; set it in clear: `pulumi config set --path`",
        apps={"agent": SEALED}),
    Row(id="sealed-apps",
        message="apps: is encrypted as a whole; encrypt single values: `--secret --path`",
        apps=SEALED),
    Row(id="sealed-region",
        message="clouds.volcengine.cn-beijing: takes no encrypted value; set it in clear: `pulumi config set "
        "--path`",
        clouds={"volcengine": {"cn-beijing": SEALED}}),
    Row(id="sealed-regions",
        message="clouds.volcengine: is encrypted as a whole; encrypt single values: `--secret --path`",
        clouds={"volcengine": SEALED}),
    region("sealed-zone",
        "clouds.volcengine.cn-beijing.zones[1]: takes no encrypted value; set it in clear: `pulumi config set "
        "--path`",
        zones=["cn-beijing-a", SEALED]),
    region("sealed-zones",
        "clouds.volcengine.cn-beijing.zones: takes no encrypted value; set it in clear: `pulumi config set --path`",
        zones=SEALED),
    region("sealed-block",
        "clouds.volcengine.cn-beijing.cidr: takes no encrypted value; set it in clear: `pulumi config set --path`",
        cidr=SEALED),
    region("sealed-lender",
        "clouds.volcengine.cn-beijing.from: takes no encrypted value; set it in clear: `pulumi config set --path`",
        from_=SEALED),
    region("sealed-email",
        "clouds.volcengine.cn-beijing.contacts[0].email: takes no encrypted value; set it in clear: `pulumi config "
        "set --path`",
        contacts=[{"name": "ann", "email": SEALED}]),
    top("sealed-profile",
        "profile: takes no encrypted value; set it in clear: `pulumi config set --path`",
        profile=SEALED),
    top("sealed-profile-field",
        "profile.size: takes no encrypted value; set it in clear: `pulumi config set --path`",
        profile={"size": SEALED}),
    top("sealed-tag",
        "tags.team: takes no encrypted value; set it in clear: `pulumi config set --path`",
        tags={"team": SEALED}),
    top("sealed-tags",
        "tags: takes no encrypted value; set it in clear: `pulumi config set --path`",
        tags=SEALED),
)  # fmt: skip
"""An encrypted value where none may be. Each is run offline too, and once as an engine hands it over: decrypted."""

DECRYPTED_ROWS = (
    app("decrypted-key-is-no-pem",
        "apps.agent.domain.private_key: is not PEM; set the key's file: `pulumi config set --secret --path ... < "
        "key.pem`",
        domain={"name": "chat.example.com", "certificate": PEM, "private_key": SEALED}),
    app("decrypted-beside-a-mistake",
        "apps.agent.memory_mb: 100 is out of range; use 512 to 4096 MiB",
        secret_env={"KEY": SEALED}, memory_mb=100),
    app("decrypted-webhook-beside-a-mistake",
        "apps.agent.native.alerts.silence: there is no such setting; did you mean silence_minutes?",
        native={"alerts": {"webhook": SEALED, "silence": 5}}),
    app("decrypted-variable-in-both",
        "apps.agent.secret_env: KEY is in env too; keep it in one of the two",
        secret_env={"KEY": SEALED}, env={"KEY": "x"}),
)  # fmt: skip
"""Encrypted values where they may be, wrong in themselves or beside a mistake: as an engine hands them over."""

ROWS = (*CLEAR_ROWS, *SEALED_ROWS)
