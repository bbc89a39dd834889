"""What tells one version of a function from the next."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pulumi


def version_key(salt: pulumi.Output[str], identity: pulumi.Input[str], chosen: Mapping[str, Any]) -> pulumi.Output[str]:
    """A hash of the code and of all settings, secret values included.

    It stands in clear in state and in the service's list of releases. Keyed with a random secret, it says nothing of
    the values, not even to one who guesses them.

    Args:
        salt: the random secret, kept in state.
        identity: what changes when the code does.
        chosen: the settings.
    """
    stated = {key: value for key, value in chosen.items() if value is not None}
    content = pulumi.Output.json_dumps({"code": identity, "settings": stated}, sort_keys=True)
    keyed = pulumi.Output.all(salt, content).apply(_hash)
    return pulumi.Output.unsecret(keyed)


def _hash(parts: list[Any]) -> str:
    salt, content = parts
    return hmac.new(str(salt).encode(), str(content).encode(), hashlib.sha256).hexdigest()[:32]
