"""What only Alibaba Cloud knows about a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pulumi

from components.alicloud.function_sizes import DISKS_MB, MOST_CALLS
from components.checks import in_range, matches
from components.errors import UserError

Affinity = Literal["NONE", "MCP_SSE", "GENERATED_COOKIE", "HEADER_FIELD"]
LAYER = r"acs:fc:[a-z0-9-]+:[A-Za-z0-9]+:layers/[A-Za-z0-9_-]+/versions/[0-9]+"
LONGEST_WAIT = 604_800
"""Most seconds that an asynchronous call may wait."""


@dataclass(frozen=True, kw_only=True)
class FunctionNative:
    """What only Alibaba Cloud knows about a function."""

    handler: str = "index.handler"
    """What a runtime of kind event calls: file and function. Default `index.handler`. Servers have none; the service
    wants a word all the same."""
    layers: Sequence[str] = ()
    """Layers put over a code folder, most important last (`acs:fc:cn-hangzhou:official:layers/Python310/versions/3`):
    a language that the runtime lacks. Its programs lie in /opt, outside PATH: say so in `env` or `command`. Default:
    none. Not for images."""
    disk_mb: int | None = None
    """Disk of an instance, 512 or 10240 MiB. Default: 512; beside a card 10240."""
    concurrency: int | None = None
    """Calls that one instance serves at once, taken as it is, up to 200: for a server that batches on a card. Default:
    the function's, which beside a card is at most 5."""
    health_delay_seconds: int = 0
    """Seconds until a new instance is first asked at `health_path`. Default 0. Limit: 0 to 120."""
    session_affinity: Affinity = "NONE"
    """Whether calls of one session meet one instance. Default NONE: any instance."""
    session_affinity_config: str | None = None
    """Its details, JSON as the service documents it. Default: the service's; needed with HEADER_FIELD."""
    always_allocate_cpu: bool | None = None
    """Whether an idle instance that is kept ready keeps its processor, at the full price: for work between calls.
    Default: yes for kind microservice without a card, else no."""
    always_allocate_gpu: bool = False
    """Whether an idle instance that is kept ready keeps its card computing, at the full price. Default False: frozen
    between calls, with what it has loaded, for a fraction of it."""
    internet_access: bool | None = None
    """Whether calls leave by the service's own way to the internet. Default: yes, unless the network has a fixed
    address of its own (`egress`), past which the called would see other addresses. An ExistingNetwork with its own way
    out: set False."""
    role_arn: pulumi.Input[str] | None = None
    """A role that is there already (`acs:ram::123:role/name`), instead of one of the function's own; what it may do is
    its owner's affair. Default: a role with what the settings need."""
    async_max_age_seconds: int = 86_400
    """Seconds after which an asynchronous call that waits is given up. Default 86400, a day. Limit: 1 to 604800."""
    resource_group_id: pulumi.Input[str] | None = None
    """The account's own resource group that it lies in. Default: the account's default one."""

    def __post_init__(self) -> None:
        where = "FunctionNative"
        if self.disk_mb is not None and self.disk_mb not in DISKS_MB:
            raise UserError(f"{where}.disk_mb", f"{self.disk_mb} is not given out", "use 512 or 10240")
        if self.session_affinity not in get_args(Affinity):
            what = f"{self.session_affinity!r} is unknown"
            raise UserError(f"{where}.session_affinity", what, "use one of " + ", ".join(get_args(Affinity)))
        if self.session_affinity == "HEADER_FIELD" and self.session_affinity_config is None:
            raise UserError(f"{where}.session_affinity_config", "which header is not said", "give it")
        if self.session_affinity == "NONE" and self.session_affinity_config is not None:
            raise UserError(f"{where}.session_affinity_config", "there is no affinity", "set session_affinity too")
        in_range(f"{where}.concurrency", self.concurrency, 1, MOST_CALLS, "calls")
        in_range(f"{where}.health_delay_seconds", self.health_delay_seconds, 0, 120, "seconds")
        in_range(f"{where}.async_max_age_seconds", self.async_max_age_seconds, 1, LONGEST_WAIT, "seconds")
        matches(f"{where}.handler", self.handler, r"[^\s]{1,128}", "1 to 128 characters without spaces")
        matches(f"{where}.role_arn", self.role_arn, r"acs:ram::[0-9]+:role/\S+", "the role's ARN")
        for layer in self.layers:
            matches(f"{where}.layers", layer, LAYER, "acs:fc:<region>:<owner>:layers/<name>/versions/<number>")
