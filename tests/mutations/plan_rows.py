"""Breakages of the plan that would let others through, and of the stacks that choose and compose the components."""

from __future__ import annotations

from tests.mutations.runner import Mutation

PLAN, STACKS, CONTRACT = "tests/qiao/plan", "tests/stacks", "tests/contract"

PLANNING: tuple[Mutation, ...] = (
    Mutation(
        id="plan-takes-duplicates",
        why="a program that the engine refuses passes the pull request",
        file="qiao/plan/monitor.py",
        old="            if urn in self._answers:",
        new="            if urn in self._reads:",
        tests=(f"{PLAN}/test_recorder.py::test_a_duplicate_urn_is_refused_and_nothing_hangs",),
    ),
    Mutation(
        id="plan-forgets-secret-outputs",
        why="the plan prints an access key, and tests see no secret in clear any more",
        file="qiao/plan/monitor.py",
        old="outputs[key] = Secret(outputs[key])",
        new="outputs[key] = outputs[key]",
        tests=(f"{PLAN}/test_recorder.py::test_secrets_stay_secret_in_inputs_outputs_and_exports",),
    ),
    Mutation(
        id="preview-knows-everything",
        why="an `apply` that fails in the first real preview is never seen before",
        file="qiao/plan/monitor.py",
        old='        if self.preview:\n            return getattr(goal.options, "import") or None, {}',
        new='        if self.preview and getattr(goal.options, "import"):\n'
        '            return getattr(goal.options, "import") or None, {}',
        tests=(f"{PLAN}/test_recorder.py::test_in_a_preview_nothing_is_known_that_does_not_exist",),
    ),
    Mutation(
        id="plan-answers-anything",
        why="a misspelt data source is answered with nothing, and the plan is green",
        file="qiao/plan/standins.py",
        old='raise LookupError(f"data source {token} has no stand-in: a plan cannot answer it, declare one")',
        new="return {}",
        tests=(f"{PLAN}/test_recorder.py::test_an_unknown_call_is_an_error_that_names_it",),
    ),
    Mutation(
        id="transforms-stop-at-the-parent",
        why="the plan does not show what a user's transform changes below nested components",
        file="qiao/plan/goal.py",
        old="return own + (self.parent.transforms if self.parent else [])",
        new="return own",
        tests=(f"{CONTRACT}/test_transforms.py::test_a_transform_reaches_every_child[volcengine-network-minimal]",),
    ),
    Mutation(
        id="rules-skip-unknown-types",
        why="a new resource is planned without any check, and nobody notices",
        file="qiao/plan/rules/check.py",
        old='findings.add("", "this type has no rules',
        new='str().join("this type has no rules',
        tests=(f"{PLAN}/test_plan_whole.py::test_a_type_without_rules_is_found",),
    ),
    Mutation(
        id="rules-skip-unknown-properties",
        why="a misspelt property is dropped in silence by the provider",
        file="qiao/plan/rules/values.py",
        old='self.findings.add(inner, f"unknown property{_meant(name, shape.properties)}")',
        new="continue",
        tests=(f"{PLAN}/test_plan_values.py::test_a_broken_value_is_found_with_its_place",),
    ),
    Mutation(
        id="rules-skip-secrets",
        why="a database password in a connection URL in clear passes the pull request",
        file="qiao/plan/rules/check.py",
        old="    found += _check_secrets(recording, placeholders)\n",
        new="",
        tests=(f"{PLAN}/test_plan_whole.py::test_a_secret_that_stands_in_clear_elsewhere_is_found",),
    ),
    Mutation(
        id="rules-skip-twins",
        why="two rules of a security group share one cloud rule: deleting one deletes both",
        file="qiao/plan/rules/check.py",
        old="    found += _check_identities(recording, table)\n",
        new="",
        tests=(f"{PLAN}/test_plan_whole.py::test_a_rule_twice_in_a_security_group_is_found",),
    ),
    Mutation(
        id="application-on-the-default-provider",
        why="the application lands in the region that the machine's environment names",
        file="stacks/program.py",
        old="options = pulumi.ResourceOptions(provider=foundation.provider)",
        new="options = pulumi.ResourceOptions()",
        tests=(f"{CONTRACT}/test_programs.py::test_nothing_uses_a_default_provider[Pulumi.dev.yaml-up]",),
    ),
    Mutation(
        id="settings-take-anything",
        why="a misspelt setting (`protct: true`) is taken for set and does nothing",
        file="stacks/model.py",
        old='extra="forbid", strict=True,',
        new='extra="ignore", strict=True,',
        tests=(f"{STACKS}/test_settings.py::test_a_bad_application_is_named_by_path",),
    ),
    Mutation(
        id="secret-setting-in-clear",
        why="an API key is committed in clear in a stack file",
        file="stacks/secrets.py",
        old='raise PydanticCustomError("clear_secret", "a secret in clear")',
        new="return str(value)",
        tests=(f"{STACKS}/test_secrets.py::test_a_secret_in_clear_is_refused",),
    ),
    Mutation(
        id="auth-setting-ignored",
        why="a setting says tokens are checked, and the route lets everybody in",
        file="stacks/agent_args.py",
        old='"auth": settings.auth,',
        new='"auth": "app",',
        tests=(f"{STACKS}/test_agent_guide.py::test_step",),
    ),
    Mutation(
        id="traces-half-configured",
        why="the application is told where traces go, but not which topic: they are lost",
        file="components/volcengine/policies.py",
        old='"TRACE_ENDPOINT": logs.trace_endpoint, "TRACE_TOPIC": logs.trace_store}',
        new='"TRACE_ENDPOINT": logs.trace_endpoint}',
        tests=(f"{STACKS}/test_agent_guide.py::test_1_2_4_exactly_the_eight_variables",),
    ),
)
