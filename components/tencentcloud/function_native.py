"""What only Tencent Cloud knows about a function."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.checks import in_range, matches

WAITS = (60, 21_600)
"""Seconds that an asynchronous call may wait, least and most."""


@dataclass(frozen=True, kw_only=True)
class FunctionNative:
    """What only Tencent Cloud knows about a function."""

    handler: str = "index.main_handler"
    """What a code folder of kind event or task calls: file and function. Default `index.main_handler`."""
    registry_id: pulumi.Input[str] | None = None
    """Id of the TCR enterprise instance that the image lies in (`tcr-abcd1234`). Default: for an image of
    `*.tencentcloudcr.com`, the instance of that name in the function's region; for any other, the personal edition."""
    accelerate_image: bool = False
    """Whether the image is turned into a form that starts faster, while it is fetched. Default False."""
    internet_access: bool | None = None
    """Whether calls leave by the service's own way to the internet. Default: yes, unless the network has a fixed
    address of its own (`egress`), past which the called would see other addresses. An ExistingNetwork with its own way
    out: set False. Without a network it cannot be closed."""
    role_name: pulumi.Input[str] | None = None
    """A role that is there already, instead of one of the function's own; what it may do is its owner's affair.
    Default: a role with the function's `permissions`, none where it has none."""
    async_max_age_seconds: int = 21_600
    """Seconds after which an asynchronous call that waits is given up; used with `async_retries`. Default 21600, six
    hours. Limit: 60 to 21600."""
    url_for_region: bool = False
    """Whether `url.auth` network may mean any network of the region: the service's inner addresses know no network of
    their own, and nobody is checked there. Default False: refused."""

    def __post_init__(self) -> None:
        where = "FunctionNative"
        matches(
            f"{where}.handler", self.handler, r"(?=.{2,60}$)[A-Za-z][A-Za-z0-9_.:-]*[A-Za-z0-9]",
            "2 to 60 letters, digits and '_.:-', a letter first, such as index.main_handler",
        )  # fmt: skip
        matches(f"{where}.registry_id", self.registry_id, r"tcr-[a-z0-9]+", "an id such as tcr-abcd1234")
        matches(f"{where}.role_name", self.role_name, r"[A-Za-z0-9_.@-]{1,128}", "the role's name, no resource path")
        in_range(f"{where}.async_max_age_seconds", self.async_max_age_seconds, *WAITS, "seconds")
