"""The base of every settings model, and how its complaints become one error that names the path and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from components.errors import UnsupportedError, UserError
from stacks.secrets import Sealed
from stacks.stagefile import written

M = TypeVar("M", bound="Model")
A = TypeVar("A")


class Model(BaseModel):
    """Settings as a person writes them: nothing unknown, nothing converted, nothing repeated in an error."""

    # No use_attribute_docstrings: it reads every settings module's source anew at each start.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _no_blanks(cls, raw: Any) -> Any:
        """Refuse a key with nothing behind it: `database:` is not taken for the default, which is none.

        A secret may stand so, since that says that its value is still to be set.
        """
        fields = _fields(cls)
        for key, value in raw.items() if isinstance(raw, dict) else ():
            if value is None and key in fields and not holds_secrets(fields[key].annotation):
                given = "give its settings, or `{}`" if _model_in(fields[key].annotation) else "give a value"
                raise refuse("has nothing behind it", f"{given}, or leave it out", key)
        return raw

    def given(self, *names: str, **renamed: str) -> dict[str, Any]:
        """The named settings that were given, ready to be passed on: what is left out keeps the component's default.

        Args:
            names: settings whose argument has the same name.
            renamed: argument by the name of its setting, where they differ.
        """
        wanted = {name: name for name in names} | renamed
        return {argument: getattr(self, name) for name, argument in wanted.items() if getattr(self, name) is not None}

    def needs_secrets(self) -> Sequence[str]:
        """Names of secret settings that must be given, seeing what else was."""
        return ()


class SettingsError(UserError):
    """Everything that is wrong with the settings, one line each."""

    def __init__(self, findings: Sequence[UserError]) -> None:
        first = findings[0]
        super().__init__(first.where, first.what, first.instead)
        self.findings = tuple(findings)
        self.args = ("\n".join(str(finding) for finding in findings),)


def refuse(what: str, instead: str, field: str = "") -> PydanticCustomError:
    """A complaint of a validator: what is wrong, what to write instead, and below which field where not the model."""
    return PydanticCustomError("refused", "{what}; {instead}", {"what": what, "instead": instead, "field": field})


def parse(model: type[M], raw: Any, path: str) -> M:
    """Settings of one model; raises SettingsError with every complaint."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        findings = [_finding(model, detail, path) for detail in details]
        # A misspelled key is one mistake, though the right one is missing then.
        meant = {join(path, *detail["loc"][:-1], _meant(model, detail)) for detail in details}
        raise SettingsError([one for one in findings if one.what != "is missing" or one.where not in meant]) from None


def join(path: str, *parts: str | int) -> str:
    """A path as errors show it: `apps.agent.domain`, `contacts[0].email`."""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{_short(part)}"
    return path.removeprefix(".")


def _short(key: str) -> str:
    return key[:LONGEST_KEY] + "..." if len(key) > LONGEST_KEY else key or '""'


LONGEST_KEY = 60
"""Characters of a key that an error repeats."""


def _meant(model: type[Model], detail: ErrorDetails) -> str:
    """The key that a misspelled one is near to, or nothing."""
    if detail["type"] != "extra_forbidden":
        return ""
    known = fields_at(model, detail["loc"][:-1])
    return next(iter(get_close_matches(str(detail["loc"][-1]), known, n=1, cutoff=0.6)), "")


