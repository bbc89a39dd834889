"""The blueprints: which applications there are, by the word that settings choose them with."""

from __future__ import annotations

from stacks.agent_settings import AgentSettings
from stacks.app_settings import AppSettings
from stacks.llm_chat_settings import LlmChatSettings
from stacks.model_server_settings import ModelServerSettings
from stacks.static_site_settings import StaticSiteSettings
from stacks.web_app_settings import WebAppSettings

SETTINGS: dict[str, type[AppSettings]] = {
    "agent": AgentSettings,
    "llm-chat": LlmChatSettings,
    "model-server": ModelServerSettings,
    "static-site": StaticSiteSettings,
    "web-app": WebAppSettings,
}
"""The settings model of each blueprint."""
