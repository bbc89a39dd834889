"""Breakages of tokens, of the applications that call and are called with them, and of what stages lend each other."""

from __future__ import annotations

from tests.mutations.runner import Mutation

STACKS = "tests/stacks"
TOKENS, SERVICE_TOKENS = "tests/components/test_tokens.py", "tests/components/test_service_token.py"
SERVER, PULLS = f"{STACKS}/test_model_server.py", f"{STACKS}/test_model_server_pull.py"
AGENT, LINKS, LOANS = f"{STACKS}/test_agent_alicloud.py", f"{STACKS}/test_links.py", f"{STACKS}/test_loan.py"
TABLE = "tests/bad_input/test_bad_input.py::test_bad_input_is_refused_before_anything_is_asked_for"

BEARERS: tuple[Mutation, ...] = (
    Mutation(
        id="token-by-any-algorithm",
        why="whoever finds a weaker way to sign is let in",
        file="components/tokens.py",
        old="algorithms=[ALGORITHM]",
        new='algorithms=[ALGORITHM, "RS384", "RS512", "PS256"]',
        tests=(f"{TOKENS}::test_another_algorithm_of_the_same_key_is_refused",),
    ),
    Mutation(
        id="token-without-an-end",
        why="a token that says nothing of its end opens the application for good",
        file="components/tokens.py",
        old='options={"require": required},',
        new="options={},",
        tests=(f"{TOKENS}::test_a_token_that_leaves_a_claim_out_is_refused",),
    ),
    Mutation(
        id="token-for-another-gateway",
        why="a caller of one application is a caller of all that the stack signs for",
        file="components/tokens.py",
        old='options={"require": required},',
        new='options={"require": required, "verify_aud": False},',
        tests=(f"{TOKENS}::test_a_token_of_another_signer_or_for_another_gateway_is_refused",),
    ),
    Mutation(
        id="token-never-renewed",
        why="after ninety days every call between applications is answered with 401",
        file="components/service_token.py",
        old="changes=changed or due(olds, time.time())",
        new="changes=changed",
        tests=(f"{SERVICE_TOKENS}::test_it_is_renewed_from_half_of_its_time_on",),
    ),
    Mutation(
        id="token-in-clear",
        why="a token that opens the called application stands readable in state",
        file="components/service_token.py",
        old='additional_secret_outputs=["token", "signing_key"]',
        new='additional_secret_outputs=["signing_key"]',
        tests=(f"{SERVICE_TOKENS}::test_key_and_token_are_secrets_wherever_they_go",),
    ),
    Mutation(
        id="tokens-of-nobody",
        why="the called application's log cannot tell its callers apart, and none can be shut out alone",
        file="stacks/application.py",
        old="subject=self.logical_name,",
        new='subject="qiao",',
        tests=(f"{LINKS}::test_each_caller_gets_the_address_and_a_token_of_its_own",),
    ),
    Mutation(
        id="signing-key-put-out-in-clear",
        why="the key that every token is signed with is an output that anybody may read",
        file="stacks/agent.py",
        old='SECRET_OUTPUTS = ("signing_key",)',
        new="SECRET_OUTPUTS = ()",
        tests=(f"{AGENT}::test_a_token_of_the_key_that_is_put_out_is_accepted",),
    ),
)

MODELS: tuple[Mutation, ...] = (
    Mutation(
        id="models-open-to-the-internet",
        why="anybody computes on the account's graphics cards",
        file="stacks/model_server_args.py",
        old='url=FunctionUrl(auth="network") if settings.access == "network" else None,',
        new='url=FunctionUrl(auth="app", internet=True) if settings.access == "network" else None,',
        tests=(f"{STACKS}/test_model_server_guide.py::test_the_address_is_inside_the_cloud_alone_and_of_its_network",),
    ),
    Mutation(
        id="models-with-a-second-door",
        why="beside the gateway that checks tokens there is an address that does not, and the gateway is shut out",
        file="stacks/model_server_args.py",
        old='url=FunctionUrl(auth="network") if settings.access == "network" else None,',
        new='url=FunctionUrl(auth="network"),',
        tests=(f"{SERVER}::test_behind_a_gateway_it_has_no_address_of_its_own",),
    ),
    Mutation(
        id="models-without-a-token",
        why="the gateway lets everybody through to the graphics cards",
        file="stacks/model_server_args.py",
        old='auth="jwt",',
        new='auth="app",',
        tests=(f"{SERVER}::test_everything_of_it_is_behind_one_route_that_checks_tokens",),
    ),
    Mutation(
        id="models-missing-unnoticed",
        why="an instance whose first model could not be had takes calls for it",
        file="stacks/model_server_args.py",
        old='["set -e", "until ollama list',
        new='["until ollama list',
        tests=(f"{PULLS}::test_the_first_failed_pull_ends_it_and_says_why",),
    ),
    Mutation(
        id="models-asked-for-before-the-server-is-up",
        why="every new instance fails: it pulls before its server listens",
        file="stacks/model_server_args.py",
        old='"until ollama list > /dev/null 2>&1; do sleep 1; done", ',
        new="",
        tests=(f"{PULLS}::test_the_server_is_waited_for_then_models_come_in_order",),
    ),
    Mutation(
        id="models-pulled-each-time",
        why="no instance starts while the models' registry cannot be reached, though all models are there",
        file="stacks/model_server_args.py",
        old='f"ollama show --modelfile {name} > /dev/null 2>&1 || ollama pull {name}"',
        new='f"ollama pull {name}"',
        tests=(f"{PULLS}::test_a_model_that_is_there_is_left_alone_whoever_cannot_be_reached",),
    ),
    Mutation(
        id="models-name-run-by-a-shell",
        why="what stands in a model's name is run on the instance",
        file="stacks/model_server_args.py",
        old="name = shlex.quote(model)",
        new="name = str(model)",
        tests=(f"{PULLS}::test_whatever_a_name_holds_it_stays_one_word",),
    ),
    Mutation(
        id="models-unloaded-between-calls",
        why="every call after a pause waits minutes for its model, on an instance that is paid for",
        file="stacks/model_server_args.py",
        old='"OLLAMA_KEEP_ALIVE": "-1",',
        new='"OLLAMA_KEEP_ALIVE": "0",',
        tests=(f"{STACKS}/test_model_server_guide.py::test_step",),
    ),
)

