"""The blueprints: which applications there are, by the word that settings choose them with."""

from __future__ import annotations

from stacks.agent_settings import AgentSettings
from stacks.app_settings import AppSettings

SETTINGS: dict[str, type[AppSettings]] = {"agent": AgentSettings}
"""The settings model of each blueprint."""
