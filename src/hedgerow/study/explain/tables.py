"""Tables of an explanation as terminal and report show them: prediction beside revaluation, position by position."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hedgerow.attribution import BookExplained
    from hedgerow.study.explain.run import ExplainOutcome

MONEY = ",.2f"
MOST_ROWS = 40
_LAST = ("unexplained", "residual", "total")


def beside(day: BookExplained) -> pd.DataFrame:
    """Return the prediction beside the revaluation, of the whole book.

    Returns
    -------
    DataFrame
        Index: parts of the prediction; ``predicted``, ``move``, ``revalued``. Parts that are 0 are left out, the last
        two rows are what is left and the total.
    """
    predicted, moved = (_shown(each) for each in (day.predict_totals(), day.explain_totals()))
    rows = [
        (left[0], left[1], right[0], right[1])
        for left, right in zip_longest(predicted[:-2], moved[:-2], fillvalue=("", None))
    ]
    rows += [(*left, *right) for left, right in zip(predicted[-2:], moved[-2:], strict=True)]
    frame = pd.DataFrame(rows, columns=["Greek", "predicted", "move", "revalued"]).set_index("Greek")
    return frame.astype({"predicted": float, "revalued": float})


def _shown(parts: pd.Series) -> list[tuple[str, float | None]]:
    found = [(str(name), float(money)) for name, money in parts.items() if money or name in _LAST]
    return [
        (name.replace("_", " "), 0.0 if name == "residual" and abs(money) < 0.005 else money) for name, money in found
    ]


def by_position(outcome: ExplainOutcome, which: str) -> pd.DataFrame:
    """Return one explanation by position, the largest profits first; parts that are 0 throughout are left out.

    Parameters
    ----------
    outcome : ExplainOutcome
    which : {"predict", "explain"}

    Returns
    -------
    DataFrame
        Index: the position in words; money by part, ``unexplained`` (of a prediction) and ``total``.
    """
    day = outcome.explained
    frame = (day.predict if which == "predict" else day.explain.drop(columns="residual")).copy()
    frame = frame.loc[:, (frame != 0.0).any(axis=0) | frame.columns.isin(_LAST)]
    order = frame["total"].abs().sort_values(ascending=False, kind="stable").index
    frame.index = pd.Index([position_words(row) for _, row in day.positions.iterrows()], name="position")
    return frame.iloc[order].rename(columns=lambda name: str(name).replace("_", " "))


def position_words(terms: pd.Series) -> str:
    """Return a position as people say it: ``-10 SPX call 4,000 2027-01-15``."""
    words = [f"{terms['quantity']:+,.6g}", str(terms["underlying"])]
    kind = str(terms.get("kind", ""))
    words.append(kind if kind in ("call", "put") else str(terms["instrument"]).replace("_", " "))
    if kind in ("call", "put") and terms["instrument"] not in ("european", "american"):
        words.insert(2, str(terms["instrument"]).replace("_", " "))
    if pd.notna(terms.get("strike")):
        words.append(f"{terms['strike']:,.10g}")
    if pd.notna(terms.get("expiry")):
        words.append(f"{terms['expiry']:%Y-%m-%d}")
    return " ".join(words) + (" (traded)" if terms["trade"] else "")


def vega_by_expiry(day: BookExplained) -> pd.DataFrame:
    """Return what vega and volga gave by expiry; the revaluation's volatility moves beside them."""
    expiry = day.positions["expiry"]
    parts = pd.DataFrame(
        {
            "vega": day.predict["vega"],
            "volga": day.predict["volga"],
            "volatility level": day.explain["volatility level"],
            "skew and term": day.explain["skew and term"],
        }
    )
    named = expiry.dt.strftime("%Y-%m-%d").rename("expiry")
    return parts.groupby(named, sort=True).sum()