CALLERS: tuple[Mutation, ...] = (
    Mutation(
        id="key-for-good-beside-a-role",
        why="every agent has a key that never ends, in its environment, and nobody rotates it",
        file="stacks/agent_args.py",
        old="return not site.cloud.policies.FUNCTION_ROLES or bool(settings.identity.keys)",
        new="return True",
        tests=(f"{AGENT}::test_no_key_for_good_is_made_where_a_role_does",),
    ),
    Mutation(
        id="role-without-what-was-asked",
        why="the agent is refused its own bucket",
        file="stacks/agent_args.py",
        old="return statements if site.cloud.policies.FUNCTION_ROLES else ()",
        new="return ()",
        tests=(f"{AGENT}::test_a_function_is_a_role_of_its_own_that_may_do_what_it_needs_and_no_more",),
    ),
    Mutation(
        id="called-across-networks",
        why="a caller in another region gets an address that it never reaches",
        file="stacks/preflight.py",
        old="if door.network_only and (other.cloud, other.region) != (app.cloud, app.region):",
        new="if door.network_only and other.cloud != app.cloud:",
        tests=(f"{LINKS}::test_from_anywhere_else_it_is_refused",),
    ),
    Mutation(
        id="called-from-outside",
        why="a caller outside the network gets an address that it never reaches",
        file="stacks/preflight.py",
        old="if door.network_only and not app.in_network:",
        new="if door.network_only and app.in_network is None:",
        tests=(f"{LINKS}::test_from_anywhere_else_it_is_refused",),
    ),
    Mutation(
        id="link-over-a-setting",
        why="the name of the agent's bucket is lost to a link's address, and files go nowhere",
        file="stacks/part_args.py",
        old="            if key in own:\n",
        new="            if key in own and not calls:\n",
        tests=(f"{LINKS}::test_nothing_that_settings_write_is_written_over",),
    ),
    Mutation(
        id="lender-asked-for-what-it-has-not",
        why="a feature stage cannot be brought up where the lender traces nothing, which is normal",
        file="stacks/loan.py",
        old="wanted = [key for key in self.lends.logs if traces or key not in TRACES]",
        new="wanted = [key for key in LOGS if traces or key not in TRACES]",
        tests=(f"{LOANS}::test_a_lender_that_traces_nothing_is_asked_for_nothing",),
    ),
    Mutation(
        id="trace-token-not-borrowed",
        why="a feature stage sends traces without a token, and all are refused",
        file="stacks/loan.py",
        old='token = {"trace_token": self._secret("trace_token")} if "trace_token" in wanted else {}',
        new="token: dict[str, Any] = {}",
        tests=(f"{LOANS}::test_a_lender_that_traces_lends_endpoint_and_token",),
    ),
    Mutation(
        id="lent-secret-in-clear",
        why="a registry's password and a tracing token stand readable in every feature stage's state",
        file="stacks/loan.py",
        old="return pulumi.Output.secret(self.take(key, output=SECRET_OUTPUT))",
        new="return self.take(key, output=SECRET_OUTPUT)",
        tests=(f"{LOANS}::test_what_is_lent_in_secret_is_handed_on_as_a_secret",),
    ),
    Mutation(
        id="zones-that-nobody-has",
        why="a feature stage stops half-way, at a subnet that its lender has not",
        file="stacks/lender.py",
        old="        if zone not in zones:\n",
        new="        if not zones:\n",
        tests=(f"{LOANS}::test_zones_are_the_lenders",),
    ),
    Mutation(
        id="native-secret-in-clear",
        why="a tracing token is committed in clear in a stack file",
        file="stacks/natives.py",
        old="            raise clear_secret(where)\n",
        new="            return output(SecretStr(str(value)))\n",
        tests=(f"{TABLE}[ali-observability-token-in-clear]",),
    ),
    Mutation(
        id="version-of-our-own-function-chosen",
        why="half of the stage stands when the gateway refuses a version that its release would move",
        file="stacks/rehearsal.py",
        old="timeout_seconds=args.timeout, own=True)",
        new="timeout_seconds=args.timeout)",
        tests=(f"{TABLE}[ali-gateway-qualifier-of-a-function-of-ours]",),
    ),
    Mutation(
        id="archives-unchecked",
        why="half of the stage stands when the bucket of archives is refused",
        file="stacks/preflight.py",
        old="            foundation.artifacts_args(ground)\n",
        new="            pass\n",
        tests=(f"{TABLE}[ali-archives-emptied-in-prod]",),
    ),
)

APPLICATIONS: tuple[Mutation, ...] = (*BEARERS, *MODELS, *CALLERS)
