"""Settings of model servers, of the chat on their cloud, and of who may call them."""

from __future__ import annotations

from typing import Any

from tests.bad_input.alicloud_rows import AGENT, HOME, NO_DOMAIN, REGION
from tests.bad_input.row import CANARY, OUT, Row, changed

MODELS = {
    "blueprint": "model-server",
    "cloud": "alicloud",
    "region": HOME,
    "image": "registry.example.com/team/ollama:0.9.6",
}
CHAT = {
    "blueprint": "llm-chat", "cloud": "alicloud", "region": HOME,
    "image": "registry.example.com/team/lobe-chat-database:1.143.3",
    "login": {"auth0": {"client_id": "abc", "issuer": "https://example.auth0.com"}},
}  # fmt: skip
CLOUDS = {"alicloud": {HOME: REGION}}
OPEN: dict[str, Any] = {"access": "gateway"}


def models(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good model server, changed; its message goes on from `apps.models`."""
    apps = {"models": changed(MODELS, changes)}
    return Row(id=f"models-{id}", message=f"apps.models{message}", stage=stage, apps=apps, clouds=CLOUDS)


def chat(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good chat, changed; its message goes on from `apps.chat`."""
    apps = {"chat": changed(CHAT, changes)}
    return Row(id=f"ali-chat-{id}", message=f"apps.chat{message}", stage=stage, apps=apps, clouds=CLOUDS)


def both(id: str, message: str, caller: dict[str, Any], called: dict[str, Any], clouds: Any = None) -> Row:  # noqa: A002
    """An application that links to a model server."""
    return Row(
        id=f"models-{id}", message=message, apps={"caller": caller | {"links": ["models"]}, "models": called},
        clouds=clouds or CLOUDS,
    )  # fmt: skip


ROWS = (
    # The card
    models("card-in-capitals", ".gpu.model: 'T4' is unknown; use one of a10, t4", gpu={"model": "T4"}),
    models("card-smaller-than-asked", ".gpu.memory_gb: 24 is out of range; use 1 to 16 GB of a card t4",
        gpu={"model": "t4", "memory_gb": 24}),
    models("card-memory-in-quotes", ".gpu.memory_gb: must be a whole number; write digits, without quotes",
        gpu={"memory_gb": "8"}),
    models("card-by-another-word", ".gpu.type: there is no such setting; use one of memory_gb, model",
        gpu={"type": "fc.gpu.tesla.1"}),
    models("cpu-beside-a-card", ".cpu: 12.0 is out of range; use 0.05 to 8.0 vCPU beside 16 GB of a card", cpu=12),
    models("memory-beside-a-slice",
        ".memory_mb: 16384 is out of range; use 128 to 8192 MiB beside 4 GB of a card",
        gpu={"memory_gb": 4}, memory_mb=16384),
    models("cpu-beside-a-slice", ".cpu: 4.0 is out of range; use 0.05 to 2.0 vCPU beside 4 GB of a card",
        gpu={"memory_gb": 4}, cpu=4),
    models("too-many-calls-for-a-card",
        ".concurrency: 32 calls at once are too many for one card; use 1 to 5, or native.concurrency for a server "
        "that batches",
        concurrency=32),
    models("disk-too-small", ".native.function.disk_mb: 512 is too little for a card's images; use 10240",
        native={"function": {"disk_mb": 512}}),
    models("timeout-too-short-to-stream",
        ".timeout_seconds: 60 is out of range; use 180 to 86400 seconds for kind web",
        timeout_seconds=60),
    # Models and where they lie
    models("name-with-a-space", ".models[0]: 'llama 3' is no model; write name:tag, such as llama3.1:8b",
        models=["llama 3"]),
    models("name-that-is-an-address", ".models[1]: 'https://x/y' is no model; write name:tag, such as llama3.1:8b",
        models=["llama3.1:8b", "https://x/y"]),
    models("name-that-a-shell-would-run", ".models[0]: '$(reboot)' is no model; write name:tag, such as llama3.1:8b",
        models=["$(reboot)"]),
    models("name-that-is-an-option", ".models[0]: '--insecure' is no model; write name:tag, such as llama3.1:8b",
        models=["--insecure"]),
    models("name-twice", ".models: a model is named twice; name each once", models=["llama3.1:8b"] * 2),
    models("pull-too-long", ".pull_seconds: 601 is out of range; use 1 to 600 seconds", pull_seconds=601),
    models("folder-relative",
        ".files.path: 'models' is not valid; use an absolute path of letters, digits and '._-'",
        files={"path": "models"}),
    models("folder-of-the-system",
        ".files.path: /var/models hides a system folder; use a folder such as /mnt/data",
        files={"path": "/var/models"}),
    models("half-of-a-file-system",
        ".files.existing_host: existing_id and existing_host go together; give both or neither",
        files={"existing_id": "0123abc"}),
    models("folder-of-a-new-file-system", ".files.directory: a new file system has no folders; leave it out",
        files={"directory": "/models"}),
    models("folder-inside-relative", ".files.directory: 'models' is not valid; use '/' or an absolute path",
        files={"existing_id": "0123abc", "existing_host": "h.nas.aliyuncs.com", "directory": "models"}),
    models("disks-unknown",
        ".native.filesystem.storage_type: is not one of the choices; use 'Capacity', 'Performance' or 'Premium'",
        native={"filesystem": {"storage_type": "Extreme"}}),
    models("files-in-another-region",
        ".native.filesystem.zone_id: cn-beijing-h is not in cn-hangzhou; give a zone of it",
        native={"filesystem": {"zone_id": "cn-beijing-h"}}),
    # Doors
    models("open-to-everybody", ".access: is not one of the choices; use 'network' or 'gateway'", access="public"),
    models("domain-without-a-gateway", ".domain: there is no gateway; set access: gateway, or leave it out",
        domain={"name": "models.example.com", "certificate_id": "1"}),
    models("policies-without-a-gateway", ".policies: there is no gateway; set access: gateway, or leave it out",
        policies={"rate_limit": 1}),
    models("no-domain-in-prod", f".domain: {NO_DOMAIN}", stage="prod", **OPEN),
    models("route-shorter-than-the-function",
        ".policies.timeout_seconds: 60 is out of range; use 600 to 86400 seconds: never shorter than its function",
        policies={"timeout_seconds": 60}, **OPEN),
    models("block-of-a-host",
        ".policies.allow_cidrs: '1.2.3.4/8' is not a network address; write a block such as 10.0.0.0/16",
        policies={"allow_cidrs": ["1.2.3.4/8"]}, **OPEN),
    models("block-twice", ".policies.allow_cidrs: '1.2.3.4/32' is given twice; give each once",
        policies={"allow_cidrs": ["1.2.3.4", "1.2.3.4/32"]}, **OPEN),
    models("header-illegal",
        ".policies.response_headers: 'X:Y' is not valid; use 1 to 64 letters, digits and hyphens as a header's name",
        policies={"response_headers": {"X:Y": "a"}}, **OPEN),
    models("port-zero", ".port: 0 is out of range; use 1 to 65535", port=0),
    # The rest
    models("image-missing", ".image: is missing; give it", image=OUT),
    models("image-not-pinned",
        ".image: 'registry.example.com/team/ollama:latest' is not pinned; use a tag that names one build, or a digest",
        stage="prod", image="registry.example.com/team/ollama:latest"),
    models("variable-of-qiao", ".env.OLLAMA_HOST: Qiao writes this variable itself; leave it out",
        env={"OLLAMA_HOST": "::"}),
    models("secret-in-clear",
        ".secret_env.KEY: is a secret in clear; take it out and run `pulumi config set --secret --path "
        "'qiao:apps.models.secret_env.KEY'`",
        secret_env={"KEY": CANARY}),
    models("native-of-what-it-has-not",
        ".native.postgres: there is no such concept here; use one of alerts, filesystem, function, gateway",
        native={"postgres": {}}),
    Row(id="models-on-a-cloud-without-file-systems",
        message="apps.models.files: is not supported on volcengine; keep files in a bucket",
        apps={"models": MODELS | {"cloud": "volcengine", "region": "cn-beijing"}}),
    # Who calls them
    both("called-from-outside-the-network",
        "apps.caller.links[0]: models is reached from its own network alone; take caller into the network",
        AGENT | {"private_network": False}, MODELS),
    both("called-from-another-region",
        "apps.caller.links[0]: models is reached from its own network alone; run both in one cloud and region",
        AGENT | {"region": "cn-shanghai"}, MODELS,
        {"alicloud": {HOME: REGION, "cn-shanghai": {"zones": ["cn-shanghai-b", "cn-shanghai-g"]}}}),
    both("address-written-by-hand-too",
        "apps.caller.env.MODELS_URL: the link to models writes it; take one of them out",
        AGENT | {"env": {"MODELS_URL": "http://models"}}, MODELS),
    both("token-written-by-hand-too",
        "apps.caller.secret_env.MODELS_TOKEN: the link to models writes it; take one of them out",
        AGENT | {"secret_env": {"MODELS_TOKEN": None}}, MODELS | OPEN),
    both("address-in-the-buckets-variable",
        "apps.caller.links[0]: what models is called by goes into MODELS_URL, which another setting fills; choose "
        "another variable there",
        AGENT | {"bucket": {"env": "MODELS_URL"}}, MODELS),
    both("ollama-that-wants-a-token",
        "apps.caller.providers.ollama: models asks for a token, and LobeChat sends Ollama none; set apps.models.access "
        "to network, or take it as openai",
        CHAT | {"providers": {"ollama": "models"}}, MODELS | OPEN),
    # The chat on this cloud
    chat("cpu-for-its-memory",
        ".cpu: 4 vCPU for 2048 MiB is not given out; use 0.5 to 2 for that memory, or leave it out: 1 to 4 GiB for "
        "each vCPU",
        cpu=4),
    chat("database-too-old", ".database.version: 12 is not sold serverless; use 14 or later, or the category Basic",
        database={"version": 12}),
    chat("database-user-reserved", ".database.user: admin is reserved; choose another", database={"user": "admin"}),
    chat("no-domain-in-prod", f".domain: {NO_DOMAIN}", stage="prod"),
    chat("route-shorter-than-the-function",
        ".policies.timeout_seconds: 100 is out of range; use 300 to 86400 seconds: never shorter than its function",
        policies={"timeout_seconds": 100}),
)  # fmt: skip
