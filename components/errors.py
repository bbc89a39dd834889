"""The one kind of error a user sees: what is wrong, where, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pulumi import RunError


class UserError(RunError):
    """A mistake the user can mend: raised before anything is created, shown as one line, exit status 2.

    It is Pulumi's own RunError, which `pulumi up` shows without a traceback too.

    Args:
        where: the place the user wrote it (`apps.agent.memory_mb`, `NetworkArgs.zones of agent-net`).
        what: what is wrong, without ever repeating a secret value.
        instead: what is allowed, or what to do.
    """

    def __init__(self, where: str, what: str, instead: str) -> None:
        self.where, self.what, self.instead = where, what, instead
        super().__init__(f"{where}: {what}; {instead}")


class UnsupportedError(UserError):
    """A cloud cannot carry what was asked for. Names cloud, concept, field and the way round.

    Args:
        cloud: the cloud's name (`volcengine`).
        concept: the component (`Gateway`).
        field: the field of its Args (`routes[].auth=cloud`); empty for the concept as a whole.
        instead: what to use instead.
    """

    def __init__(self, cloud: str, concept: str, field: str, instead: str) -> None:
        self.cloud, self.concept, self.field = cloud, concept, field
        super().__init__(f"{cloud} {concept}.{field}".rstrip("."), f"not supported on {cloud}", instead)

    def moved(self, path: str, renamed: Mapping[str, str]) -> UnsupportedError:
        """The same, named by the setting that asked for it.

        Args:
            path: where the settings stand.
            renamed: the setting's name by the argument's, where they differ.
        """
        if not self.where.startswith(f"{self.cloud} "):
            return self
        error = UnsupportedError(self.cloud, self.concept, self.field, self.instead)
        field, _, value = self.field.partition("=")
        head = re.split(r"[.\[]", field, maxsplit=1)[0]
        # Of what settings list too, the whole place; else the last word: routes are nobody's settings.
        last = field.rpartition("].")[2]
        name = renamed[head] + field.removeprefix(head) if head in renamed else renamed.get(last, last)
        error.where = f"{path}.{name}" if name else path
        error.what = f"{value} is {self.what}" if value else f"is {self.what}"
        error.args = (f"{error.where}: {error.what}; {error.instead}",)
        return error
