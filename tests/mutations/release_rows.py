"""Breakages of functions and of how a new version takes over."""

from __future__ import annotations

from tests.mutations.runner import Mutation

CONTRACT, UNIT = "tests/contract", "tests/components/volcengine"
GAPS, RELEASING = "components/volcengine/gaps", "components/volcengine/release.py"

RELEASE: tuple[Mutation, ...] = (
    Mutation(
        id="secret-in-clear",
        why="an API key stands readable in state, preview and console output",
        file="components/volcengine/function_settings.py",
        old="secret = {key: pulumi.Output.secret(value) for key, value in args.secret_env.items()}",
        new="secret = dict(args.secret_env)",
        tests=(
            f"{CONTRACT}/test_secrets.py::test_secret_inputs_are_never_in_clear[volcengine-function-minimal-dev-up]",
        ),
    ),
    Mutation(
        id="env-unsorted",
        why="two lines of the stack file exchanged cut a new version and release it",
        file="components/volcengine/function_settings.py",
        old="for key, value in sorted({**args.env, **secret}.items())]",
        new="for key, value in {**args.env, **secret}.items()]",
        tests=(f"{CONTRACT}/test_pairs.py::test_order_of_mappings_does_not_matter[volcengine-function-full]",),
    ),
    Mutation(
        id="key-can-be-guessed",
        why="the release's description, public to the account, confirms a guessed secret",
        file="components/version_key.py",
        old="hmac.new(str(salt).encode(), ",
        new='hmac.new(b"qiao", ',
        tests=(f"{UNIT}/test_release.py::test_the_key_says_nothing_of_secrets_even_to_one_who_guesses_them",),
    ),
    Mutation(
        id="image-readiness-removed",
        why="the first release of an image fails: the service has not copied it yet",
        file=RELEASING,
        old="release = _declare_release(rollout, [*extras, *image, guard])",
        new="release = _declare_release(rollout, [*extras])",
        tests=(f"{UNIT}/test_release.py::test_every_step_waits_for_all_steps_before_it",),
    ),
    Mutation(
        id="image-never-ready",
        why="a failed copy of the image is taken for a finished one",
        file=f"{GAPS}/image_ready.py",
        old="if status in FAILED or cache in FAILED:",
        new="if status in FAILED and cache in FAILED:",
        tests=(f"{UNIT}/gaps/test_gap_waits.py::test_words_of_an_image_copy",),
    ),
    Mutation(
        id="failed-release-passes",
        why="`up` ends green though the new version never served a call",
        file=f"{GAPS}/release_ready.py",
        old="if release.failed:",
        new="if release.failed and weight < 100:",
        tests=(
            f"{UNIT}/gaps/test_gap_release_ready.py::"
            "test_a_release_that_fails_is_an_error_with_its_reason_and_the_end_of_a_log",
        ),
    ),
    Mutation(
        id="guard-weakened",
        why="a new version replaces an unfinished canary: the provider rolls back what callers just got",
        file=f"{GAPS}/release_guard.py",
        old="if (version_changed or revision_changed) and stands < 100 and",
        new="if (version_changed or revision_changed) and stands < 10 and",
        tests=(f"{UNIT}/gaps/test_gap_release_guard.py::test_what_the_cloud_would_punish_is_refused_with_the_way_out",),
    ),
    Mutation(
        id="first-release-partial",
        why="a first release of 10 percent leaves the rest of the calls without an answer",
        file="components/gaps/releases.py",
        old='if known(news, "weight") and news["weight"] < 100:\n        what = f"a function\'s first',
        new='if known(news, "weight") and news["weight"] < 0:\n        what = f"a function\'s first',
        tests=(f"{UNIT}/gaps/test_gap_release_guard.py::test_what_the_cloud_would_punish_is_refused_with_the_way_out",),
    ),
    Mutation(
        id="guard-behind-the-release",
        why="the guard speaks when the canary is already rolled back",
        file=RELEASING,
        old="guard = _declare_guard(rollout, [*extras, *image])\n"
        "    release = _declare_release(rollout, [*extras, *image, guard])",
        new="release = _declare_release(rollout, [*extras, *image])\n"
        "    _declare_guard(rollout, [*extras, *image, release])",
        tests=(f"{UNIT}/test_release.py::test_every_step_waits_for_all_steps_before_it",),
    ),
    Mutation(
        id="new-version-not-released",
        why="a new image is uploaded and never serves a call: nothing in a release changes when the code does",
        file=RELEASING,
        old='replace_on_changes=["description"],',
        new="replace_on_changes=[],",
        tests=(f"{UNIT}/test_release.py::test_a_new_description_replaces_the_release_after_the_old_one_is_gone",),
    ),
    Mutation(
        id="old-release-deleted-last",
        why="deleting the old record aborts the release that has just begun",
        file=RELEASING,
        old="delete_before_replace=True,",
        new="delete_before_replace=False,",
        tests=(f"{UNIT}/test_release.py::test_a_new_description_replaces_the_release_after_the_old_one_is_gone",),
    ),
    Mutation(
        id="route-before-release",
        why="the gateway is bound to a function that was never released and answers 5xx",
        file="components/volcengine/function.py",
        old="id=after(self._function.id, ready.function_id),",
        new="id=self._function.id,",
        tests=(f"{UNIT}/test_gateway.py::test_an_upstream_waits_for_the_functions_release",),
    ),
    Mutation(
        id="web-cut-short",
        why="a web function is stopped in the middle of a streamed answer",
        file="components/function.py",
        old="self.timeout_seconds, 180, 86400,",
        new="self.timeout_seconds, 1, 86400,",
        tests=("tests/components/test_args.py::test_refused",),
    ),
    Mutation(
        id="function-name-meets-itself",
        why="a replacement of the function fails: its name is still taken by the old one",
        file="components/volcengine/function.py",
        old="opts=self.options(delete_before_replace=True, ",
        new="opts=self.options(",
        tests=(
            f"{UNIT}/test_function.py::test_names_and_description_are_explicit_and_a_replacement_never_meets_the_old_one",
        ),
    ),
    Mutation(
        id="secret-in-an-error",
        why="a secret key that the service echoes is printed into the build log",
        file=f"{GAPS}/client.py",
        old="return ApiError(action, code, self._credentials.redact(message), ",
        new="return ApiError(action, code, message, ",
        tests=(f"{UNIT}/gaps/test_gap_client.py::test_a_secret_echoed_by_the_service_is_masked",),
    ),
)
