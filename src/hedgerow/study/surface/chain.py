"""Read the files of a surface study: the chain on one date, and options held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.cells import read_cells, with_numbers
from hedgerow.market.dates import moment, written
from hedgerow.market.surface import OptionChain
from hedgerow.study.surface.words import ChainWords, SurfaceStudy


def read_chain(words: ChainWords, folder: Path) -> tuple[OptionChain, list[str]]:
    """Return the chain of one date, and what to beware of.

    Raises
    ------
    HedgerowError
        One sentence where the file, a column or a value does not serve.
    """
    path = folder / words.file
    cells, _ = read_cells(path, "quotes")
    frame = cells.where(cells != "")
    at = None if words.at is None else moment(words.at, "at")
    try:
        try:
            chain = OptionChain.from_frame(frame, words.columns, spot=words.spot)
        except ColumnError:
            # A file of one date need not carry it; any other column that is missing is refused again.
            if at is None:
                raise
            chain = OptionChain.from_frame(frame, words.columns, at=at, spot=words.spot)
    except ColumnError as error:
        raise ColumnError(f"{path.name}: {error} (--column expiry=exp_date); a missing date may be --at") from None
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None
    chain, said = _of_one_date(chain, at, path.name)
    if words.style is None:
        return chain, said
    if chain.style not in (None, words.style):
        said.append(f"{path.name} says {chain.style} of its options and the style given, {words.style}, is used")
    return chain.with_columns(style=words.style), said


def _of_one_date(chain: OptionChain, at: pd.Timestamp | None, name: str) -> tuple[OptionChain, list[str]]:
    dates = chain.dates
    if at is not None:
        return chain.on(at), []
    if len(dates) == 1:
        return chain, []
    others = ", ".join(written(date) for date in dates[:-1][-5:])
    said = f"{name} holds {len(dates)} dates and the last, {written(dates[-1])}, is taken; --at takes another: {others}"
    return chain.on(dates[-1]), [said]


def read_held(file: str, folder: Path) -> pd.DataFrame:
    """Return held options: expiry, strike, kind, and what else the file says of them.

    Raises
    ------
    HedgerowError
        Where the file, a column or a value does not serve.
    """
    path = folder / file
    cells, lines = read_cells(path, "options")
    cells.columns = [str(name).strip().lower() for name in cells.columns]
    for name in ("expiry", "strike", "kind"):
        if name not in cells:
            hint = did_you_mean(name, list(cells.columns))
            raise ColumnError(f"{path.name} has no column {name!r}{hint}; held options need expiry, strike and kind")
    table = with_numbers(cells, lines, ["strike", "quantity"], path.name)
    expiries = [
        moment(text, f"{path.name}, line {line}: expiry") for text, line in zip(table["expiry"], lines, strict=True)
    ]
    return table.assign(expiry=expiries)


def discounts(study: SurfaceStudy, chain: OptionChain) -> dict[pd.Timestamp, float] | None:
    """Return the discount factor of each expiry whose rate is given, None where no rate is.

    Raises
    ------
    InputError
        Where a rate is given for an expiry that the chain does not have.
    """
    if study.rate is None and not study.rates:
        return None
    given = by_expiry(study.rates, chain, "rates")
    ends = chain.expiries
    years = chain.times.years(pd.Series(chain.at, range(len(ends))), pd.Series(ends))
    alive = {end: time for end, time in zip(ends, years, strict=True) if time > 0.0}
    rates = {end: given.get(end, study.rate) for end in alive}
    missing = [end for end, rate in rates.items() if rate is None]
    if missing:
        raise InputError(f"rates has none for expiry {written(missing[0])}; give it, or one rate for the others")
    return {end: float(np.exp(-(rates[end] or 0.0) * time)) for end, time in alive.items()}


def by_expiry(values: dict[str, float], chain: OptionChain, name: str) -> dict[pd.Timestamp, float]:
    """Return values keyed by the chain's expiries.

    Raises
    ------
    InputError
        Where a key is no date, or no expiry of the chain.
    """
    found = {moment(key, name): value for key, value in values.items()}
    unknown = [end for end in found if end not in chain.expiries]
    if unknown:
        known = ", ".join(written(end) for end in chain.expiries)
        raise InputError(f"{name} names the expiry {written(unknown[0])}; the chain has {known}")
    return found


def known_forwards(study: SurfaceStudy, chain: OptionChain, factors: dict[pd.Timestamp, float]) -> pd.DataFrame:
    """Return the forwards that a study gives, as the fit takes them."""
    given = by_expiry(study.forwards, chain, "forwards")
    table = pd.DataFrame({"expiry": sorted(given)})
    table["years"] = chain.times.years(pd.Series(chain.at, table.index), table["expiry"])
    table["forward"] = [given[end] for end in table["expiry"]]
    table["discount"] = table["expiry"].map(factors)
    return table[table["years"] > 0.0].reset_index(drop=True)
