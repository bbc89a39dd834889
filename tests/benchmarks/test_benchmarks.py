"""The benchmarks run and print sane figures. No time is held against anything: that is the machine's affair."""

from __future__ import annotations

import gc
import json
import sys
from itertools import pairwise
from pathlib import Path

import pulumi
import pulumi_tls as tls
import pytest

from benchmarks import __main__ as command
from benchmarks import chains, growth, start, timing
from benchmarks.chains import Chains, Wait, kind
from benchmarks.demands import DEMANDS
from benchmarks.trial import Trial, altered
from components import cloud
from components.registry import RegistryArgs
from components.scope import Profile, Scope
from components.service_token import ServiceToken
from components.tokens import jwks_of
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.plan.standins import StandIns
from qiao.plan.wire import Secret

ROOT = Path(__file__).resolve().parents[2]


class Step(pulumi.CustomResource):
    """A resource of a given type that is told something."""

    def __init__(self, kind: str, name: str, told: pulumi.Input[str], *before: pulumi.Resource) -> None:
        super().__init__(f"demo:index:{kind}", name, {"told": told}, pulumi.ResourceOptions(depends_on=before))


def steps() -> None:
    first = Step("First", "first", "nothing")
    told = Step("Told", "told", first.id.apply(lambda identity: f"<{identity}>"))
    gated = Step("Gated", "gated", "nothing", told)
    address = Step("Associate", "address", "nothing", gated)
    Step("SnatEntry", "rule", "nothing", address, first)


def trial_of_steps() -> Trial:
    return Trial(lambda standins: record(steps, standins=standins))


def names(found: list[pulumi.Resource] | list[Wait]) -> list[str]:
    return [str(getattr(each, "name", each)) for each in found]


def test_a_chain_keeps_what_data_and_the_cloud_demand_and_loses_the_rest() -> None:
    found = Chains(trial_of_steps())
    assert names(found.longest) == ["first", "told", "gated", "address", "rule"]  # type: ignore[arg-type]
    assert [len(found.shortest), names(found.avoidable)] == [
        2, ["address waits for gated", "gated waits for told", "rule waits for first"],
    ]  # fmt: skip
    assert [found.is_on_longest(wait) for wait in found.avoidable] == [True, True, False]


def test_what_takes_no_time_lengthens_no_chain() -> None:
    import pulumi_random as random

    def program() -> None:
        text = random.RandomString("text", length=4)
        Step("Told", "told", text.result)

    found = Chains(Trial(lambda standins: record(program, standins=standins)))
    assert names(found.longest) == names(found.shortest) == ["told"]  # type: ignore[arg-type]


def test_keys_and_tokens_are_made_here_and_what_they_answer_stays_whole() -> None:
    def program() -> None:
        key = tls.PrivateKey("key", algorithm="RSA", rsa_bits=2048)
        token = ServiceToken("token", signing_key=key.private_key_pem, issuer="i", audience="a", subject="s")
        Step("Told", "keys", key.public_key_pem.apply(jwks_of))
        Step("Told", "caller", token.token)

    found = Chains(Trial(lambda standins: record(program, standins=standins)))
    by_name = {resource.name: resource.urn for resource in found.recording.resources}
    assert found.needed[by_name["keys"]] == {by_name["key"]}
    assert found.needed[by_name["caller"]] == {by_name["token"]}
    assert names(found.longest) in (["keys"], ["caller"])  # type: ignore[arg-type]
    assert found.avoidable == []


def test_an_altered_answer_is_another_of_the_same_form() -> None:
    given = {"id": "vpc-0a", "n": 7, "on": True, "is": "Running", "hosts": ["10.0.0.9"], "none": None}
    assert altered(given) == {"id": "vpc-0b", "n": 8, "on": True, "is": "Running", "hosts": ["10.0.0.0"], "none": None}
    assert altered(Secret("k0")) == Secret("k1")


@pytest.fixture(scope="module")
def image_stage() -> Chains:
    return Chains(Trial.of(ROOT / "examples" / "agent-image", "dev"))


def test_an_example_is_told_apart(image_stage: Chains) -> None:
    waits = {
        (kind(wait.earlier), kind(wait.later)): later in image_stage.needed and earlier in image_stage.needed[later]
        for later, behind in image_stage.recorded.items()
        for earlier in behind
        for wait in [Wait(image_stage.recording.by_urn(earlier), image_stage.recording.by_urn(later))]
    }
    data = {waits[pair] for pair in (("Function", "Release"), ("ApigUpstream", "ApigRoute"))}
    demands = {waits[pair] for pair in (("ImageReady", "Release"), ("ReleaseReady", "ApigUpstream"))}
    assert (data, demands) == ({True}, {True})
    assert not waits["TraceIndexKeys", "Function"], "the function is told the topic, which is there before its keys"
    assert 1 < len(image_stage.shortest) <= len(image_stage.longest)


def test_the_steps_of_a_chain_wait_for_one_another(image_stage: Chains) -> None:
    for edges, chain in ((image_stage.recorded, image_stage.longest), (image_stage.needed, image_stage.shortest)):
        assert all(earlier.urn in edges[later.urn] for earlier, later in pairwise(chain))


