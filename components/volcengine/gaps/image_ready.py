"""ImageReady: waits until the function service has copied a function's image.

The service copies the image after the function is created or updated; a release before that is refused, and the
provider neither waits nor repeats. An interrupted create left nothing behind: the next one waits on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone
from components.volcengine.gaps.client import VEFAAS, Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError, GapError

# Which words the service uses is not documented; these are those of its SDK's models and of public scripts
# (Succeeded, Ready, Failed, Running), with their obvious kin. A word in no list counts as "still going".
SYNCED: Final = frozenset({"success", "succeeded", "successful", "done", "finished", "completed", "ready", "synced"})
FAILED: Final = frozenset({"failed", "failure", "fail", "error", "canceled", "cancelled"})
NO_CACHE: Final = frozenset({"", "none", "disabled", "unused"})

GRACE_LOOKS: Final = 10
"""How often the service may say that it does not know the image yet: it learns of it some seconds after the update."""


def verdict(answer: Mapping[str, Any]) -> bool | None:
    """Whether the image is ready (True), has failed (False), or is still being copied (None)."""
    status, cache = (str(answer.get(key) or "").lower() for key in ("Status", "ImageCacheStatus"))
    if status in FAILED or cache in FAILED:
        return False
    cached = cache in SYNCED or cache in NO_CACHE or answer.get("ImageCacheEnabled") is False
    return True if status in SYNCED and cached else None


class ImageReadyProvider(GapProvider):
    """Waits on create, and again when the image changes."""

    IDENTITY = ("region", "function_id")
    SETTINGS = ("source",)

    def create(self, props: Props) -> CreateResult:
        """Wait for the image."""
        self._wait(props)
        return CreateResult(str(props["function_id"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Wait for the new image."""
        self._wait(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """That an image was copied stays true; only a function that is gone takes it along."""
        try:
            connect(props["region"]).call(VEFAAS, "GetFunction", {"Id": props["function_id"]}, idempotent=True)
        except ApiError as error:
            if error.missing:
                return gone()
            raise
        return ReadResult(id_, self.inputs(props))

    def _wait(self, props: Props) -> None:
        client, function_id, source = connect(props["region"]), str(props["function_id"]), str(props["source"])
        seconds = float(props.get("timeout_seconds") or 900)
        seen: list[str] = []

        def late() -> GapError:
            what = f"image {source} of function {function_id} is not ready after {seconds:.0f} s; last seen: {seen[-1]}"
            return GapError(
                what, "see that the tag exists, is linux/amd64 and not huge, and run `up` again: it waits on"
            )

        def probe() -> bool | None:
            answer = _ask(client, function_id, source, patience=len(seen) < GRACE_LOOKS)
            seen.append(_shown(answer))
            ready = verdict(answer)
            if ready is False:
                what = f"image {source} of function {function_id} cannot be copied: {seen[-1]}"
                raise GapError(what, "see that the image exists in this account's registry and is linux/amd64")
            return ready

        wait_until(probe, seconds=seconds, late=late)


def _ask(client: Client, function_id: str, source: str, *, patience: bool) -> dict[str, Any]:
    try:
        body = {"FunctionId": function_id, "Source": source}
        return client.call(VEFAAS, "GetImageSyncStatus", body, idempotent=True)
    except ApiError as error:
        if error.missing and patience:
            return {"Status": "unknown to the service", "Description": error.code}
        raise


def _shown(answer: Mapping[str, Any]) -> str:
    keys = ("Status", "Description", "ImageCacheStatus", "ImageCacheDescription")
    return ", ".join(f"{key} {answer[key]}" for key in keys if answer.get(key)) or "an empty answer"


class ImageReady(Gap, module="volcengine", name="ImageReady"):
    """A function's image, once the function service has copied it."""

    source: pulumi.Output[str]
    """The image reference, known when the image is ready: what a release must wait for."""

    def __init__(
        self,
        name: str,
        *,
        function_id: pulumi.Input[str],
        source: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            function_id: the function.
            source: its image reference, exactly as the function has it.
            region: region code.
            timeout_seconds: longest wait. Default 900: a large image takes minutes.
            opts: options; the parent is the component.
        """
        props = {"function_id": function_id, "source": source, "region": region, "timeout_seconds": timeout_seconds}
        super().__init__(ImageReadyProvider(), name, props, opts)
