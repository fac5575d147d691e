"""What every band is: no trade inside, and outside of it a trade to its edge, its middle or the target."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import maximum, minimum, where
from hedgerow.kernels.rules import Rule, Stage, rule, run_stages
from hedgerow.policies.base import PolicyTerms, RulePolicy

Destination = Literal["edge", "middle", "target"]
"""Where a band trades to: its nearest edge, its middle, or the hedger's target (the middle of most bands)."""

RELATIVE_SLACK = 1.0 + 1e-9
ABSOLUTE_SLACK = 1e-12


@rule("fires", "goes")
def leave_to_edge(held, centre, width, *, slack):  # type: ignore[no-untyped-def]
    """Fire outside the band and go to its nearest edge."""
    fires = where(abs(centre - held) > width * RELATIVE_SLACK + slack, 1.0, 0.0)
    return fires, minimum(maximum(held, centre - width), centre + width)


@rule("fires", "goes")
def leave_to_point(held, centre, width, point, *, slack):  # type: ignore[no-untyped-def]
    """Fire outside the band and go to a point: its middle or the target."""
    return where(abs(centre - held) > width * RELATIVE_SLACK + slack, 1.0, 0.0), point


class BandPolicy(RulePolicy):
    """Trades where what is held is further than a half-width from the middle of the band.

    A tie does not trade: the half-width counts with a tolerance of 1e-9 of itself and 1e-12 of the size of the book.
    """

    to: Destination

    @abstractmethod
    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stages that write the half-width, in units of underlying, into ``goes_<slot>``."""

    def centre_row(self, slot: int) -> str:
        """Return the row in which the middle of the band stands: the target unless the band says otherwise."""
        return "target"

    def tie_unit(self, terms: PolicyTerms) -> float:
        """Return the units of underlying of which 1e-12 is nothing."""
        return max(terms.size, 1e-300)

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the stages of the width and the one that compares the holding with it."""
        fires, goes, centre = f"fires_{slot}", f"goes_{slot}", self.centre_row(slot)
        rows = {"fires": fires, "goes": goes, "width": goes, "centre": centre}
        slack = {"slack": ABSOLUTE_SLACK * self.tie_unit(terms)}
        if self.to == "edge":
            leave = Stage(leave_to_edge, slack, rows)
        else:
            leave = Stage(leave_to_point, slack, rows | {"point": "target" if self.to == "target" else centre})
        return (*self.width_stages(terms, slot), leave)

    def half_width(self, terms: PolicyTerms, step: int = 0, **rows: Any) -> FloatArray:
        """Return the half-width of the band, for pictures and tables.

        Parameters
        ----------
        terms : PolicyTerms
        step : int
            Number of the decision; the clock of ``terms`` counts from it.
        **rows : float or ndarray, any one shape
            What the band depends on: ``spot``, ``gamma``, ``implied``, ``target``. Logarithms follow by themselves.

        Returns
        -------
        ndarray, shape as the rows
            Units of underlying on either side of the middle.

        Raises
        ------
        InputError
            Where a row that the band depends on is not given.
        """
        known = {name: np.asarray(values, dtype=float) for name, values in rows.items()}
        with np.errstate(divide="ignore"):
            for name in {"spot", "gamma"} & set(known):
                known.setdefault(f"log_{name}", np.log(np.abs(known[name])))
        stages = self.width_stages(terms, 0)
        for stage in stages:
            missing = [name for name in stage.reads if name not in known]
            if missing:
                raise InputError(f"the width of {self!r} depends on {missing[0]}; give {missing[0]}=...")
            with np.errstate(all="ignore"):
                run_stages((stage,), known, step)
        shape = np.broadcast_shapes(*(np.shape(each) for each in known.values())) if known else ()
        return np.broadcast_to(np.asarray(known["goes_0"], dtype=float), shape)


@rule("width")
def same_width(*, half_width):  # type: ignore[no-untyped-def]
    """Write one half-width for every path."""
    return half_width


def width_stage(of: Rule, values: dict[str, Any], slot: int) -> Stage:
    """Return a stage whose output ``width`` is the scratch row of a slot."""
    return Stage(of, values, {"width": f"goes_{slot}"})
