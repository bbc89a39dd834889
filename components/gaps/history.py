"""The base of every cloud's ReleaseHistory: which version of a function last took all calls, and what may come next.

A provider knows the version that it has just published and no other, so it cannot say from which one a canary takes its
share. What was asked for last stands in state, so `check` sees both sides already in a preview. It makes no change in
the cloud: an interrupted create left nothing behind, and delete has nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.base import GapProvider, Props, known
from components.gaps.errors import GapError
from components.gaps.releases import PROMOTE, Refusals, already_full, first, in_itself, still_set

SHOWN: Final = 10
"""How many versions an error names."""
OUTPUTS: Final = ("stable_version", "canary_version")


def refusals(identity: Sequence[str], olds: Props, news: Props) -> Refusals:
    """What a release may not be: the property and the reason, with what to do. Unknown values pass.

    Args:
        identity: names of the inputs that say which function it is.
        olds: the inputs accepted last; empty the first time.
        news: the inputs asked for.
    """
    found = in_itself(news) or _no_version(news)
    if found:
        return found
    is_first = any(not olds.get(key) or olds[key] != news.get(key) for key in identity)
    return first(news) if is_first else _next(olds, news)


def _no_version(news: Props) -> Refusals:
    revision = news.get("revision")
    if not known(news, "revision") or revision is None or revision >= 1:
        return []
    return [("revision", f"release.revision {revision:g} is no version: versions count from 1")]


def _next(olds: Props, news: Props) -> Refusals:
    stands, revision = olds.get("weight", 100), news.get("revision")
    new_version = known(news, "version_key") and olds.get("version_key") != news.get("version_key")
    if new_version and stands < 100 and known(news, "force") and not news.get("force"):
        what = f"the last version stands at {stands:g} percent, and a new release would give it up half-way"
        return [("version_key", f"{what}: {PROMOTE}")]
    if new_version and known(news, "revision") and revision is not None and revision == olds.get("revision"):
        return still_set(revision)
    if stands == 100 and known(news, "weight") and news["weight"] < 100 and news.get("version_id") == _asked(olds):
        return already_full(news["weight"])
    return []


def _asked(props: Props) -> str:
    """The version that is to take all calls: the one to go back to, else the newest."""
    return str(props["version_id"]) if props.get("revision") is None else str(int(props["revision"]))


def after(stable: str, props: Props) -> tuple[str, str]:
    """The stable version and the canary after a release.

    Args:
        stable: the stable version before it.
        props: what is asked for.
    """
    if props["weight"] == 100:
        return _asked(props), ""
    newest = str(props["version_id"])
    # One version cannot share calls with itself.
    return stable, newest if props["weight"] > 0 and newest != stable else ""


class HistoryProvider(GapProvider):
    """Refuses in `check` by what state remembers, and remembers on. A cloud's own says `IDENTITY` and its versions."""

    SETTINGS = ("version_id", "version_key", "weight", "revision", "force")

    def versions(self, props: Props) -> Iterator[str]:
        """Numbers of all versions of the function, the newest first."""
        raise NotImplementedError

    def problems(self, olds: Props, news: Props) -> Refusals:
        """What a release may not be."""
        return refusals(self.IDENTITY, olds, news)

    def create(self, props: Props) -> CreateResult:
        """Begin the history with a version that takes all calls."""
        for _, reason in refusals(self.IDENTITY, {}, props):
            # What was unknown in the preview is known now.
            raise GapError(f"function {props['function_name']}", reason)
        return CreateResult(str(props["function_name"]), self._outs("", props))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Write down the next release; the version to go back to must be there."""
        for _, reason in refusals(self.IDENTITY, self.inputs(olds), news):
            raise GapError(f"function {news['function_name']}", reason)
        if news.get("revision") is not None:
            self._must_exist(news)
        return UpdateResult(self._outs(str(olds["stable_version"]), news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was released stays true; nothing is asked."""
        return ReadResult(id_, {**self.inputs(props), **{key: props.get(key) for key in OUTPUTS}})

    def _outs(self, stable: str, props: Props) -> dict[str, Any]:
        return {**self.inputs(props), **dict(zip(OUTPUTS, after(stable, props), strict=True))}

    def _must_exist(self, props: Props) -> None:
        """Refuse a version that is not there, and name those that are: the alias would be refused without a reason."""
        name, wanted = str(props["function_name"]), _asked(props)
        there: list[str] = []
        for version in self.versions(props):
            if version == wanted:
                return
            there.append(version)
        what = f"function {name} has no version {wanted}; there are {', '.join(there[:SHOWN]) or 'none'}"
        raise GapError(what, "set release.revision to one of them")
