"""Multivariate GARCH: covariances that move, and the ratio they forecast for the next row."""

from __future__ import annotations

__all__: list[str] = []
