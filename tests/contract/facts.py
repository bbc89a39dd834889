"""What is known of each cloud.

These lists are written by hand from the clouds' documents, never derived from the components: they are the second
opinion that a component's own markings are held against.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.clouds import alicloud, volcengine
from tests.contract.clouds.shape import CANARY, CloudFacts, Effects

__all__ = ["CANARY", "EFFECTS", "FACTS", "CloudFacts"]

FACTS: Mapping[str, CloudFacts] = {"alicloud": alicloud.FACTS, "volcengine": volcengine.FACTS}
EFFECTS: Mapping[str, Effects] = {"alicloud": alicloud.EFFECTS, "volcengine": volcengine.EFFECTS}
