"""Images that `up` builds: for the right machine, into our own registry, after its endpoint, pinned by digest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pulumi
import pulumi_random as random
import pytest

from components import registry
from components.errors import UserError
from components.image import ImageBuild, build_image, context_tag
from components.registry import ExistingRegistry, RegistryArgs, RegistryLike
from components.scope import Profile, Scope
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Resource, Secret
from qiao.plan.standins import StandIns

IMAGE = "docker-build:index:Image"
DIGEST = "sha256:" + "5" * 64


class OneRegistry(registry.Registry):
    """A registry whose last child is the address list that a push must find."""

    cloud = "volcengine"

    def __init__(self, name: str, args: RegistryArgs) -> None:
        super().__init__(name, args)
        host = random.RandomId(self.child("host"), byte_length=4, opts=self.options())
        random.RandomId(self.child("address-list"), byte_length=4, opts=self.options())
        self.finish(
            endpoint=host.hex, pull_endpoint=pulumi.Output.concat("inner-", host.hex), namespace="team",
            username="robot@1", password=pulumi.Output.from_input("pa55-w0rd"),
            push_target=pulumi.Output.concat(host.hex, "/team"),
        )  # fmt: skip


PUSHED = StandIns(
    resources={
        IMAGE: lambda asked: {"ref": f"{asked.inputs['tags'][0]}@{DIGEST}"},
        "random:index/randomId:RandomId": lambda asked: {"hex": "registry.example.com"},
    }
)
"""What the builder answers after a push."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "app" / "main.py").write_text("print()\n")
    return tmp_path


def scope() -> Scope:
    return Scope(project="qiao", stage="dev", app="chat", region="cn-beijing", profile=Profile.dev())


EXISTING = ExistingRegistry(endpoint="hub.example.com", namespace="team", username="robot", password="pa55-w0rd")


def recorded(build: ImageBuild, into: RegistryLike | None = None, *, preview: bool = False) -> Recording:
    def program() -> None:
        target = into or OneRegistry("registry", RegistryArgs(scope=scope()))
        pulumi.export("ref", build_image("chat-image", build, target, repository="chat"))

    return record(program, preview=preview, standins=PUSHED)


def image(build: ImageBuild, into: RegistryLike | None = None) -> Resource:
    return recorded(build, into).get(IMAGE, "chat-image")


def test_it_is_built_for_the_cloud_and_pushed_never_in_a_preview() -> None:
    build = ImageBuild(context="app", args={"INDEX": "mirror"}, target="slim")
    inputs = image(build, EXISTING).inputs
    assert inputs["platforms"] == ["linux/amd64"]
    assert inputs["push"] is True
    assert inputs["buildOnPreview"] is False
    assert inputs["context"] == {"location": "app"}
    assert inputs["dockerfile"] == {"location": "app/Dockerfile"}
    assert inputs["buildArgs"] == {"INDEX": "mirror"}
    assert inputs["target"] == "slim"
    assert inputs["tags"] == [f"hub.example.com/team/chat:{context_tag('context', build)}"]


def test_the_login_is_that_of_the_registry_and_its_password_stays_secret() -> None:
    assert image(ImageBuild(context="app"), EXISTING).inputs["registries"] == [
        {"address": "hub.example.com", "username": "robot", "password": Secret("pa55-w0rd")}
    ]
    assert image(ImageBuild(context="app")).inputs["registries"] == [
        {"address": "registry.example.com", "username": "robot@1", "password": Secret("pa55-w0rd")}
    ]


def test_it_waits_for_all_of_the_registry_not_only_for_its_host() -> None:
    recording = recorded(ImageBuild(context="app"))
    address_list = recording.get("random:index/randomId:RandomId", "registry-address-list")
    assert address_list.urn in recording.get(IMAGE).depends_on


def test_the_reference_is_pinned_under_the_host_that_functions_pull_from_and_unknown_before_the_push() -> None:
    build = ImageBuild(context="app")
    expected = f"inner-registry.example.com/team/chat:{context_tag('context', build)}@{DIGEST}"
    assert recorded(build).outputs["ref"] == expected
    assert recorded(build, preview=True).outputs["ref"] is UNKNOWN


@pytest.mark.parametrize(
    ("inner", "reference", "pulled"),
    [
        (None, "hub.example.com/team/chat:1", "hub.example.com/team/chat:1"),
        ("in.example.com", "hub.example.com/team/chat:1", "in.example.com/team/chat:1"),
        ("in.example.com", "hub.example.com.cn/team/chat:1", "hub.example.com.cn/team/chat:1"),
        ("in.example.com", "quay.example.com/hub.example.com/chat:1", "quay.example.com/hub.example.com/chat:1"),
    ],
)
def test_only_images_of_the_registry_are_pulled_from_its_other_host(
    inner: str | None, reference: str, pulled: str
) -> None:
    there = ExistingRegistry(endpoint="hub.example.com", namespace="team", pull_endpoint=inner)
    assert record(lambda: pulumi.export("ref", there.pulled(reference))).outputs["ref"] == pulled


