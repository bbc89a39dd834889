"""What every component shares: its type token, children's names and options, tags, secrets and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, TypeVar, cast

import pulumi
import pulumi_random as random

from components import names
from components.errors import UnsupportedError, UserError
from components.scope import Profile, Scope

T = TypeVar("T")
N = TypeVar("N")


@dataclass(frozen=True, kw_only=True)
class Args:
    """The base of every component's arguments."""

    scope: Scope
    """Project, stage, application, region and profile: what names, tags and protection derive from."""


class Component(pulumi.ComponentResource):
    """The base of every component of the vocabulary.

    A concept module (`components/network.py`) subclasses it with documented outputs; a cloud's module implements the
    concept and sets `cloud`. The type token is `qiao:<cloud>:<Concept>` and is part of every child's URN: frozen.

    A concept lists its outputs in `OUTPUTS`; a constructor ends with `self.finish(...)`, which refuses to publish any
    other set of keys, so that a cloud cannot forget one.
    """

    cloud: ClassVar[str] = ""
    """Name of the cloud and of its Pulumi package; set by the cloud's class."""
    concept: ClassVar[str]
    """Name of the concept: `Network`."""
    OUTPUTS: ClassVar[tuple[str, ...]]
    """Names of the outputs, each declared and documented on the concept's class."""
    SECRET_OUTPUTS: ClassVar[tuple[str, ...]] = ()
    """Which of them are secret; `finish` wraps them."""

    UNSUPPORTED: ClassVar[Mapping[str, str]] = {}
    """What this cloud cannot carry: `FunctionArgs.gpu` or `Route.rate_limit`, and what to do instead."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions | None = None) -> None:
        self.check(name, args)
        super().__init__(f"qiao:{self.cloud}:{self.concept}", name, None, opts)
        self.logical_name = name
        self.scope = args.scope

    @classmethod
    def check(cls, name: str, args: Any) -> None:
        """Refuse what this cloud would refuse, or silently do otherwise: one UserError, and nothing is declared.

        The constructor begins with it. A program that calls it for all its components first declares all or nothing.

        Args:
            name: the component's own name, for errors.
            args: its arguments.
        """

    @classmethod
    def refuse_unsupported(cls, value: Any, path: str = "") -> None:
        """Refuse what `UNSUPPORTED` lists and a dataclass of the vocabulary sets: for `check`.

        Args:
            value: the arguments, or a part of them (a Route).
            path: where a part stands (`routes[chat].`).
        """
        for field in fields(value):
            instead = cls.UNSUPPORTED.get(f"{type(value).__name__}.{field.name}")
            if instead is not None and getattr(value, field.name) != _default(field):
                raise UnsupportedError(cls.cloud, cls.concept, f"{path}{field.name}", instead)

    @property
    def profile(self) -> Profile:
        """What the stage asks of this component."""
        return self.scope.profile

    def child(self, *parts: str) -> str:
        """The logical name of a child: the component's own name first. A promise: renaming one needs an alias."""
        return "-".join([self.logical_name, *parts])

    def options(self, *, stateful: bool = False, **more: Any) -> pulumi.ResourceOptions:
        """Options of a child: parent always; for one that holds data, what the profile asks.

        Args:
            stateful: it holds data or takes long to rebuild, so a prod stage protects and retains it.
            more: further ResourceOptions (`depends_on`, `delete_before_replace`, ...).
        """
        if stateful:
            more.setdefault("protect", self.profile.protect or None)
            more.setdefault("retain_on_delete", self.profile.retain or None)
        return pulumi.ResourceOptions(parent=self, **more)

    def invoke_options(self, **more: Any) -> pulumi.InvokeOutputOptions:
        """Options of a data-source call: the caller's provider reaches it through the parent."""
        return pulumi.InvokeOutputOptions(parent=self, **more)

    def tags(self) -> dict[str, str]:
        """All tags of this component's resources."""
        return self.scope.component_tags(self.logical_name)

    def physical_name(self, type_token: str, *parts: str) -> str:
        """The physical name of a child whose name is its own account's affair."""
        return names.physical(self.scope, type_token, self._own_words, *parts)

    def unique_name(self, type_token: str, *parts: str) -> pulumi.Output[str]:
        """The physical name of a child whose name the whole world shares: with a random suffix kept in state."""
        if not names.rule(type_token).unique:
            raise KeyError(f"{type_token} is not globally unique: use physical_name")
        suffix = random.RandomId(self.child(*parts, "suffix"), byte_length=3, opts=self.options())
        own = self._own_words
        return suffix.hex.apply(lambda value: names.physical(self.scope, type_token, own, *parts, suffix=value))

    @property
    def _own_words(self) -> str:
        """What tells this component's physical names from a sibling's in one application: its own name.

        The application's name in front is left out, since every physical name carries it already, and so is the
        cloud's after it: on that cloud it says nothing, and names are short.
        """
        app = self.scope.app
        own = "" if self.logical_name == app else self.logical_name.removeprefix(f"{app}-")
        return own.removeprefix(f"{self.cloud}-")

    def generated_password(self, name: str, *, length: int = 24, special: str = "!@#$%^*()_+-=") -> pulumi.Output[str]:
        """A generated password of four character classes, kept in state as a secret.

        Args:
            name: the child's name, after the component's own.
            length: characters. Default 24: within every cloud's 8 to 32.
            special: the special characters that the service accepts.
        """
        return random.RandomPassword(
            self.child(name), length=length, special=True, override_special=special,
            min_lower=1, min_upper=1, min_numeric=1, min_special=1,
            opts=self.options(stateful=True, retain_on_delete=None),
        ).result  # fmt: skip

    def generated_key(self, name: str, *, length: int = 32, stateful: bool = True) -> pulumi.Output[str]:
        """Generated random bytes in base64, kept in state as a secret: a key, or a code that nobody types.

        Args:
            name: the child's name, after the component's own.
            length: bytes. Default 32: a key of 256 bits.
            stateful: whether what it locks stays closed without it. Default True: protected as data is.
        """
        opts = self.options(stateful=stateful, retain_on_delete=None)
        return random.RandomBytes(self.child(name), length=length, opts=opts).base64

    def native(self, kind: type[N], value: object | None) -> N:
        """The cloud's own extras given as `native`, or their defaults; refused when meant for another cloud."""
        return self.native_of(self.logical_name, kind, value)

    @classmethod
    def native_of(cls, name: str, kind: type[N], value: object | None) -> N:
        """The same before there is a component, for `check`."""
        if value is None:
            return kind()
        if not isinstance(value, kind):
            where = f"{cls.concept}Args.native of {name}"
            raise UserError(where, f"{type(value).__name__} is not for {cls.cloud}", f"give a {kind.__name__}")
        return value

    def finish(self, **outputs: Any) -> None:
        """Set the documented outputs as attributes and register them: the last line of every constructor."""
        if set(outputs) != set(self.OUTPUTS):
            different = sorted(set(outputs) ^ set(self.OUTPUTS))
            raise TypeError(f"{type(self).__name__} must publish exactly {self.OUTPUTS}; differs in {different}")
        for key, value in outputs.items():
            if key in self.SECRET_OUTPUTS and value is not None:
                value = pulumi.Output.secret(value)
            setattr(self, key, value)
        self.register_outputs({key: getattr(self, key) for key in self.OUTPUTS})


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def as_output(value: pulumi.Input[T]) -> pulumi.Output[T]:
    """A value that may be plain, as an Output."""
    return cast("pulumi.Output[T]", pulumi.Output.from_input(value))


def after(value: pulumi.Output[T], *gates: pulumi.Input[Any]) -> pulumi.Output[T]:
    """A value that its readers get only when the gates are done, and that carries their edges.

    Args:
        value: what to hand on.
        gates: an output of each resource to wait for. Give one that echoes an input (`policy.registry`), never the id:
            in the preview of an added gate the id is unknown, and so would be everything that reads this value.
    """
    return cast("pulumi.Output[T]", pulumi.Output.all(value, *gates).apply(lambda values: values[0]))
