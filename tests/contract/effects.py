"""What one field of the profile changes in each component's `full` case, from dev to prod's value: nothing else may.

Written `type.property` for an input, `type#option` for a resource option, `+ type` and `- type` for a resource.
"""

from __future__ import annotations

VOLCENGINE: dict[tuple[str, str], set[str]] = {
    ("network", "protect"): {
        "volcengine:vpc/vpc:Vpc#protect",
        "volcengine:vpc/subnet:Subnet#protect",
        "volcengine:nat/gateway:Gateway#protect",
        "volcengine:eip/address:Address#protect",
    },
    ("network", "retain"): {"volcengine:eip/address:Address#retain_on_delete"},
}

EFFECTS = {"volcengine": VOLCENGINE}
