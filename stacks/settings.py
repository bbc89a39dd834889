"""The settings of a stage: `qiao:apps`, `qiao:clouds`, `qiao:profile` and `qiao:tags`, read and checked as a whole.

Every mistake is found in one run, before anything is declared, and named by its path (`apps.agent.memory_mb`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from components import CLOUDS, cloud
from components.errors import UserError
from components.scope import Profile, check_tags
from stacks import links, region_parts
from stacks.app_settings import AppSettings, Uses
from stacks.blueprints import SETTINGS
from stacks.model import Model, SettingsError, at, join, missing_secrets, nearest, parse
from stacks.natives import check_natives
from stacks.region_settings import ZONES, RegionSettings
from stacks.secrets import Sealed, seal
from stacks.stagefile import STAGE, STAGE_WORDS, SettingPath, is_placeholder, placeholder, placeholders, written

KEYS = ("apps", "clouds", "profile", "tags")
"""The configuration keys of the namespace `qiao`."""

RESERVED_APPS = ("checklist", "foundation", "shared")
"""Names that the stack's own outputs and components bear."""

REGION_CONCEPTS = ("network", "registry", "observability", "bucket")


class ProfileSettings(Model):
    """What the stage asks of everything in it, where that differs from its profile: prod's, or dev's for all else."""

    high_availability: bool | None = None
    """Whether stateful services and gateways span two zones. Default: true in prod."""
    protect: bool | None = None
    """Whether what holds data refuses deletion. Default: true in prod."""
    retain: bool | None = None
    """Whether data outlives the stack when it is taken out of the settings. Default: true in prod."""
    private_access: bool | None = None
    """Whether services get private endpoints beside the public one. Default: true in prod."""
    open_to_world: bool | None = None
    """Whether an address list may hold 0.0.0.0/0, and an image the tag latest. Default: true except in prod."""
    encrypt: bool | None = None
    """Whether stored logs are encrypted too. Default: true in prod."""
    versioned: bool | None = None
    """Whether buckets keep old versions. Default: true in prod."""
    log_retention_days: int | None = None
    """Days that logs and traces are kept, 1 to 3650. Default 180 in prod, else 7."""
    backup_retention_days: int | None = None
    """Days that database backups are kept, 7 to 365. Default 30 in prod, else 7."""
    size: Literal["small", "medium", "large"] | None = None
    """How large services with machine sizes are. Default medium in prod, else small."""
    urgent_alerts: bool | None = None
    """Whether alarms call phones. Default: true in prod."""


class TagSettings(Model):
    """The user's own tags."""

    tags: dict[str, str] = Field(default_factory=dict)
    """Tag values by key, on every resource that takes tags. Default: none."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A stage's settings, checked."""

    apps: Mapping[str, AppSettings]
    """Applications by name, each after those it links to."""
    regions: Mapping[tuple[str, str], RegionSettings]
    """What is shared, by cloud and region, where an application uses it."""
    profile: Profile
    """What the stage asks of its resources."""
    tags: Mapping[str, str]
    """The user's own tags."""
    unset: tuple[str, ...] = ()
    """Configuration paths of secrets that are still to be set (offline only; else it is an error)."""

    def uses(self, place: tuple[str, str]) -> Uses:
        """What the applications of a cloud and region need of what they share."""
        needed = Uses()
        for app in self.apps.values():
            if (app.cloud, app.region) == place:
                needed |= app.uses
        return needed


