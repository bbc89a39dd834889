"""Settings that Alibaba Cloud would refuse, or would do otherwise without a word."""

from __future__ import annotations

from typing import Any

from tests.bad_input.row import CANARY, OUT, Row, changed

HOME = "cn-hangzhou"
PLACE = f"clouds.alicloud.{HOME}"
REGION = {"zones": [f"{HOME}-h", f"{HOME}-k"]}
AGENT = {"blueprint": "agent", "cloud": "alicloud", "region": HOME, "image": "registry.example.com/team/bot:1.0.0"}
CODE: dict[str, Any] = {"image": OUT, "code": {"path": "code"}}
DOMAIN = {"name": "agent.example.com", "certificate_id": "1234567"}
ANN: dict[str, Any] = {"contacts": [{"name": "ann", "email": "ann@example.com"}]}
NO_DOMAIN = (
    "without one, tokens and sessions would cross the internet in clear: the generated address has no certificate; "
    "give a domain with a certificate, or network_access: Intranet in native"
)


def agent(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good agent, changed; its message goes on from `apps.agent`."""
    apps = {"agent": changed(AGENT, changes)}
    return Row(
        id=f"ali-{id}", message=f"apps.agent{message}", stage=stage, apps=apps, clouds={"alicloud": {HOME: REGION}}
    )


def function(id: str, message: str, *, of: dict[str, Any] | None = None, **native: Any) -> Row:  # noqa: A002
    """Extras of a function; its message goes on from them."""
    return agent(f"function-{id}", f".native.function.{message}", native={"function": native}, **(of or {}))


def gateway(id: str, message: str, *, of: dict[str, Any] | None = None, **native: Any) -> Row:  # noqa: A002
    """Extras of a gateway; its message goes on from them."""
    return agent(f"gateway-{id}", f".native.gateway.{message}", native={"gateway": native}, **(of or {}))


def region(id: str, message: str, *, stage: str = "dev", app: Any = None, **changes: Any) -> Row:  # noqa: A002
    """The good region, changed; its message goes on from the region's settings."""
    there = {"alicloud": {HOME: changed(REGION, changes)}}
    apps = {"agent": changed(AGENT, app or {})}
    return Row(id=f"ali-{id}", message=f"{PLACE}.{message}", stage=stage, apps=apps, clouds=there)


def extras(id: str, concept: str, message: str, **native: Any) -> Row:  # noqa: A002
    """Extras of what the region shares; its message goes on from them."""
    return region(f"{concept}-{id}", f"native.{concept}.{message}", native={concept: native})


ROWS = (
    # Where it stands
    region("zone-of-another-region",
        "zones: 'cn-beijing-h' is not in cn-hangzhou; give zones of that region",
        zones=["cn-beijing-h", "cn-hangzhou-k"]),
    region("zone-twice", "zones: 'cn-hangzhou-h' is given twice; give each once", zones=["cn-hangzhou-h"] * 2),
    region("zone-alone", "zones: 1 zones given; give two zones of the region", zones=["cn-hangzhou-h"]),
    region("zone-of-two-letters",
        "zones: 'cn-hangzhou-kk' is not a zone; write a zone such as cn-beijing-a",
        zones=["cn-hangzhou-h", "cn-hangzhou-kk"]),
    region("cidr-public",
        "cidr: 8.8.0.0/16 is not private; use a block inside 10/8, 172.16/12 or 192.168/16",
        cidr="8.8.0.0/16"),
    region("cidr-too-small", "cidr: /24 cannot hold the plan; use /8 to /22", cidr="10.0.0.0/24"),
    region("cidr-of-a-host",
        "cidr: '10.0.0.1/16' is not a network address; write a block such as 10.0.0.0/16",
        cidr="10.0.0.1/16"),
    agent("region-misspelled", ".region: there is no such region; did you mean cn-hangzhou?", region="cn-hangzou"),
    # What is shared
    region("trace-keys",
        "logs.trace_keys: is not supported on alicloud; spans lie in the tracing service: choose search keys in its "
        "console",
        logs={"trace_keys": ["request_id"]}),
    extras("bandwidth", "network", "eip_bandwidth_mbps: 500 is out of range; use 1 to 200 Mbit/s",
        eip_bandwidth_mbps=500),
    extras("of-another-cloud", "network", "nat_spec: there is no such setting; use one of eip_bandwidth_mbps",
        nat_spec="Small"),
    extras("kind-of-key", "observability", "log_keys: is not one of the choices; use 'text', 'long' or 'double'",
        log_keys={"a": "json"}),
    extras("endpoint-without-token", "observability",
        "trace_endpoint: an endpoint and its token go together; give trace_endpoint and trace_token",
        trace_endpoint="http://host:8090"),
    extras("token-in-clear", "observability",
        "trace_token: is a secret in clear; take it out and run `pulumi config set --secret --path "
        f"'qiao:{PLACE}.native.observability.trace_token'`",
        trace_endpoint="http://host:8090", trace_token=CANARY),
    extras("edition", "registry", "edition: is not one of the choices; use 'Personal' or 'Enterprise'",
        edition="Premium"),
    extras("months-of-the-personal-edition", "registry",
        "months: it says nothing to the Personal edition; leave it out, or set edition to Enterprise",
        months=2),
    extras("host-of-an-enterprise-instance", "registry",
        "host: it says nothing to the Enterprise edition; leave it out: its name makes its host",
        host="crpi.example.com", edition="Enterprise"),
    extras("host-with-scheme", "registry",
        "host: 'https://crpi.example.com' is not valid; use a bare host name, without https:// and path",
        host="https://crpi.example.com"),
    extras("password-in-clear", "registry",
        "password: is a secret in clear; take it out and run `pulumi config set --secret --path "
        f"'qiao:{PLACE}.native.registry.password'`",
        password=CANARY),
    region("personal-registry-with-an-address-list",
        "registry.public_cidrs: the Personal edition is open to all who log in; leave 203.0.113.0/24 out, or set "
        "native.registry.edition to Enterprise",
        registry={"public_cidrs": ["203.0.113.0/24"]}),
    region("registry-of-the-world-in-prod",
        "registry.public_cidrs: 0.0.0.0/0 opens the registry to the world; name the blocks that push images",
        stage="prod", app={"domain": DOMAIN}, registry={"public_cidrs": ["0.0.0.0/0"]}),
    region("namespace-with-a-dot",
        "registry.namespace: the Personal edition takes no '.'; use '-' or '_', or set native.registry.edition to "
        "Enterprise",
        registry={"namespace": "my.team"}),
    extras("redundancy", "bucket", "redundancy: is not one of the choices; use 'LRS' or 'ZRS'", redundancy="3AZ"),
    region("archives-emptied-in-prod",
        "native.bucket.force_destroy: it would delete all objects of a protected bucket; leave it out",
        stage="prod", app=CODE | {"domain": DOMAIN}, native={"bucket": {"force_destroy": True}}),
    region("alarm-by-sub-users",
        "alerts.log_alarm.receivers: is not supported on alicloud; name an action policy of the log service's alert "
        "centre as the native action_policy",
        alerts={"log_alarm": {"receivers": ["ann"]}}, **ANN),
    region("alarm-in-another-unit",
        "alerts.rules[errors].unit: is not supported on alicloud; leave it out: a metric has one unit here, and the "
        "threshold is in it",
        alerts={"rules": [{"name": "errors", "metric": "M", "threshold": 0, "unit": "Bytes"}]}, **ANN),
    Row(id="ali-alarm-that-tells-nobody",
        message="apps.agent.native.alerts.action_policy: missing, and a log alarm tells nobody without one; name an "
        "action policy of the log service; sls.builtin is there from the start",
        apps={"agent": AGENT}, clouds={"alicloud": {HOME: REGION | ANN | {"alerts": {"log_alarm": {}}}}}),
    # Sizes
    agent("cpu-for-its-memory",
        ".cpu: 4 vCPU for 1024 MiB is not given out; use 0.25 to 1 for that memory, or leave it out: 1 to 4 GiB for "
        "each vCPU",
        cpu=4, memory_mb=1024),
    agent("memory-for-its-cpu",
        ".cpu: 0.1 vCPU for 4096 MiB is not given out; use 1 to 4 for that memory, or leave it out: 1 to 4 GiB for "
        "each vCPU",
        cpu=0.1, memory_mb=4096),
    agent("cpu-between-steps", ".cpu: 0.33 is not a multiple of 0.05; use a multiple of 0.05", cpu=0.33),
    agent("memory-between-steps", ".memory_mb: 1000 is not a multiple of 64; use a multiple of 64", memory_mb=1000),
    agent("memory-too-large", ".memory_mb: 65536 is out of range; use 128 to 32768 MiB", memory_mb=65536),
    agent("too-many-calls-at-once", ".concurrency: 201 is out of range; use 1 to 200 calls", concurrency=201),
    function("disk", "disk_mb: 1024 is not given out; use 512 or 10240", disk_mb=1024),
    # What runs
    agent("runtime-of-another-cloud",
        ".runtime: 'native-python3.12/v1' is unknown; use one of custom, custom.debian10, custom.debian11, "
        "custom.debian12",
        runtime="native-python3.12/v1", **CODE),
    agent("port-of-a-handler",
        ".port: runtime python3.12 calls a handler; leave it out, or take runtime custom.debian12",
        kind="event", port=9000, **CODE),
    agent("command-of-a-handler",
        ".command: runtime python3.12 calls a handler; leave it out, or take runtime custom.debian12",
        kind="event", command="./run.sh", **CODE),
    agent("command-unclosed", ".command: a quotation is not closed; close it", command="sh -c 'x"),
    function("layers-of-an-image", "layers: an image has its own; put them into the image",
        layers=["acs:fc:cn-hangzhou:official:layers/Python310/versions/3"]),
    function("layers-of-another-region",
        "layers: acs:fc:cn-beijing:official:layers/Python310/versions/3 is not in cn-hangzhou; give layers of the "
        "function's region",
        of=CODE, layers=["acs:fc:cn-beijing:official:layers/Python310/versions/3"]),
    function("affinity-without-its-header", "session_affinity_config: which header is not said; give it",
        session_affinity="HEADER_FIELD"),
    function("role-of-another-cloud", "role_arn: 'arn:aws:iam::1:role/x' is not valid; use the role's ARN",
        role_arn="arn:aws:iam::1:role/x"),
    agent("rights-for-a-role-of-somebody-else",
        ".identity.permissions: the function runs as a role of somebody else's; give them to that role, or leave "
        "native.role_arn out",
        native={"function": {"role_arn": "acs:ram::123:role/x"}},
        identity={"permissions": [{"actions": ["oss:GetObject"], "resources": ["acs:oss:*:*:x/*"]}]}),
    # Who it is
    agent("resource-of-another-cloud",
        ".identity.permissions[1].resources: 'trn:tos:::x/*' is not valid; use *, or a name that begins with acs:",
        identity={"permissions": [
            {"actions": ["oss:GetObject"], "resources": ["acs:oss:*:*:x/*"]},
            {"actions": ["oss:GetObject"], "resources": ["trn:tos:::x/*"]},
        ]}),
    agent("action-without-its-service",
        ".identity.permissions[0].actions: 'GetObject' is not valid; use a service and an action: oss:GetObject",
        identity={"permissions": [{"actions": ["GetObject"]}]}),
    agent("rights-to-a-whole-service",
        ".identity.permissions[0].actions: oss:* allows too much; name the actions that are needed",
        identity={"permissions": [{"actions": ["oss:*"]}]}),
    agent("variable-of-the-platform",
        ".env.ALIBABA_CLOUD_ACCESS_KEY_ID: Qiao writes this variable itself; leave it out",
        env={"ALIBABA_CLOUD_ACCESS_KEY_ID": "x"}),
    # The front door
    agent("auth-not-of-this-cloud",
        ".auth: cloud is not supported on alicloud; use jwt: the gateway checks tokens of the stack's own key (`qiao "
        "token`)",
        auth="cloud"),
    agent("no-domain-in-prod", f".domain: {NO_DOMAIN}", stage="prod"),
    gateway("size", "spec: 'small' is not valid; use a size such as apigw.small.x1", spec="small"),
    gateway("access",
        "network_access: is not one of the choices; use 'Internet', 'Intranet' or 'InternetAndIntranet'",
        network_access="Public"),
    gateway("half-of-one-that-is-there",
        "gateway_id: gateway_id and environment_id go together; give both or neither",
        gateway_id="gw-1"),
    gateway("size-of-one-that-is-there", "spec: the gateway is there already; leave it out",
        gateway_id="gw-1", environment_id="env-1", spec="apigw.small.x1"),
    gateway("any-host-beside-a-domain", "any_host_domain_id: the gateway has a domain of its own; leave it out",
        of={"domain": DOMAIN}, any_host_domain_id="d-1"),
    gateway("template-of-no-class",
        "policy_templates: 'Waf' is unknown; use one of Authentication, HeaderModify, HttpRewrite, IpAccessControl, "
        "RateLimit, Timeout",
        policy_templates={"Waf": {}}),
    gateway("template-of-no-json",
        "policy_templates.RateLimit: it is no JSON; give a JSON object, as text or as a mapping",
        policy_templates={"RateLimit": "{"}),
    gateway("template-of-another-value", "policy_templates.RateLimit: 'blocks' has no value here; use ${calls}",
        policy_templates={"RateLimit": {"limit": "${blocks}"}}),
    gateway("word-of-consumers",
        "consumer_words: 'algorithm' is unknown; use one of identity_type, secret_type, token_key, token_position, "
        "token_prefix",
        consumer_words={"algorithm": "none"}),
    gateway("qualifier-of-a-function-of-ours",
        "qualifiers.chat: its function is of this stack, and has an alias that its release moves; leave it out",
        qualifiers={"chat": "1", "health": "1"}),
    gateway("old-tls", "tls_min: is not one of the choices; use 'TLS 1.2' or 'TLS 1.3'", tls_min="TLS 1.0"),
    agent("rate-of-none", ".policies.rate_limit: 0 is out of range; use 1 to 100000 calls a second",
        policies={"rate_limit": 0}),
    agent("header-of-two-lines",
        ".policies.request_headers.X-A: 'a\\nb' is not valid; use one line of at most 512 plain characters",
        policies={"request_headers": {"X-A": "a\nb"}}),
    # What it stores
    agent("database-too-old-for-serverless",
        ".database.version: 13 is not sold serverless; use 14 or later, or the category Basic",
        database={"version": 13}),
    agent("database-name-reserved", ".database.name: postgres is reserved; choose another",
        database={"name": "postgres"}),
    agent("database-of-one-node-in-prod",
        ".native.postgres.category: Basic has one node, and the profile asks for high availability; use "
        "serverless_standard or HighAvailability",
        stage="prod", domain=DOMAIN, database={}, native={"postgres": {"category": "Basic"}}),
    agent("database-locale", ".native.postgres.collation: 'C; drop' is not valid; use a locale such as C or en_US.utf8",
        database={}, native={"postgres": {"collation": "C; drop"}}),
    agent("pages-by-eleven-rules", ".bucket.cors: 11 rules given; use at most 10: one takes many origins",
        bucket={"cors": [{"origins": [f"https://{place}.example.com"]} for place in range(11)]}),
)  # fmt: skip
