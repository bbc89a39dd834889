"""Secrets of settings: which values were stored encrypted, which settings take one, and how they reach resources.

Pulumi hands programs decrypted values beside plain ones and does not say which is which inside an object. So the paths
that are stored `secure:` are learned from the stack file, their values wrapped in `Sealed` before validation, and only
fields of the type `Secret` unwrap them: an encrypted value anywhere else, or a secret written in clear, is an error.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

import pulumi
from pydantic import BeforeValidator, SecretStr
from pydantic_core import PydanticCustomError

from stacks.stagefile import SettingPath, is_placeholder


class Sealed:
    """A value that was stored encrypted. Its text is a mask."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "[secret]"


def seal(value: Any, path: SettingPath, secret_paths: Collection[SettingPath]) -> Any:
    """A configuration value with everything at `secret_paths` wrapped in `Sealed`."""
    if path in secret_paths:
        return Sealed(str(value))
    if isinstance(value, dict):
        return {key: seal(item, (*path, key), secret_paths) for key, item in value.items()}
    if isinstance(value, list):
        return [seal(item, (*path, place), secret_paths) for place, item in enumerate(value)]
    return value


def _unseal(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.value
    if value is not None:
        raise PydanticCustomError("clear_secret", "a secret in clear")
    return value


Secret = Annotated[SecretStr, BeforeValidator(_unseal)]
"""The type of a secret setting: takes an encrypted value only, so that no secret is ever committed in clear."""


def is_known(value: SecretStr) -> bool:
    """Whether a secret's content is there to be checked; offline it is not."""
    return not is_placeholder(value.get_secret_value())


def output(value: SecretStr) -> pulumi.Output[str]:
    """A secret setting on its way to a resource: the one place where it leaves its wrapping."""
    return pulumi.Output.secret(value.get_secret_value())
