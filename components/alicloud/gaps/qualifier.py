"""What the gaps share that set something for one qualifier of a function: an alias or a version."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from pulumi.dynamic import CreateResult, UpdateResult

from components.alicloud.gaps.base import GapProvider, Props
from components.alicloud.gaps.client import FC, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError
from components.gaps.polling import when_free

PLACES: Final = ("Qualifier", "Alias", "Version", "Function")
"""Whose absence means that there is nothing set for it, by the nouns of the service's codes."""


class QualifierProvider(GapProvider):
    """Sets, reads and takes away one qualifier's own configuration: absolute values, made again where interrupted."""

    IDENTITY = ("region", "function_name", "qualifier")
    CONFIG: ClassVar[str]
    """Name of the configuration in the API's actions: `Get<name>`."""
    NOUN: ClassVar[str]
    """What codes call it when it is not there."""

    def create(self, props: Props) -> CreateResult:
        """Set it."""
        self.put(connect(props["region"]), props)
        return CreateResult(f"{props['function_name']}:{props['qualifier']}", self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Set it anew."""
        self.put(connect(news["region"]), news)
        return UpdateResult(self.inputs(news))

    def delete(self, _id: str, props: Props) -> None:
        """Take it away; a function or qualifier that is gone has none."""
        client = connect(props["region"])
        try:
            self.change(client, "Delete", props)
        except ApiError as error:
            if not error.missing(self.NOUN, *PLACES):
                raise

    def put(self, client: Client, props: Props) -> None:
        """Set it, and wait where there is something to wait for."""
        raise NotImplementedError

    def change(self, client: Client, verb: str, props: Props, body: dict[str, Any] | None = None) -> None:
        """Change it, once nobody else changes the function."""
        name, asked = str(props["function_name"]), {"qualifier": str(props["qualifier"])}
        request = asked if body is None else {**asked, "body": body}
        when_free(lambda: client.call(FC, f"{verb}{self.CONFIG}", name, request=request, idempotent=True))

    def config(self, client: Client, props: Props) -> dict[str, Any] | None:
        """What is set; None where nothing is."""
        asked = {"qualifier": str(props["qualifier"])}
        try:
            return client.call(FC, f"Get{self.CONFIG}", str(props["function_name"]), request=asked, idempotent=True)
        except ApiError as error:
            if error.missing(self.NOUN, *PLACES):
                return None
            raise
