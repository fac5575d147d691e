"""Where real market data lives for tests that use it; such tests skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return the path of a real data file, or skip the calling test where the folder is absent."""
    folder = Path(os.environ.get("HEDGEROW_DATA", str(_BESIDE_THE_PROJECT)))
    path = folder / name
    if not path.exists():
        pytest.skip(f"real data file {name} is not here; set HEDGEROW_DATA to its folder")
    return path
