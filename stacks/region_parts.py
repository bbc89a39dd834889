"""Parts of components' arguments that a region's settings hold whatever uses them, and the checks on those alone."""

from __future__ import annotations

from components import cidr
from components.alerts import Contact, LogAlarm, MetricRule
from components.checks import shown, unique
from components.errors import UserError
from components.network import IngressRule, check_zones
from stacks.model import at, each, join
from stacks.region_settings import ExistingNetworkSettings, RegionSettings


def check(settings: RegionSettings, region: str, path: str) -> None:
    """Refuse what is wrong whether or not an application uses it.

    Args:
        settings: the region's settings.
        region: the cloud's region code.
        path: where they stand (`clouds.volcengine.cn-beijing`).
    """
    if settings.zones is not None:
        check_zones(join(path, "zones"), settings.zones, region)
    if settings.network:
        _check_network(settings.network, region, join(path, "network"))
    ingress(settings, path)
    unique(join(path, "contacts"), [contact.name for contact in contacts(settings, path)])
    unique(join(path, "alerts", "rules"), [rule.name for rule in rules(settings, path)])
    log_alarm(settings, path)


def _check_network(network: ExistingNetworkSettings, region: str, path: str) -> None:
    check_zones(join(path, "subnet_ids"), list(network.subnet_ids), region)
    for zone, block in network.subnet_cidrs.items():
        where = join(path, "subnet_cidrs", zone)
        if zone not in network.subnet_ids:
            raise UserError(where, f"{shown(zone)} has no subnet here", "use " + ", ".join(network.subnet_ids))
        cidr.parse(where, block)
    cidr.refuse_overlap(join(path, "subnet_cidrs"), list(network.subnet_cidrs.values()))
    if network.cidr is not None:
        cidr.parse(join(path, "cidr"), network.cidr)


def ingress(settings: RegionSettings, path: str) -> list[IngressRule]:
    """Traffic let in."""
    given = [rule.model_dump(exclude_none=True) for rule in settings.ingress]
    return each(join(path, "ingress"), IngressRule, given)


def contacts(settings: RegionSettings, path: str) -> list[Contact]:
    """Whom alarms tell."""
    given = [one.model_dump(exclude_none=True) for one in settings.contacts]
    return each(join(path, "contacts"), Contact, given)


def rules(settings: RegionSettings, path: str) -> list[MetricRule]:
    """Alarms on metrics."""
    given = [rule.model_dump(exclude_none=True) for rule in settings.alerts.rules]
    return each(join(path, "alerts", "rules"), MetricRule, given)


def log_alarm(settings: RegionSettings, path: str) -> LogAlarm | None:
    """Alarm on log lines."""
    given = settings.alerts.log_alarm
    with at(path):
        return LogAlarm(**given.model_dump(exclude_none=True)) if given else None
