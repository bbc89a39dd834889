"""ReleaseGuard: refuses what the cloud would punish, before anything is touched.

The provider deletes a release by aborting whatever is half-way on the function, so that replacing an unfinished canary
rolls it back; a first release below 100 percent has nothing to share calls with. What was asked for last stands in
state, so `check` sees both sides already in a preview. It makes no change in the cloud: an interrupted create left
nothing behind, and delete has nothing to do.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.releases import PROMOTE, already_full, first, in_itself, still_set
from components.volcengine.gaps.base import Gap, GapProvider, Props, known
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError, GapError
from components.volcengine.gaps.releases import DONE, latest

NOT_RELEASED = "(not released)"
"""Stands for the version in the state of a guard whose release failed or never came about."""


def refusals(olds: Props, news: Props) -> list[tuple[str, str]]:
    """What the cloud forbids: the property and the reason, with what to do. Unknown values pass, but for one.

    A function keeps its id through every change but a replacement: an id that is not known yet belongs to a function
    that is still to be made, so its release is a first one, and a preview of a new stage says so.

    Args:
        olds: the inputs accepted last; empty the first time.
        news: the inputs asked for.
    """
    found = in_itself(news)
    if found:
        return found
    is_first = (
        not olds.get("function_id") or not known(news, "function_id") or olds["function_id"] != news["function_id"]
    )
    return first(news) if is_first else _next(olds, news)


def _next(olds: Props, news: Props) -> list[tuple[str, str]]:
    stands, revision = olds.get("weight", 100), news.get("revision")
    version_changed, revision_changed = changed("version_key", olds, news), changed("revision", olds, news)
    if (version_changed or revision_changed) and stands < 100 and known(news, "force") and not news.get("force"):
        what = f"the last version stands at {stands:g} percent, and a new release would roll it back half-way"
        return [("version_key" if version_changed else "revision", f"{what}: {PROMOTE}")]
    if version_changed and revision_changed is False and revision is not None:
        return still_set(revision)
    same = version_changed is False and revision_changed is False
    if same and stands == 100 and known(news, "weight") and news["weight"] < 100:
        return already_full(news["weight"])
    return []


def changed(key: str, olds: Props, news: Props) -> bool | None:
    """Whether an input has changed; None where that is not known yet."""
    return olds.get(key) != news.get(key) if known(news, key) else None


class ReleaseGuardProvider(GapProvider):
    """Refuses in `check` by what state remembers, and at `up` by what the cloud says."""

    IDENTITY = ("region", "function_id")
    SETTINGS = ("version_key", "weight", "force", "revision")

    def problems(self, olds: Props, news: Props) -> list[tuple[str, str]]:
        """What the cloud forbids."""
        return refusals(olds, news)

    def create(self, props: Props) -> CreateResult:
        """Ask the cloud: the function may have been released by somebody else."""
        try:
            before = self._accept(props)
        except ApiError as error:
            # How the service answers for a function without any release is not known: a refusal of the question
            # itself must not stop every first `up`. Wrong credentials and faults of the cloud still do.
            if error.forbidden or error.throttled or error.transient:
                raise
            before = ""
        return CreateResult(str(props["function_id"]), {**self.inputs(props), "before": before})

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Ask the cloud, where a new release is to come: somebody may have begun one in the console."""
        before = olds.get("before", "")
        if changed("version_key", olds, news) or changed("revision", olds, news):
            before = self._accept(news)
        return UpdateResult({**self.inputs(news), "before": before})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Learn what was promoted, begun or never came about, so that the next preview judges by what is there."""
        inputs, before = self.inputs(props), props.get("before", "")
        release = latest(connect(props["region"]), str(props["function_id"]))
        if release and release.status in DONE and release.target is not None:
            inputs["weight"] = release.target
        if release and release.failed:
            inputs["weight"] = 100  # the one before it took all calls back
        if release and (release.failed or release.record_id == before):
            inputs["version_key"] = NOT_RELEASED
        return ReadResult(id_, {**inputs, "before": before}, inputs)

    def _accept(self, props: Props) -> str:
        """Refuse where a release is half-way; else the record of the last one, which tells later whether ours came."""
        release = latest(connect(props["region"]), str(props["function_id"]))
        if release and release.unfinished and not props.get("force"):
            what = f"{release} of function {props['function_id']}: a new one would roll it back half-way"
            raise GapError(what, f"{PROMOTE}; where it is none of this stack's, end it in the console")
        return release.record_id if release else ""


class ReleaseGuard(Gap, module="volcengine", name="ReleaseGuard"):
    """What a function's next release may be. The release must depend on it."""

    version_key: pulumi.Output[str]
    """The key accepted."""
    weight: pulumi.Output[int]
    """The percent of calls accepted."""

    def __init__(
        self,
        name: str,
        *,
        function_id: pulumi.Input[str],
        version_key: pulumi.Input[str],
        weight: pulumi.Input[int],
        force: pulumi.Input[bool],
        revision: pulumi.Input[int] | None,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the guard.

        Args:
            name: logical name.
            function_id: the function.
            version_key: what tells one version from the next: a hash of code or image, and of the settings that need
                a release to take effect.
            weight: percent of calls for the newest version.
            force: whether an unfinished version may be given up.
            revision: number of the revision to go back to; None for the newest code.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_id": function_id, "version_key": version_key, "weight": weight, "force": force,
            "revision": revision, "region": region,
        }  # fmt: skip
        super().__init__(ReleaseGuardProvider(), name, props, opts)
