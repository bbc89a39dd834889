"""The base of this cloud's gaps: whose credentials their calls use."""

from __future__ import annotations

from components.gaps import base
from components.gaps.base import GapProvider, Props, gone, known
from components.tencentcloud.gaps.credentials import CARRIED

__all__ = ["Gap", "GapProvider", "Props", "gone", "known"]


class Gap(base.Gap, module="tencentcloud", name="Gap"):
    """The base of every gap's resource on this cloud."""

    CARRIED = CARRIED
