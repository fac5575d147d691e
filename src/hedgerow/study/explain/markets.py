"""Markets of an explain study: out of words and YAML files, checked to value the book that is explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.attribution import MOVES
from hedgerow.attribution.revaluation import checked_order
from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments import Book, MarketState, Underlying
from hedgerow.instruments.moments import moment_of
from hedgerow.study.explain.smiles import smiles_of

if TYPE_CHECKING:
    from hedgerow.study.explain.words import MarkedWords, MarketWords


def whole_order(first: Sequence[str]) -> tuple[str, ...]:
    """Return the order of all moves of a revaluation that makes some of them first.

    Raises
    ------
    InputError
        For an unknown move, or one said twice.

    Examples
    --------
    >>> whole_order(("volatility_level",))[:3]
    ('volatility level', 'carry', 'spot')
    """
    said = tuple(" ".join(name.replace("_", " ").lower().split()) for name in first)
    return checked_order((*said, *(move for move in MOVES if move not in said)), MOVES)


def state_of(words: MarketWords) -> MarketState:
    """Return the market that words say.

    Raises
    ------
    InputError
        For what is no date or no price.
    """
    for name, each in words.underlyings.items():
        if not each.spot > 0.0:
            raise InputError(f"the spot of {name} must be above 0, not {each.spot!r}")
    moment = moment_of(words.at, "at")
    known = {name: _underlying(name, each, moment) for name, each in words.underlyings.items()}
    return MarketState(words.at, known, words.currency, words.fx)


def _underlying(name: str, words: MarkedWords, moment: pd.Timestamp) -> Underlying:
    plain = words.model_dump(exclude={"dividends", "smile"})
    if words.smile:
        plain["vol"] = smiles_of(name, words.smile, moment)
    return Underlying(**plain, dividends=tuple(words.dividends.items()))


def market_of(words: str | MarketWords, folder: Path) -> MarketState:
    """Return the market of words, or of a YAML file of them.

    Parameters
    ----------
    words : str or MarketWords
    folder : path
        Where a file's name starts.

    Returns
    -------
    MarketState

    Raises
    ------
    FileError, StudyError
        One sentence with file, line and key.
    """
    if not isinstance(words, str):
        return state_of(words)
    from pydantic import ValidationError

    from hedgerow.study.explain.words import MarketWords
    from hedgerow.study.explanation import explain_validation_error
    from hedgerow.study.yaml_file import load_yaml

    document = load_yaml(folder / words)
    try:
        return state_of(MarketWords.model_validate(document.content))
    except ValidationError as error:
        raise explain_validation_error(error, document, MarketWords) from error


def check_markets(book: Book, before: MarketState, after: MarketState) -> None:
    """Refuse markets between which a book cannot be explained, before anything is valued.

    Raises
    ------
    InputError
        Where the market after is not later, counts in another currency, lacks an underlying, or a position expires
        between the two.
    """
    if after.moment <= before.moment:
        raise InputError(f"the market after ({after.moment}) must be later than the market before ({before.moment})")
    if before.currency != after.currency:
        raise InputError(
            f"the market before counts in {before.currency} and the market after in {after.currency}; give both in one"
        )
    for side, market in (("before", before), ("after", after)):
        for name in book.columns.names:
            if name not in market.underlyings:
                known, hint = ", ".join(market.underlyings), did_you_mean(name, market.underlyings)
                raise InputError(
                    f"the market {side} ({market.moment}) has no underlying {name!r}{hint} (it has {known}); the book "
                    "holds it"
                )
    expiry = pd.to_datetime(book.columns.expiry)
    for row in np.flatnonzero((expiry < after.moment) & ~pd.isna(expiry)):
        when = "before" if expiry[row] < before.moment else "between"
        if when == "before":
            remedy = "leave out what has expired"
        else:
            remedy = f"explain up to that moment (at: {expiry[row]:%Y-%m-%d %H:%M}), then leave it out"
        what = book.columns.described(int(row))
        place = f"before the market before ({before.moment})" if when == "before" else "between the two markets"
        raise InputError(f"{what} expires at {expiry[row]:%Y-%m-%d %H:%M}, {place}; {remedy}")