def read(
    config: Mapping[str, str], stage: str, *, secret_paths: Collection[SettingPath] = (), offline: bool = False
) -> Settings:
    """Read and check a stage's settings.

    Args:
        config: configuration by full key (`qiao:apps`), objects as JSON; other namespaces are left alone.
        stage: the stage's name.
        secret_paths: where values stand that were stored encrypted. Placeholders are known as such anyway.
        offline: whether what is still to be done (secrets to set, code to build) is not refused, as in `qiao plan`:
            secrets are listed (`unset`), the rest is in the applications' checklists.

    Raises SettingsError with everything that is wrong; a secret's value is never part of it.
    """
    known = {f"qiao:{key}" for key in KEYS}
    for key in config:
        if key.startswith("qiao:") and key not in known:
            raise UserError(key, "there is no such setting", nearest(key, sorted(known)))
    paths = set(secret_paths)
    raw = {key: _decode(config, f"qiao:{key}", paths) for key in KEYS}
    for key, value in raw.items():
        paths |= set(placeholders(value, (f"qiao:{key}",)))
    sealed = {key: seal(value, (f"qiao:{key}",), paths) for key, value in raw.items()}
    reader = _Reader(stage)
    settings = reader.read(sealed)
    unset = list(missing_secrets({"qiao:apps": settings.apps, "qiao:clouds": reader.clouds}, ()))
    if unset and not offline:
        command = "run `pulumi config set --secret --path '{}'`"
        raise SettingsError([UserError(_shown(path), "is not set", command.format(written(path))) for path in unset])
    if not offline and (undone := list(_undone(settings))):
        raise SettingsError(undone)
    if unset:
        filled = read(dict(config) | _filled(raw, unset), stage, secret_paths=paths | set(unset), offline=True)
        return Settings(**{**vars(filled), "unset": tuple(written(path) for path in unset)})
    return settings


def _decode(config: Mapping[str, str], key: str, secret_paths: Collection[SettingPath]) -> Any:
    if key not in config:
        return {}
    if (key,) in secret_paths or is_placeholder(config[key]):
        return config[key]
    try:
        return json.loads(config[key])
    except ValueError:
        raise UserError(key.removeprefix("qiao:"), "must be a mapping", "write keys and values below it") from None


def _undone(settings: Settings) -> Iterator[UserError]:
    """What is to be done before `up`, by applications that it would bring up."""
    for name, app in settings.apps.items():
        for one in app.unready() if app.enabled else ():
            yield UserError(join("apps", name, *one.where.split(".")), one.what, one.instead)


def _shown(path: SettingPath) -> str:
    return written(path).removeprefix("qiao:")


def _filled(raw: Mapping[str, Any], unset: Collection[SettingPath]) -> dict[str, str]:
    """The configuration with placeholders where secrets are still to be set."""
    for path in unset:
        place = raw[str(path[0]).removeprefix("qiao:")]
        for part in path[1:-1]:
            place = place[part]
        place[path[-1]] = placeholder(path)
    return {f"qiao:{key}": json.dumps(value) for key, value in raw.items() if value}


