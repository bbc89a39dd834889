"""Whose credentials the gaps use: those of the environment, exactly as the provider's plugin picks them.

They are read inside a method when a call is made. Nothing of them is in a provider object, in inputs or in state.
"""

from __future__ import annotations

from typing import Final

from components.gaps.credentials import Carried

ACCESS_KEY: Final = ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID")
SECRET_KEY: Final = ("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET")
TOKEN: Final = ("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN")
"""Names of each part, in the plugin's own order. Each part is picked for itself, so names may be mixed."""

CARRIED: Final = Carried(
    package="alicloud",
    arguments={
        "access_key": ("accessKey", ACCESS_KEY),
        "secret_key": ("secretKey", SECRET_KEY),
        "security_token": ("securityToken", TOKEN),
    },
    roles={"assumeRole": "ALICLOUD_ASSUME_ROLE_ARN", "assumeRoleWithOidc": "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
)