def nearest(name: str, known: Sequence[str]) -> str:
    """What to write instead of an unknown word: the nearest known one, or all of them."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return (
        f"did you mean {close[0]}?" if close else "use one of " + ", ".join(sorted(known)) if known else "leave it out"
    )


PARTS = {
    "CodeFolder": "code",
    "Release": "release",
    "ImageBuild": "image",
    "Domain": "domain",
    "Gpu": "gpu",
    "Mount": "files",
    "MetricRule": "alerts.rules",
    "LogAlarm": "alerts.log_alarm",
}
"""Where settings of a part of a component's arguments stand, below the component's own."""
LISTED = ("MetricRule",)
"""Parts that settings list, each by its name."""


ARGUMENT = r"([A-Z]\w*)\.(\w+)(.*?)(?: of ([\w./-]+)(?:: (\S+))?)?"
"""How a component names a place in its arguments: `Contact.email of ann`, `Route.request_headers of chat: X-Key`."""


@contextmanager
def at(path: str, /, **renamed: str) -> Iterator[None]:
    """Turn a UserError of a component's arguments into one that names the setting it came from.

    Args:
        path: where the arguments' settings stand (`apps.agent`); those of their parts stand below, see `PARTS`.
        renamed: the setting's name by the argument's, where they differ.
    """
    try:
        yield
    except UnsupportedError as error:
        raise error.moved(path, renamed) from None
    except UserError as error:
        match = re.fullmatch(ARGUMENT, error.where)
        if not match:
            raise
        kind, argument, rest, item, key = match.groups()
        part = f"{PARTS[kind]}[{item}]" if kind in LISTED and item else PARTS.get(kind)
        where = join(path, *([part] if part else []), renamed.get(argument, argument), *([key] if key else [])) + rest
        raise UserError(where, error.what, error.instead) from None


def each(path: str, kind: Callable[..., A], items: Iterable[Mapping[str, Any]]) -> list[A]:
    """A part of a component's arguments of each item of a list of settings.

    A mistake names the item: by its own name where the part says that (`contacts[ann].email`), else by its place.
    """
    made = []
    for place, given in enumerate(items):
        try:
            made.append(kind(**given))
        except UserError as error:
            match = re.fullmatch(ARGUMENT, error.where)
            if not match:
                raise
            _, argument, rest, item, _ = match.groups()
            raise UserError(f"{path}[{item or place}].{argument}{rest}", error.what, error.instead) from None
    return made


_WORDS = {
    "string_type": ("must be text", "put it in quotes"),
    "int_type": ("must be a whole number", "write digits, without quotes"),
    "float_type": ("must be a number", "write digits, without quotes"),
    "bool_type": ("must be true or false", "write true or false, without quotes"),
    "list_type": ("must be a list", "begin each item with a hyphen"),
    "dict_type": ("must be a mapping", "write keys and values below it"),
    "model_type": ("must be a mapping", "write keys and values below it"),
    "missing": ("is missing", "give it"),
}


def _finding(model: type[Model], detail: ErrorDetails, path: str) -> UserError:
    """One complaint of pydantic in our words. The input itself is looked at, never shown."""
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    where = join(path, *location)
    if isinstance(detail["input"], Sealed):
        return sealed_where_clear(where)
    if kind == "extra_forbidden":
        return UserError(where, "there is no such setting", nearest(str(location[-1]), fields_at(model, location[:-1])))
    if kind == "refused":
        return UserError(
            join(where, context["field"]) if context["field"] else where, context["what"], context["instead"]
        )
    if kind == "clear_secret":
        return clear_secret(written((path, *location)))
    return UserError(where, *words(kind, detail["msg"]))


def words(kind: str, message: str) -> tuple[str, str]:
    """What is wrong and what to write instead, by pydantic's kind of error; its own message where we have none."""
    if kind == "literal_error":
        return "is not one of the choices", f"use {message.removeprefix('Input should be ')}"
    return _WORDS.get(kind, ("is not valid", message[0].lower() + message[1:]))


def sealed_where_clear(where: str) -> UserError:
    """An encrypted value feeds a setting that shows in resources, plans and outputs."""
    return UserError(where, "takes no encrypted value", "set it in clear: `pulumi config set --path`")


def clear_secret(where: str) -> UserError:
    """A secret stands in the stack file for everyone to read."""
    command = f"take it out and run `pulumi config set --secret --path 'qiao:{where}'`"
    return UserError(where, "is a secret in clear", command)


def fields_at(model: type[Model], location: Sequence[str | int]) -> list[str]:
    """Names of the settings that a model knows at a place below it."""
    current: Any = model
    for part in location:
        field = _fields(current).get(str(part)) if _is_model(current) else None
        current = _model_in(field.annotation if field else current)
    return list(_fields(current)) if _is_model(current) else []


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Model)


def _fields(model: type[Model]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    """The model that a type holds, through optional, list and mapping."""
    if _is_model(annotation):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def holds_secrets(annotation: Any) -> bool:
    """Whether a setting's type is a secret, or a mapping of secrets."""
    return annotation is SecretStr or any(holds_secrets(part) for part in get_args(annotation))


def missing_secrets(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where settings name a secret whose value is still to be set: a key with nothing behind it, or a needed one."""
    if isinstance(value, Model):
        for alias, (name, field) in zip(_fields(type(value)), type(value).model_fields.items(), strict=True):
            content, here = getattr(value, name), (*path, alias)
            if not holds_secrets(field.annotation):
                yield from missing_secrets(content, here)
            elif isinstance(content, Mapping):
                yield from ((*here, key) for key, secret in content.items() if secret is None)
            elif content is None and (name in value.model_fields_set or name in value.needs_secrets()):
                yield here
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from missing_secrets(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from missing_secrets(item, (*path, place))
