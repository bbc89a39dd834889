"""The component of each blueprint, by the word that settings choose it with; see `blueprints` for the settings."""

from __future__ import annotations

from stacks.agent import Agent
from stacks.application import Application
from stacks.llm_chat import LlmChat
from stacks.model_server import ModelServer
from stacks.static_site import StaticSite
from stacks.web_app import WebApp

APPLICATIONS: dict[str, type[Application]] = {
    "agent": Agent,
    "llm-chat": LlmChat,
    "model-server": ModelServer,
    "static-site": StaticSite,
    "web-app": WebApp,
}
"""The component of each blueprint."""
