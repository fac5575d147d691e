"""How well the ratio to hold next is known: its interval, that of the contracts, and what being wrong costs."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.hedgers.uncertainty import UncertaintyOptions, ratio_uncertainty
from hedgerow.study.prepare import contract_of

if TYPE_CHECKING:
    from hedgerow.study.ratio.run import RatioOutcome

BOOTSTRAP_REFITS = 100
UNCERTAINTY_FORMATS = {
    "hedge ratio": ".4f", "low": ".4f", "high": ".4f", "contracts low": ",.0f", "contracts high": ",.0f",
    "error cost": ".2f",
}  # fmt: skip
UNCERTAINTY_NOTE = (
    "Interval of the ratio to hold next and of contracts (negative = sell); the last column is what a ratio that is "
    "one standard error off costs, in points of variance reduction."
)


def uncertainty_table(race: RatioOutcome, *, resample: bool = True) -> pd.DataFrame:
    """Return, per method and hedge, the interval of the next ratio and of contracts, and what one error costs.

    Columns: ``hedge``, ``hedge_ratio``, ``low``, ``high``, ``contracts_low``, ``contracts_high`` (negative = sell) and
    ``error_cost``: points of variance reduction lost where the ratio is off by one standard error. Methods without a
    standard error get a bootstrap only where they came out best, and none without ``resample``, since each draw is a
    refit; NaN stands for what is not known.
    """
    study = race.study
    X = race.data.changes.values[list(race.data.hedges)].to_numpy(dtype=float)
    y = race.data.changes.values[race.data.exposure].to_numpy(dtype=float)
    sizes = [contract_of(study, number) for number in range(len(race.data.hedges))]
    known = [size for size in sizes if size is not None]
    contracts = known if len(known) == len(sizes) and study.changes == "diff" and study.level is None else None
    quantity = study.exposure.quantity
    options = UncertaintyOptions(study.judging.confidence, draws=BOOTSTRAP_REFITS, seed=study.judging.seed)
    from hedgerow.study.ratio.run import estimates

    rows = []
    for method in race.methods:
        fitted = method.estimator
        if not estimates(fitted) or (
            fitted.standard_error_ is None and not (resample and method.name == race.best.name)
        ):
            continue
        try:
            found = ratio_uncertainty(
                fitted, X, y, quantity=quantity, contracts=None if quantity is None else contracts, options=options
            )
        except (DataError, InputError):
            continue
        nothing = np.full(len(found.ratio), nan)
        low = nothing if found.contracts_low is None else found.contracts_low
        high = nothing if found.contracts_high is None else found.contracts_high
        for number, hedge in enumerate(race.data.hedges):
            rows.append(
                (
                    method.name, hedge, found.ratio[number], found.low[number], found.high[number], low[number],
                    high[number], found.error_cost.reduction[number],
                )
            )  # fmt: skip
    columns = ["method", "hedge", "hedge_ratio", "low", "high", "contracts_low", "contracts_high", "error_cost"]
    return pd.DataFrame(rows, columns=columns).set_index("method")


def uncertainty_sentence(race: RatioOutcome, table: pd.DataFrame) -> str | None:
    """Return interval, contracts and the cost of an error of the method ranked first; None where it has none.

    Only with a single hedge: several have a row each in the table.
    """
    name = race.best.name
    if len(race.data.hedges) != 1 or name not in table.index:
        return None
    row = {str(column): value for column, value in table.loc[name].items()}
    ends = [float(str(row["contracts_low"])), float(str(row["contracts_high"]))]
    contracts = "" if np.isnan(ends).any() else f", contracts {ends[0]:+,.0f} to {ends[1]:+,.0f}"
    return (
        f"{name}: {race.study.judging.confidence:.0%} interval of the ratio {row['low']:.4f} to {row['high']:.4f}"
        f"{contracts}; one standard error off costs {row['error_cost']:.2f} points of variance reduction"
    )
