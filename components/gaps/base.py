"""What every gap shares: its credentials checked, its inputs read as the engine sends them, its own diff."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, DiffResult, ReadResult, Resource, ResourceProvider
from pulumi.output import Unknown

from components.errors import UserError
from components.gaps.credentials import Carried, explicit_provider, same_credentials
from components.gaps.errors import ApiError, GapError

P = ParamSpec("P")
T = TypeVar("T")

Props = Mapping[str, Any]
"""Properties as the engine sends them: every number a float, an unknown an `Unknown`, a None left out."""


def _plainly(method: Callable[P, T]) -> Callable[P, T]:
    """A method whose known errors come without the path they took: the engine shows every line of it to the user."""

    @wraps(method)
    def plain(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (ApiError, GapError, UserError) as error:
            raise error.with_traceback(None) from None

    return plain


class GapProvider(ResourceProvider):
    """The base of every gap's provider: its changes and its checks.

    State stores a provider as the import path of its class, so module and class names are frozen; a provider has no
    attributes of its own, so that its stored form never differs, and above all never holds a credential.
    """

    # The stored form is an import path and nothing else: no secret. As one, it would make every stack that has a gap
    # ask for its passphrase in order to show its outputs.
    serialize_as_secret_always = False

    IDENTITY: ClassVar[tuple[str, ...]]
    """Inputs that say what the gap works on: a change replaces it."""
    SETTINGS: ClassVar[tuple[str, ...]] = ()
    """Inputs that change in place. Inputs in neither (a timeout) concern the wait alone: no change."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in ("create", "read", "update", "delete"):
            if name in vars(cls):
                setattr(cls, name, _plainly(vars(cls)[name]))

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        """Replaced when it works on something else, else changed in place."""
        replaces = [key for key in self.IDENTITY if olds.get(key) != news.get(key)]
        changed = replaces or [key for key in self.SETTINGS if self.differs(key, olds.get(key), news.get(key))]
        return DiffResult(changes=bool(changed), replaces=replaces)

    def check(self, olds: Props, news: dict[str, Any]) -> CheckResult:
        """Refuse inputs that cannot be carried out; in a preview too, so before anything is touched."""
        return CheckResult(news, [CheckFailure(key, reason) for key, reason in self.problems(olds, news)])

    def problems(self, olds: Props, news: Props) -> list[tuple[str, str]]:  # noqa: ARG002 - for gaps that override it
        """What is wrong with the inputs: the property, and the reason with what to write instead."""
        return []

    def differs(self, key: str, old: Any, new: Any) -> bool:  # noqa: ARG002 - for gaps that override it
        """Whether a setting has changed."""
        return bool(old != new)

    def inputs(self, props: Props) -> dict[str, Any]:
        """The inputs among all properties, None left out: what outputs must repeat, since delete sees only outputs."""
        return {key: value for key, value in props.items() if key in self.keys() and value is not None}

    def keys(self) -> tuple[str, ...]:
        """Names of all inputs."""
        return (*self.IDENTITY, *self.SETTINGS)


class Gap(Resource, module="gaps", name="Gap"):
    """The base of every gap's resource. Its constructor refuses a provider that acts as somebody else.

    Args:
        provider: what creates, reads, updates and deletes it.
        name: logical name.
        props: inputs, and a None for each further output.
        opts: options; the parent is the component, through which the explicit provider is found.
    """

    CARRIED: ClassVar[Carried]
    """What the cloud's provider may carry of its own; set by the cloud's base."""

    def __init__(
        self, provider: GapProvider, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        where = f"{type(self).__name__} {name}"
        verdict: Any = same_credentials(self.CARRIED, explicit_provider(self.CARRIED.package, opts), where)
        gated = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[verdict]))
        super().__init__(provider, name, props, gated)


def known(props: Props, key: str) -> bool:
    """Whether a property's value is known: in a preview, that of a resource yet to be made is not."""
    return not isinstance(props.get(key), Unknown)


def gone() -> ReadResult:
    """What `read` answers when the thing is no longer there: the next `up` makes it again."""
    return ReadResult(None, {})
