"""What is known of each cloud.

These lists are written by hand from the clouds' documents, never derived from the components: they are the second
opinion that a component's own markings are held against.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.clouds import alicloud, tencentcloud, volcengine
from tests.contract.clouds.shape import CANARY, CloudFacts, Effects

__all__ = ["CANARY", "EFFECTS", "FACTS", "CloudFacts"]

_MODULES = {"alicloud": alicloud, "tencentcloud": tencentcloud, "volcengine": volcengine}
FACTS: Mapping[str, CloudFacts] = {name: module.FACTS for name, module in _MODULES.items()}
EFFECTS: Mapping[str, Effects] = {name: module.EFFECTS for name, module in _MODULES.items()}
