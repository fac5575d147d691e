"""Which policy to use: cost against risk, the best width or interval by search, and the reason in words."""

from __future__ import annotations

__all__: list[str] = []
