"""From a fitted ratio to the contracts that hold it."""

from __future__ import annotations

from dataclasses import replace

from hedgerow._types import FloatArray
from hedgerow.hedgers import Rounding, Sizing, contracts_from_price_ratio, textbook_tailed_contracts
from hedgerow.study.prepare import LinearStudy, Prepared, contract_of


def size_hedges(ratios: FloatArray, data: Prepared, study: LinearStudy) -> tuple[Sizing, ...] | None:
    """Return contracts per hedge from the ratio for the next period, or None where something is not given.

    A ratio of returns becomes a ratio of units through the values (``scales``), never by itself; what rounding leaves
    out comes back to units of exposure the same way.
    """
    quantity = study.exposure.quantity
    contracts = [contract_of(study, number) for number in range(len(ratios))]
    if quantity is None or any(contract is None for contract in contracts):
        return None
    trading, sizings = study.trading, []
    for number, (ratio, contract) in enumerate(zip(ratios, contracts, strict=True)):
        assert contract is not None  # noqa: S101  (checked above; for the type checker)
        name = data.hedges[number]
        hedge_units = data.last_scales[data.exposure] / data.last_scales[name]
        per_unit = float(ratio) * hedge_units
        rounding = Rounding(trading.rounding)
        if trading.tailing == "textbook":
            spot = float(data.last_prices[data.exposure])
            traded = study.hedges[number].price or name
            future = float(data.last_prices[traded]) / contract.price_unit_factor
            sizing = textbook_tailed_contracts(
                per_unit, quantity, contract, spot_price=spot, futures_price=future, rounding=rounding
            )
        else:
            tail = trading.discount_factor if trading.tailing == "discount" else 1.0
            sizing = contracts_from_price_ratio(per_unit, quantity, contract, discount_factor=tail, rounding=rounding)
        sizings.append(replace(sizing, residual_exposure=sizing.residual_exposure / hedge_units))
    return tuple(sizings)
