"""What the stage that lends its foundation has of what not every foundation has, as its own stage file says.

Whether there is a trace store, or a login that may push, must be known before the lender's stack is asked: a function
has a variable or has it not. So the lender's file is read, and a loan that cannot be is told in the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from components.errors import UserError
from components.network import ExistingNetwork
from components.observability import ObservabilityArgs
from components.scope import Profile
from stacks import foundation
from stacks.foundation import FoundationArgs
from stacks.loan import KNOWN, LOGS, Lends
from stacks.model import join, parse
from stacks.region_settings import RegionSettings
from stacks.rehearsal import NAMED
from stacks.secrets import seal
from stacks.settings import ProfileSettings
from stacks.stagefile import StageFile, file_of, load, stages

CLOUDS, PROFILE = "qiao:clouds", "qiao:profile"


def lends(args: FoundationArgs, root: Path | None) -> Lends | None:
    """What the lender of a foundation has; None where nothing is borrowed.

    Args:
        args: what the foundation that borrows takes.
        root: folder of the project's stage files. None where nobody knows: the lender is then taken for one that has
            what its cloud makes by itself.

    Raises:
        UserError: there is no such stage, or it does not have what is to be borrowed.
    """
    stage = args.settings.lender
    if stage is None:
        return None
    if root is None:
        traces = args.cloud.Observability.trace_outputs(ObservabilityArgs(scope=args.scope))
        return Lends(logs=(*LOGS[:3], *traces))
    _check_stage(args, stage, stages(root))
    file = load(file_of(root, stage))
    with _told_of(file):
        lent = _foundation_of(args, file)
    _check_settings(args, lent)
    with _told_of(file):
        return Lends(network=_network(args, lent), login=_login(lent), logs=_logs(lent))


def _check_stage(args: FoundationArgs, stage: str, there: list[str]) -> None:
    if stage not in there:
        others = sorted(set(there) - {args.scope.stage})
        instead = "use one of " + ", ".join(others) if others else "leave it out"
        raise UserError(_where(args), f"there is no stage {stage}", instead)


def _check_settings(args: FoundationArgs, lent: FoundationArgs) -> None:
    """Refuse a lender that borrows itself, and zones that it has no subnet in."""
    stage, further = lent.scope.stage, lent.settings.lender
    if further is not None:
        raise UserError(_where(args), f"stage {stage} has none of its own: it borrows too", f"borrow from {further}")
    if not lent.settings.has_ground:
        raise UserError(_where(args), f"stage {stage} has nothing to lend: it names no zones", "name another stage")
    zones = _zones(lent.settings)
    for zone in args.settings.zones or []:
        if zone not in zones:
            what = f"stage {stage} has no subnet in {zone}"
            raise UserError(join(args.path, "zones"), what, "use " + ", ".join(zones))


def _where(args: FoundationArgs) -> str:
    return join(args.path, "from")


@contextmanager
def _told_of(file: StageFile) -> Iterator[None]:
    """Name the file in what is wrong with it: it is not the one that is brought up."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{file.path.name}: {error.where}", error.what, error.instead) from None


def _foundation_of(args: FoundationArgs, file: StageFile) -> FoundationArgs:
    """What the lender's own foundation takes."""
    cloud, region = args.place
    found = _below(file, cloud, region)
    if found is None:
        raise UserError(args.path, "there are no such settings", "name a stage that has, or add them there")
    settings = parse(RegionSettings, seal(found, (CLOUDS, cloud, region), file.secret_paths), args.path)
    given = parse(ProfileSettings, _decoded(file, PROFILE) or {}, "profile").model_dump()
    profile = Profile.for_stage(file.stage).override(**given)
    return replace(args, scope=replace(args.scope, stage=file.stage, profile=profile), settings=settings)


def _below(file: StageFile, *path: str) -> Any:
    value = _decoded(file, CLOUDS)
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _decoded(file: StageFile, key: str) -> Any:
    try:
        return json.loads(file.config.get(key, "null"))
    except ValueError:
        return None


def _zones(settings: RegionSettings) -> list[str]:
    return list(settings.network.subnet_ids) if settings.network else list(settings.zones or [])


def _network(args: FoundationArgs, lent: FoundationArgs) -> tuple[str, ...]:
    network = lent.settings.network
    if network is None:
        return KNOWN
    blocks = all(zone in network.subnet_cidrs for zone in args.settings.zones or [])
    return (*(["subnet_cidrs"] if blocks else []), *(["cidr"] if network.cidr is not None else []))


def _login(lent: FoundationArgs) -> bool:
    registry = lent.settings.registry
    if registry and registry.existing:
        return registry.existing.username is not None
    network = ExistingNetwork(vpc_id=NAMED, subnet_ids={}, security_group_id=NAMED)
    return lent.cloud.Registry.login_known(foundation.registry_args(lent, network))


def _logs(lent: FoundationArgs) -> tuple[str, ...]:
    existing = lent.settings.logs.existing
    if existing:
        return tuple(name for name in (*LOGS, "trace_token") if getattr(existing, name) is not None)
    return (*LOGS[:3], *lent.cloud.Observability.trace_outputs(foundation.observability_args(lent)))