def waits_of(recording: Recording) -> set[tuple[str, str]]:
    by_urn = {resource.urn: resource for resource in recording.resources}
    return {(kind(by_urn[urn]), kind(later)) for later in recording.resources for urn in later.depends_on}


def two_blocks() -> None:
    scope = Scope(
        project="qiao", stage="dev", app="app", region="cn-beijing", profile=Profile.for_stage("dev"), tags={}
    )
    blocks = ["203.0.113.0/24", "198.51.100.0/24"]
    cloud("volcengine").Registry("registry", RegistryArgs(scope=scope, public_cidrs=blocks))


def test_every_demand_is_met_by_some_program() -> None:
    """A row that no program knows any longer would justify the next wait between such types unseen."""
    met = waits_of(record(two_blocks))
    for project in chains.projects():
        for stage in chains.STAGES:
            met |= waits_of(Trial.of(project, stage).recording)
    assert set(DEMANDS) - met == set()
    assert all(reason and reason[0].islower() for reason in DEMANDS.values())


def test_chains_are_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(chains, "projects", lambda: [ROOT / "examples" / "agent-image"])
    monkeypatch.setattr(chains, "STAGES", ("dev",))
    monkeypatch.setattr(Trial, "of", lambda *_: trial_of_steps())
    chains.main()
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  agent-image dev: 5 against 2, 2.50 times",
        "    first > told > gated > address > rule",
        "    without need: address waits for gated",
        "    without need: gated waits for told",
        "    and beside that chain, where it costs nothing today: 1",
    ]


def test_the_bare_program_loads_what_the_plan_loads_and_nothing_else() -> None:
    found = start.modules()
    assert {"pulumi_volcengine", "pulumi_volcengine.vpc", "pulumi_random"} <= set(found)
    assert "pulumi_volcengine.ecs" not in found
    assert "import pulumi\n" in start.bare_program(found)
    with pytest.raises(RuntimeError, match="the bare program loads"):
        start.bare_program([name for name in found if name != "pulumi_volcengine"])


USED = {
    "annotated_types", "dill", "google", "grpc", "opentelemetry", "packaging", "parver", "pathspec", "pulumi",
    "pulumi_docker_build", "pulumi_random", "pulumi_volcengine", "pydantic", "pydantic_core", "rich", "ruamel",
    "semver", "typing_extensions", "typing_inspection", "yaml", "components", "stacks", "qiao",
}  # fmt: skip
"""All that evaluating and printing a plan may import beside the standard library."""


def test_a_plan_imports_no_package_that_it_does_not_need() -> None:
    """One that slips in (a cloud's own SDK, pip, a formatter) is paid for at every plan and seen by no other test."""
    program = (
        "import json, sys; from pathlib import Path; from qiao.plan.evaluate import evaluate;"
        "from qiao.plan.report import render; render(evaluate(Path.cwd(), 'dev'));"
        "print(json.dumps([name for name, module in sys.modules.items() if getattr(module, '__file__', None)]))"
    )
    found = set(json.loads(timing.python(["-c", program])))
    packages = {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names) - {"__main__"}
    assert {name for name in packages if not name.startswith("_")} - USED == set()
    assert "pulumi_volcengine.vpc.vpc" in found
    assert not {"qiao.plan.diff", "qiao.plan.saved", "qiao.plan.picture"} & found


def test_pairs_are_compared_pair_by_pair() -> None:
    pairs = timing.Pairs([2.0, 9.0, 8.0], [1.0, 3.0, 2.0])
    assert (pairs.ratio, pairs.spread) == (3.0, (2.0, 4.0))


def test_processes_are_timed_in_turn(tmp_path: Path) -> None:
    log = tmp_path / "log"
    note = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    pairs = timing.processes(["-c", note, str(log), "a"], ["-c", note, str(log), "b"], runs=2)
    assert log.read_text() == "ababab"
    assert len(pairs.first) == len(pairs.second) == 2
    assert min([*pairs.first, *pairs.second]) > 0


def test_a_grown_stack_is_as_large_as_said_and_has_no_findings() -> None:
    plan = growth.planned(20)
    stated = [resource for resource in plan.recording.resources if not resource.type.startswith("pulumi:providers:")]
    assert len(stated) == 20
    assert plan.findings == ()


def test_growth_is_printed_and_leaves_the_collector_on(capsys: pytest.CaptureFixture[str]) -> None:
    growth.main(small=10, large=20, runs=1)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "growth: a stack of 20 resources against one of 10, evaluated, checked and reported"
    assert float(second.split()[0]) > 0
    assert gc.isenabled()


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["fast"]) == 2
    assert capsys.readouterr().err == "benchmarks: there is no fast: use start, growth, chains\n"


def test_stand_ins_answer_as_ever_for_all_but_one() -> None:
    trial = trial_of_steps()
    first, told = (next(r for r in trial.recording.resources if r.name == name) for name in ("first", "told"))
    assert trial.told_by(first.urn) == {told.urn}
    assert trial.run(StandIns()) == trial.recording
