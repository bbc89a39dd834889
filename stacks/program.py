"""The Pulumi program: settings in, foundations and applications out. `pulumi up`, `qiao plan` and tests run this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.config import is_config_secret
from pulumi.runtime.settings import SETTINGS

from components import cloud
from components.errors import UserError
from components.scope import Scope
from stacks import lender, preflight
from stacks.app_settings import AppSettings
from stacks.application import ApplicationArgs
from stacks.builders import APPLICATIONS
from stacks.checklist import PASSWORD_LINE, Checklist, image_commands, secret_lines
from stacks.foundation import Foundation, FoundationArgs
from stacks.links import Link
from stacks.loan import OUTPUT, SECRET_OUTPUT
from stacks.settings import KEYS, Settings, read
from stacks.site import Site
from stacks.stagefile import SettingPath, file_of, load

Place = tuple[str, str]


def deploy(project_dir: Path | None = None, *, offline: bool = False) -> None:
    """Declare everything that the current stack's settings ask for, and export what people and other stages need.

    Outputs: one mapping an application, by its name; `checklist`, what only a person can do; `foundation` and
    `foundation_secrets`, what feature stages borrow; `application_secrets`, keys that tokens are signed with.

    Args:
        project_dir: folder of the project's `Pulumi.yaml`: paths in settings begin there, and its stack file says which
            values are encrypted. Default: what the engine says.
        offline: whether secrets that nobody has set are listed in the checklist, instead of refused.

    Raises:
        UserError: settings are wrong. Nothing is declared then.
    """
    if project_dir is not None:
        # Components resolve folders of code against what the engine calls the root; offline nobody else sets it.
        SETTINGS.root_directory = str(project_dir.resolve())
    config, secret_paths = _config()
    settings = read(config, pulumi.get_stack(), secret_paths=secret_paths, offline=offline)
    _Program(settings, _root()).run()


def _config() -> tuple[dict[str, str], frozenset[SettingPath]]:
    """The configuration of namespace `qiao`, and where values stand in it that are stored encrypted."""
    values = {f"qiao:{key}": pulumi.Config("qiao").get(key) for key in KEYS}
    config = {key: value for key, value in values.items() if value is not None}
    secret_paths: frozenset[SettingPath] = frozenset()
    root = _root()
    path = file_of(root, pulumi.get_stack()) if root else None
    if path and path.is_file():
        file = load(path)
        secret_paths = file.secret_paths
        # Keys that nothing reads are there to be refused, not to be overlooked.
        config = {key: value for key, value in file.config.items() if key.startswith("qiao:")} | config
    for key in values:
        if is_config_secret(key) and not any(place[0] == key for place in secret_paths):
            name = path.name if path else "Pulumi.<stage>.yaml"
            raise UserError(key, "holds encrypted values that no stack file names", f"keep the settings in {name}")
    return config, secret_paths


def _root() -> Path | None:
    """The project's folder; None outside an engine, where the SDK answers with nothing, or a word that is no path."""
    root = Path(pulumi.get_root_directory() or ".")
    return root if root.is_absolute() else None


class _Program:
    """One run: foundations first, then applications, each after those it links to."""

    def __init__(self, settings: Settings, root: Path | None) -> None:
        self.settings, self.checklist = settings, Checklist()
        self.grounds = {place: self._ground(place, root) for place in settings.regions}
        self.links: dict[str, Link] = {}
        self.secrets: dict[str, Mapping[str, pulumi.Input[Any]]] = {}

    def run(self) -> None:
        """Declare and export everything."""
        preflight.check(self.settings, self.grounds, self._scope)
        self.checklist.add(secret_lines(self.settings.unset))
        foundations = {place: self._foundation(place) for place in self.settings.regions}
        for name, app in self.settings.apps.items():
            foundation = foundations[app.cloud, app.region]
            exports = self._application(name, app, foundation) if app.enabled else self._waiting(name, app, foundation)
            pulumi.export(name, exports)
        _export(OUTPUT, {place: foundation.exports() for place, foundation in foundations.items()})
        _export(SECRET_OUTPUT, {place: foundation.secret_exports() for place, foundation in foundations.items()})
        _export_secrets(self.secrets)
        pulumi.export("checklist", self.checklist.lines)

    def _scope(self, app: str, region: str) -> Scope:
        return Scope(
            project=pulumi.get_project(), stage=pulumi.get_stack(), app=app, region=region,
            profile=self.settings.profile, tags=self.settings.tags,
        )  # fmt: skip

    def _ground(self, place: Place, root: Path | None) -> FoundationArgs:
        name, region = place
        args = FoundationArgs(
            scope=self._scope("shared", region), cloud=cloud(name), settings=self.settings.regions[place],
            uses=self.settings.uses(place),
        )  # fmt: skip
        return replace(args, lends=lender.lends(args, root))

    def _foundation(self, place: Place) -> Foundation:
        name, region = place
        self.checklist.add(cloud(name).policies.OPENING_STEPS)
        return Foundation(f"shared-{name}-{region}", self.grounds[place])

    def _application(self, name: str, app: AppSettings, foundation: Foundation) -> dict[str, Any]:
        site = Site(
            name=name, cloud=cloud(app.cloud), scope=self._scope(name, app.region),
            region=self.settings.regions[app.cloud, app.region], shared_network=foundation.network,
            shared_logs=foundation.observability, registry=foundation.registry, artifacts=foundation.artifacts,
            links=self._links(app),
        )  # fmt: skip
        options = pulumi.ResourceOptions(provider=foundation.provider)
        arguments = ApplicationArgs(scope=site.scope, settings=app, site=site)
        application = APPLICATIONS[app.blueprint](name, arguments, options)
        self.links[name] = application.link()
        self.checklist.add(application.checklist())
        self.secrets[name] = application.secret_exports()
        return application.exports()

    def _links(self, app: AppSettings) -> Mapping[str, Link]:
        return {target: self.links[target] for target in app.links}

    def _waiting(self, name: str, app: AppSettings, foundation: Foundation) -> dict[str, Any]:
        """What to do for an application whose image is not there yet."""
        image = app.waits_for
        assert image and foundation.registry  # noqa: S101, PT018 - settings say so
        commands = image_commands(foundation.registry, image, default=name)
        login, *rest = commands.values()
        self.checklist.add(
            [login, PASSWORD_LINE, *rest, f"then take `enabled: false` out of apps.{name} and run `up` again"]
        )
        return {"enabled": False, "push_target": foundation.registry.push_target, **commands}


def _export(name: str, parts: Mapping[Place, Mapping[str, Any]]) -> None:
    nested: dict[str, dict[str, Any]] = {}
    for (cloud_name, region), values in _filled(parts.items()):
        nested.setdefault(cloud_name, {})[region] = dict(values)
    if nested:
        pulumi.export(name, nested)


def _export_secrets(applications: Mapping[str, Mapping[str, pulumi.Input[Any]]]) -> None:
    """What is secret of applications, apart: one secret makes a whole output secret."""
    if given := {name: dict(values) for name, values in applications.items() if values}:
        pulumi.export("application_secrets", given)


def _filled(items: Iterable[tuple[Place, Mapping[str, Any]]]) -> Iterable[tuple[Place, Mapping[str, Any]]]:
    return ((place, values) for place, values in items if values)
