"""What a contract test must know of a cloud and cannot ask the vocabulary: a new cloud adds one module beside this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CANARY = "canary-{}-5b1f0c"

Effects = Mapping[tuple[str, str], set[str]]
"""What one field of the profile changes in each component's `full` case, from dev to prod's value: nothing else may.

Written `type.property` for an input, `type#option` for a resource option, `+ type` and `- type` for a resource. A
concept and field that are not listed have no effect.
"""


@dataclass(frozen=True, kw_only=True)
class CloudFacts:
    region: str
    zones: tuple[str, str]
    metric: str
    """Name of a metric of functions."""
    metric_group: str | None
    """Its sub-namespace, where the cloud has such."""
    system_policy: str
    """Name of one of the cloud's ready policies."""
    actions: tuple[str, str]
    """Two actions that a permission can name."""
    stateful: frozenset[str]
    """Types that hold data or take long to rebuild: protected where the profile protects."""
    retained: frozenset[str]
    """Those whose data outlives the stack where the profile retains."""
    retained_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Those that outlive the stack in one concept alone, by that: a security group does beside a database."""
    kept: Mapping[str, str]
    """Types that outlive their replacement in every profile, and why: dev clears them otherwise."""
    names: Mapping[str, str]
    """The property that holds the physical name, of every type with one."""
    other_names: Mapping[str, str]
    """`type.property` that ends in Name and is no physical name of ours, and why."""
    untagged: Mapping[str, str]
    """Types that take `tags` and must not carry ours, and why."""
    inside: Mapping[str, frozenset[str]]
    """Parts that are no resource of their own here: `cors`, `traces`, `ingress`, `route`, the `first block` and another
    `block` of a registry. What changes when one is added, as `differences` writes it."""
    group_members: frozenset[str]
    """What changes of a contact group when a contact joins it, as `differences` writes it."""
    jwt_wants_domain: bool = False
    """Whether a gateway checks tokens in front of a domain alone."""
    longest_wait: int = 700
    """Seconds that the cases' longest route waits."""
    mounts_buckets: bool = True
    """Whether a function can mount a bucket as a folder."""
    natives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fields of the cloud's own extras that a case (`alerts full`) sets: above all secret ones."""