class _Reader:
    """Reads all parts and collects what is wrong with each, so that one run tells everything."""

    def __init__(self, stage: str) -> None:
        self.stage, self.findings = stage, list[UserError]()
        self.clouds: dict[str, dict[str, RegionSettings]] = {}

    def read(self, raw: Mapping[str, Any]) -> Settings:
        """The settings, or SettingsError with every finding."""
        self._try(self._stage)
        profile = self._try(self._profile, raw["profile"])
        tags = self._try(self._tags, raw["tags"])
        for name, regions in self._items(raw["clouds"], "clouds"):
            found = self._try(self._cloud, name, regions)
            self.clouds[name] = found or {}
        apps = {name: self._try(self._app, name, app) for name, app in self._items(raw["apps"], "apps")}
        self._refuse_findings()
        settled = {name: app for name, app in apps.items() if app is not None}
        if not settled:
            raise UserError("apps", "there is none", "describe one below qiao:apps, as the examples do")
        for name, app in settled.items():
            self._try(self._apart, name, settled)
            self._try(self._placed, name, app)
        for place in sorted({(app.cloud, app.region) for app in settled.values() if not app.stands_alone}):
            self._try(self._grounded, *place)
        self._refuse_findings()
        order = links.order({name: app.links for name, app in settled.items()})
        used = {(app.cloud, app.region) for app in settled.values()}
        return Settings(
            apps={name: settled[name] for name in order},
            regions={(c, r): self.clouds[c][r] for c, r in sorted(used)},
            profile=profile or Profile.for_stage(self.stage),
            tags=tags or {},
        )

    def _try(self, step: Any, *args: Any) -> Any:
        try:
            return step(*args)
        except SettingsError as error:
            self.findings += error.findings
        except UserError as error:
            self.findings.append(error)
        return None

    def _refuse_findings(self) -> None:
        if self.findings:
            raise SettingsError(self.findings)

    def _items(self, value: Any, path: str) -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict):
            yield from value.items()
        elif isinstance(value, Sealed):
            self.findings.append(UserError(path, "is encrypted as a whole", "encrypt single values: `--secret --path`"))
        else:
            self.findings.append(UserError(path, "must be a mapping", "write keys and values below it"))

    def _stage(self) -> None:
        if not re.fullmatch(STAGE, self.stage):
            raise UserError("stage", f"{self.stage!r} is not valid", f"use {STAGE_WORDS}")

    def _profile(self, raw: Any) -> Profile:
        given = parse(ProfileSettings, raw, "profile").model_dump()
        with at("profile"):
            return Profile.for_stage(self.stage).override(**given)

    def _tags(self, raw: Any) -> Mapping[str, str]:
        tags = parse(TagSettings, {"tags": raw}, "").tags
        check_tags("tags", tags)
        return tags

    def _cloud(self, name: str, raw: Any) -> dict[str, RegionSettings]:
        path = join("clouds", name)
        if name not in CLOUDS:
            raise UserError(path, "there is no such cloud", nearest(name, CLOUDS))
        regions = {}
        for region, settings in self._items(raw, path):
            found = self._try(self._region, name, region, settings)
            if found:
                regions[region] = found
        return regions

    def _region(self, name: str, region: str, raw: Any) -> RegionSettings:
        path, known = join("clouds", name, region), cloud(name).facts.REGIONS
        if region not in known:
            raise UserError(path, "there is no such region", nearest(region, known))
        settings = parse(RegionSettings, raw, path)
        if settings.lender == self.stage:
            raise UserError(join(path, "from"), "a stage cannot borrow from itself", "name another stage")
        region_parts.check(settings, region, path)
        check_natives(cloud(name), settings.native, REGION_CONCEPTS, join(path, "native"))
        return settings

    def _app(self, name: str, raw: Any) -> AppSettings:
        path = join("apps", name)
        if not isinstance(raw, dict):
            # Said in the models' words, which are the same whatever the blueprint.
            return parse(AppSettings, raw, path)
        if not re.fullmatch(STAGE, name):
            raise UserError(path, "is no name for an application", f"use {STAGE_WORDS}")
        if name in RESERVED_APPS or name.startswith("shared-"):
            raise UserError(path, "the stack uses this name itself", "choose another")
        blueprint = raw.get("blueprint")
        if blueprint is None:
            raise UserError(join(path, "blueprint"), "is missing", "use one of " + ", ".join(sorted(SETTINGS)))
        if not isinstance(blueprint, str):
            return parse(AppSettings, {key: raw[key] for key in raw if key in AppSettings.model_fields}, path)
        if blueprint not in SETTINGS:
            raise UserError(join(path, "blueprint"), "there is no such blueprint", nearest(blueprint, sorted(SETTINGS)))
        return parse(SETTINGS[blueprint], raw, path)

    def _apart(self, name: str, apps: Collection[str]) -> None:
        """Refuse a name that begins with another application's: resources of both would be named alike."""
        for other in apps:
            if name.startswith(f"{other}-"):
                what = f"begins with the name of application {other}, and so would names of its resources"
                raise UserError(join("apps", name), what, "choose a name that begins otherwise")

    def _grounded(self, cloud: str, region: str) -> None:
        """Refuse a region without zones where an application needs what is shared there."""
        settings = self.clouds.get(cloud, {}).get(region)
        if settings is not None and not settings.has_ground:
            raise UserError(join("clouds", cloud, region, "zones"), "is missing", ZONES)

    def _placed(self, name: str, app: AppSettings) -> None:
        """Check what an application says of its cloud."""
        path = join("apps", name)
        if app.cloud not in CLOUDS:
            raise UserError(join(path, "cloud"), "there is no such cloud", nearest(app.cloud, CLOUDS))
        known = cloud(app.cloud).facts.REGIONS
        if app.region not in known:
            raise UserError(join(path, "region"), "there is no such region", nearest(app.region, known))
        place = self.clouds.get(app.cloud, {}).get(app.region)
        where = join("clouds", app.cloud, app.region)
        if place is None:
            instead = "write `{}` behind it" if app.stands_alone else "give its zones: [<region>-a, <region>-b]"
            raise UserError(where, f"is missing, and {name} runs there", instead)
        for where, variable in app.variables():
            if variable in cloud(app.cloud).policies.KEY_VARIABLES:
                raise UserError(join(path, where), "Qiao writes this variable itself", "leave it out")
        for where, native, concepts in app.natives():
            check_natives(cloud(app.cloud), native, concepts, join(path, where))
