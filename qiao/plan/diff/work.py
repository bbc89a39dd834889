"""One resource while its change is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from qiao.plan.diff.match import Pair
from qiao.plan.diff.model import Change, FieldChange, Kind
from qiao.plan.rules.table import rules_for
from qiao.plan.saved.model import SavedResource
from qiao.plan.saved.values import NOTHING

OPTIONS: Final = (
    "protect", "retain_on_delete", "delete_before_replace", "ignore_changes", "replace_on_changes", "deleted_with",
    "replace_with", "additional_secret_outputs", "custom_timeouts", "import_id", "version",
)  # fmt: skip
"""Options whose change is a change: aliases only say what was, and another provider is a replacement."""


@dataclass
class Work:
    """What is known so far of a resource that both plans have."""

    pair: Pair
    old: SavedResource
    new: SavedResource
    fields: dict[str, FieldChange] = field(default_factory=dict)
    """By path."""
    reasons: list[str] = field(default_factory=list)
    """What forces a replacement."""
    delete_first: bool = False

    def add(self, change: FieldChange) -> bool:
        """Note a field; whether that is news."""
        there = self.fields.get(change.path)
        if there is not None and (there.effect == "replace" or change.effect != "replace"):
            return False
        if change.cause and any(self._tells(other, change) for other in self.fields.values()):
            return False
        self.fields[change.path] = change
        return True

    @staticmethod
    def _tells(other: FieldChange, change: FieldChange) -> bool:
        """Whether one is told with another: the whole that it lies in differs, and does as much."""
        inside = change.path.startswith((f"{other.path}.", f"{other.path}["))
        return inside and not other.cause and other.effect in ("replace", change.effect)

    def force(self, reason: str, *, delete_first: bool = False) -> bool:
        """Note a reason for a replacement; whether that is news."""
        news = reason not in self.reasons or (delete_first and not self.delete_first)
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.delete_first = self.delete_first or delete_first
        return news

    @property
    def replaced(self) -> bool:
        """Whether a new one takes its place."""
        return bool(self.reasons) or any(change.effect == "replace" for change in self.fields.values())

    @property
    def updated(self) -> bool:
        """Whether it is changed in place."""
        return not self.replaced and any(change.effect == "update" for change in self.fields.values())

    @property
    def goes_first(self) -> bool:
        """Whether the old one is gone before the new one is made."""
        if not self.replaced:
            return False
        asked = self.new.options.delete_before_replace
        return self.delete_first or (_same_name(self.old, self.new) if asked is None else asked)

    def change(self) -> Change | None:
        """What becomes of it; None where nothing does."""
        options = list(_options(self.old, self.new))
        kind = self._kind(bool(options))
        if kind is None:
            return None
        return described(
            kind, self.new, former_urn=self.pair.former_urn,
            fields=tuple(self.fields[path] for path in sorted(self.fields)) + tuple(options),
            reasons=tuple(sorted(self.reasons)), delete_first=self.goes_first,
            # The engine looks at the new plan's `protect` alone: unprotecting and replacing go together.
            protected=kind == "replace" and self.new.options.protect,
            retained=kind == "replace" and self.old.options.retain_on_delete,
        )  # fmt: skip

    def _kind(self, options: bool) -> Kind | None:
        if self.replaced:
            return "replace"
        if self.updated:
            return "update"
        return "options" if options else "unseen" if self.fields else None


def described(kind: Kind, resource: SavedResource, **more: object) -> Change:
    """A change of a resource."""
    about = {name: getattr(resource, name) for name in ("urn", "type", "name", "app", "component")}
    return Change.model_validate({"kind": kind, **about, **more})


def _same_name(old: SavedResource, new: SavedResource) -> bool:
    """Whether Pulumi's bridge deletes first by itself: it does where a field that it could name itself was given."""
    rules = rules_for(new.type)
    own = rules is not None and ("name" in rules.identity or rules.always.get("name") == "name")
    named = own and "name" in new.inputs
    return named and old.inputs.get("name") == new.inputs.get("name")


def _options(old: SavedResource, new: SavedResource) -> list[FieldChange]:
    before, after = (each.options.model_dump(mode="json") for each in (old, new))
    return [
        FieldChange(path=name, old=_given(before[name]), new=_given(after[name]), effect="engine")
        for name in OPTIONS
        if before[name] != after[name]
    ]


def _given(value: Any) -> Any:
    return dict(NOTHING) if value in (None, "", [], {}) else value