def test_a_registry_whose_login_only_a_person_knows_is_not_pushed_to() -> None:
    class Closed(OneRegistry):
        @classmethod
        def login_known(cls, args: RegistryArgs) -> bool:
            return args.native is not None

    def program(native: object) -> None:
        registry = Closed("registry", RegistryArgs(scope=scope(), native=native))
        build_image("chat-image", ImageBuild(context="app"), registry, repository="chat")

    assert record(lambda: program("a login")).get(IMAGE).inputs["push"] is True
    with pytest.raises(UserError) as error:
        record(lambda: program(None))
    assert str(error.value) == (
        "RegistryNative.username: chat-image is to be built and pushed without a login;"
        " give the registry's username and password, or push the image yourself and name it by its tag"
    )


@pytest.mark.parametrize("change", ["content", "name", "argument", "target", "dockerfile", "more"])
def test_the_tag_follows_whatever_the_image_is_made_of(project: Path, change: str) -> None:
    build = ImageBuild(context="app")
    before = context_tag("context", build)
    app = project / "app"
    if change == "content":
        (app / "main.py").write_text("print(1)\n")
    elif change == "name":
        (app / "main.py").rename(app / "start.py")
    elif change == "dockerfile":
        (app / "Dockerfile").write_text("FROM scratch\n#\n")
    elif change == "more":
        (app / "__pycache__").mkdir()  # Docker sends it too, unless .dockerignore says otherwise
        (app / "__pycache__" / "m.pyc").write_bytes(b"")
    elif change == "argument":
        build = ImageBuild(context="app", args={"A": "1"})
    else:
        build = ImageBuild(context="app", target="slim")
    assert context_tag("context", build) != before


def test_the_tag_ignores_what_docker_ignores(project: Path) -> None:
    app = project / "app"
    (app / ".dockerignore").write_text("# notes\n*\n!main.py\n!src\nsrc/data/*\n!src/data/keep.txt\n")
    (app / "src" / "data").mkdir(parents=True)
    (app / "src" / "data" / "keep.txt").write_text("1")
    before = context_tag("context", ImageBuild(context="app"))
    (app / "notes.md").write_text("left out")
    (app / "deep").mkdir()
    (app / "deep" / "main.py").write_text("left out: patterns begin at the root")
    (app / "src" / "data" / "big.bin").write_text("left out")
    assert context_tag("context", ImageBuild(context="app")) == before
    (app / "src" / "data" / "keep.txt").write_text("2")
    assert context_tag("context", ImageBuild(context="app")) != before


def test_an_ignored_dockerfile_still_counts(project: Path) -> None:
    (project / "app" / ".dockerignore").write_text("docker\n")
    (project / "app" / "docker").mkdir()
    (project / "app" / "docker" / "Dockerfile").write_text("FROM scratch\n")
    (project / "app" / "docker" / "notes").write_text("1")
    build = ImageBuild(context="app", dockerfile="docker/Dockerfile")
    before = context_tag("context", build)
    (project / "app" / "docker" / "notes").write_text("2")
    assert context_tag("context", build) == before
    (project / "app" / "docker" / "Dockerfile").write_text("FROM busybox\n")
    assert context_tag("context", build) != before


def test_what_cannot_be_built_is_refused_before_anything_is_declared(project: Path) -> None:
    with pytest.raises(UserError, match="nowhere is not a folder"):
        recorded(ImageBuild(context="nowhere"), EXISTING)
    with pytest.raises(UserError, match=r"app holds no Dockerfile\.slim"):
        recorded(ImageBuild(context="app", dockerfile="Dockerfile.slim"), EXISTING)
    with pytest.raises(UserError, match="leads out of the context"):
        ImageBuild(context="app", dockerfile="../Dockerfile")
    with pytest.raises(UserError, match=r"ExistingRegistry\.password: chat-image is to be pushed without it"):
        recorded(
            ImageBuild(context="app"), ExistingRegistry(endpoint="hub.example.com", namespace="team", username="robot")
        )
    with pytest.raises(UserError, match="'Chat' is not valid"):
        record(lambda: build_image("x", ImageBuild(context="app"), EXISTING, repository="Chat"))


def test_programs_that_build_nothing_do_not_load_the_builder() -> None:
    code = "import components.image, sys; sys.exit('pulumi_docker_build' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
