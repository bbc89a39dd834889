"""Stage files as people, editors and merges leave them; projects; command lines."""

from __future__ import annotations

from tests.bad_input.row import CANARY, command, text

GOOD = """config:
  qiao:clouds:
    volcengine:
      cn-beijing:
        zones: [cn-beijing-a, cn-beijing-b]
  qiao:apps:
    agent:
      blueprint: agent
      cloud: volcengine
      region: cn-beijing
      image: cr.example.com/team/bot:1.0.0
"""
LAUGHS = "config:\n  qiao:a: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"  qiao:{depth}: &a{depth} [{', '.join([f'*a{depth - 1}'] * 10)}]" for depth in range(1, 9)
)

ROWS = (
    text("file-empty", "Pulumi.dev.yaml: is empty; put qiao:apps and qiao:clouds below `config:`", ""),
    text("file-of-comments",
        "Pulumi.dev.yaml: is empty; put qiao:apps and qiao:clouds below `config:`",
        f"# {CANARY}\n"),
    text("file-of-a-list", "Pulumi.dev.yaml: is not a mapping; begin it with `config:`", "- config\n"),
    text("file-of-a-word", "Pulumi.dev.yaml: is not a mapping; begin it with `config:`", CANARY),
    text("file-without-config",
        "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`",
        "encryptionsalt: v1:x\n"),
    text("config-a-list",
        "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`",
        "config: [a]\n"),
    text("config-a-word",
        "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`",
        f"config: {CANARY}\n"),
    text("config-null",
        "Pulumi.dev.yaml: holds no configuration; put qiao:apps and qiao:clouds below `config:`",
        "config:\n"),
    text("config-key-without-namespace",
        "Pulumi.dev.yaml: config: a key has no namespace; write it as qiao:apps",
        "config:\n  apps: {}\n"),
    text("yaml-unclosed",
        "Pulumi.dev.yaml: is not YAML near line 13; mend that line",
        GOOD + f"      env: {{KEY: {CANARY}\n"),
    text("yaml-tab", "Pulumi.dev.yaml: is not YAML near line 12; mend that line", GOOD + f"\tenv: {CANARY}\n"),
    text("yaml-two-documents",
        "Pulumi.dev.yaml: is not YAML near line 12; mend that line",
        GOOD + f"---\nconfig: {CANARY}\n"),
    text("yaml-unknown-alias",
        "Pulumi.dev.yaml: is not YAML near line 12; mend that line",
        GOOD + f"      env: *{CANARY}\n"),
    text("yaml-python-object",
        "Pulumi.dev.yaml: is not YAML near line 12; mend that line",
        GOOD + "      env: !!python/object/apply:os.system ['true']\n"),
    text("merge-marks",
        "Pulumi.dev.yaml: is not YAML near line 2; mend that line",
        f"<<<<<<< HEAD\n{GOOD}=======\n{GOOD}>>>>>>> other\n"),
    text("duplicate-key-on-top",
        "Pulumi.dev.yaml: a key stands twice near line 12; keep one of them",
        GOOD + f"config:\n  qiao:tags: {{a: {CANARY}}}\n"),
    text("duplicate-key-in-config",
        "Pulumi.dev.yaml: a key stands twice near line 12; keep one of them",
        GOOD + "  qiao:apps: {}\n"),
    text("duplicate-key-deep",
        "Pulumi.dev.yaml: a key stands twice near line 13; keep one of them",
        GOOD + "      memory_mb: 512\n      memory_mb: 1024\n"),
    text("key-a-number",
        "Pulumi.dev.yaml: qiao:apps.agent.env: the key 8080 is not text; put it in quotes",
        GOOD + "      env: {8080: x}\n"),
    text("value-a-date",
        "Pulumi.dev.yaml: qiao:apps.agent.env.DAY: is neither text, number nor true/false; put it in quotes",
        GOOD + "      env: {DAY: 2026-01-01}\n"),
    text("value-infinite",
        "Pulumi.dev.yaml: qiao:apps.agent.memory_mb: is neither text, number nor true/false; put it in quotes",
        GOOD + "      memory_mb: .inf\n"),
    text("yaml-12-yes-is-text",
        "apps.agent.traces: must be true or false; write true or false, without quotes",
        GOOD + "      traces: yes\n"),
    text("yaml-12-on-is-text",
        "apps.agent.enabled: must be true or false; write true or false, without quotes",
        GOOD + "      enabled: on\n"),
    text("laughs", "Pulumi.dev.yaml: holds more than 20000 values; do without nested YAML aliases", LAUGHS),
    text("file-huge",
        "Pulumi.dev.yaml: is larger than 256 KiB; keep settings only in it",
        GOOD + "#" * 300_000),
    text("nested-in-brackets",
        "Pulumi.dev.yaml: is nested deeper than 40 levels; settings need no more than ten",
        "config: " + "[" * 50_000),
    text("nested-in-lines",
        "Pulumi.dev.yaml: is nested deeper than 40 levels; settings need no more than ten",
        "config:\n" + "\n".join("  " * depth + "a:" for depth in range(1, 60))),
    text("not-utf8",
        "Pulumi.dev.yaml: is not UTF-8 text; save it as UTF-8",
        GOOD.encode() + b"      env: {A: \xff\xfe}\n"),
    text("utf16", "Pulumi.dev.yaml: is not UTF-8 text; save it as UTF-8", GOOD.encode("utf-16")),
    text("binary", "Pulumi.dev.yaml: is not UTF-8 text; save it as UTF-8", bytes(range(256)) * 4),
    text("nul-byte",
        "Pulumi.dev.yaml: is not YAML; mend it, or begin again from another file",
        GOOD + "      env: {A: \x00}\n"),
    text("control-characters-in-a-key",
        "apps.agent.?[31mred line: there is no such setting; use one of account_id, async_retries, auth, "
        "blueprint, bucket, cloud, code, command, concurrency, cpu, database, domain, enabled, env, health_path, "
        "identity, image, kind, knowledge_base, links, memory_mb, native, operator, path, policies, port, "
        "private_network, provisioned_concurrency, reason, region, release, reserved_concurrency, resource_id, "
        "resource_type, runtime, secret_env, timeout_seconds, traces",
        GOOD + '      "\\e[31mred\\nline": 1\n'),
    text("secure-a-number",
        "Pulumi.dev.yaml: qiao:apps.agent.secret_env.KEY: holds no ciphertext behind `secure:`; run `pulumi config "
        "set --secret --path`, which writes it",
        GOOD + "      secret_env: {KEY: {secure: 5}}\n"),
    text("secure-a-mapping",
        "Pulumi.dev.yaml: qiao:apps.agent.secret_env.KEY: holds no ciphertext behind `secure:`; run `pulumi config "
        "set --secret --path`, which writes it",
        GOOD + f"      secret_env: {{KEY: {{secure: {{v: {CANARY}}}}}}}\n"),
    command("stage-missing",
        "Pulumi.staging.yaml: there is no such file; stages here: dev; make one with `qiao stage new NAME --from "
        "STAGE`",
        "plan", "staging"),
    command("stage-in-capitals",
        "stage: 'Dev' is not valid; use lower-case letters, digits and single hyphens, beginning with a letter, at "
        "most 32 characters",
        "plan", "Dev"),
    command("stage-with-a-space",
        "stage: 'my dev' is not valid; use lower-case letters, digits and single hyphens, beginning with a letter, "
        "at most 32 characters",
        "plan", "my dev"),
    command("stage-a-path",
        "stage: '../../etc/passwd' is not valid; use lower-case letters, digits and single hyphens, beginning with "
        "a letter, at most 32 characters",
        "plan", "../../etc/passwd"),
    command("stage-too-long",
        "stage: 'feature-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not valid; use lower-case letters, digits "
        "and single hyphens, beginning with a letter, at most 32 characters",
        "plan", "feature-" + "x" * 40),
    command("project-without-pulumi-yaml",
        "--project: {project} has no Pulumi.yaml; name a folder such as examples/agent-image",
        "plan", "dev", project=None),
    command("project-not-yaml",
        "Pulumi.yaml: is not YAML near line 2; mend that line",
        "plan", "dev", project="name: [qiao\n"),
    command("project-without-name",
        "Pulumi.yaml: gives the project no name; put `name: qiao` into it",
        "plan", "dev", project="runtime: python\n"),
    command("project-a-list",
        "Pulumi.yaml: is not a mapping; begin it with `name: qiao`",
        "plan", "dev", project="- name\n"),
    command("project-name-illegal",
        "Pulumi.yaml: name: 'My Project' is not valid; use lower-case letters, digits and single hyphens, "
        "beginning with a letter, at most 32 characters",
        "plan", "dev", project="name: My Project\n"),
    command("project-nested",
        "Pulumi.yaml: is nested deeper than 40 levels; settings need no more than ten",
        "plan", "dev", project="name: " + "[" * 50_000),
    command("stage-new-from-itself",
        "stage: dev cannot borrow from itself; name another stage to begin from",
        "stage", "new", "dev", "--from", "dev"),
    command("stage-new-there-already",
        "Pulumi.dev.yaml: is there already; choose another name, or remove the file",
        "stage", "new", "dev", "--from", "prod"),
    command("stage-new-from-illegal",
        "stage: '../dev' is not valid; use lower-case letters, digits and single hyphens, beginning with a letter, "
        "at most 32 characters",
        "stage", "new", "feature-x", "--from", "../dev"),
    command("stage-new-from-nowhere",
        "Pulumi.nowhere.yaml: there is no such file; stages here: dev; make one with `qiao stage new NAME --from "
        "STAGE`",
        "stage", "new", "feature-x", "--from", "nowhere"),
    command("stage-new-illegal",
        "stage: 'Feature_X' is not valid; use lower-case letters, digits and single hyphens, beginning with a "
        "letter, at most 32 characters",
        "stage", "new", "Feature_X", "--from", "dev"),
    command("stage-new-prod",
        "stage: prod must not stand on another stage's network; write Pulumi.prod.yaml by hand",
        "stage", "new", "prod", "--from", "dev"),
    command("stage-new-too-long",
        "stage: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not valid; use lower-case letters, digits and single "
        "hyphens, beginning with a letter, at most 32 characters",
        "stage", "new", "x" * 33, "--from", "dev"),
)  # fmt: skip
