"""Every quote of a chain kept, or dropped for a reason that is counted.

>>> import pandas as pd
>>> from hedgerow.market.surface import OptionChain, clean
>>> quotes = pd.DataFrame({
...     "date": "2011-01-03", "expiration": "2011-03-04", "strike": [95.0, 100.0, 105.0], "type": "call",
...     "bid": [7.1, 4.0, 0.0], "ask": [7.3, 3.9, 0.05]})
>>> cleaned = clean(OptionChain.from_frame(quotes))
>>> cleaned.quotes["reason"].tolist(), cleaned.red
(['', 'crossed', 'zero_bid'], True)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.hygiene.findings import KEPT, Finding, counted
from hedgerow.market.surface.chain import OptionChain

REASONS = {
    "duplicated": "the contract is quoted twice at that moment; the first row stays",
    "expired": "expiry has passed",
    "impossible_strike": "strike is missing or not above zero",
    "no_quote": "neither bid nor ask (0/0)",
    "one_sided": "one side is missing",
    "zero_bid": "nobody bids",
    "crossed": "bid above ask",
    "locked": "bid equals ask",
    "absurd_width": "ask minus bid is too wide for the price",
    "outside_bounds": "bid and ask lie outside the no-arbitrage bounds",
    "stale": "unchanged for too many sessions, or older than the limit",
}
"""Reason codes, in the order in which they are tried; a quote carries the first that applies."""

_NOT_BAD = ("expired", "stale")
_KEY = ["at", "expiry", "strike", "kind"]


@dataclass(frozen=True)
class CleaningOptions:
    """Thresholds of cleaning.

    Attributes
    ----------
    relative_width, least_width : float
        A quote is absurdly wide when ask - bid exceeds ``relative_width`` times the mid and ``least_width`` in money.
    stale_sessions : int
        A quote is stale once bid and ask have not moved over this many sessions.
    oldest : str
        With a column ``quoted``: a quote is stale when older than this, such as ``"30min"``.
    drop_stale : bool
        Stale quotes are flagged and kept; only with this option do they leave.
    keep_locked : bool
        Keep quotes whose bid equals their ask.
    red_share : float
        Share of bad quotes above which the finding is red.
    bounds_tolerance : float
        A quote may pass a no-arbitrage bound by this share of the forward, for spots and quotes of different moments.
    """

    relative_width: float = 1.0
    least_width: float = 0.5
    stale_sessions: int = 5
    oldest: str = "1D"
    drop_stale: bool = False
    keep_locked: bool = False
    red_share: float = 0.05
    bounds_tolerance: float = 1e-3

    def __post_init__(self) -> None:
        """Refuse thresholds without meaning."""
        for name in ("relative_width", "least_width", "red_share", "bounds_tolerance", "stale_sessions"):
            if not getattr(self, name) >= 0:
                raise InputError(f"cleaning option {name} must not be negative, got {getattr(self, name)!r}")


@dataclass(frozen=True)
class CleanedChain:
    """What cleaning kept and dropped.

    Attributes
    ----------
    chain : OptionChain
        The quotes kept.
    quotes : DataFrame
        All quotes with ``reason`` (empty where kept), ``stale`` (bool) and ``unchanged`` (sessions without a move).
    findings : tuple of Finding
        Sentences; one of kind ``bad_quotes`` where the share of bad quotes exceeds the limit.
    """

    chain: OptionChain
    quotes: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...]

    @property
    def dropped(self) -> pd.DataFrame:
        """Quotes that left, with their reason."""
        return self.quotes[self.quotes["reason"] != ""]

    @property
    def counts(self) -> pd.Series:
        """Number of quotes by reason, ``kept`` first."""
        found = self.quotes["reason"].replace("", KEPT).value_counts()
        return found.reindex([KEPT, *REASONS], fill_value=0).rename("quotes")

    @property
    def bad_share(self) -> float:
        """Share of bad quotes among those not expired: dropped for another reason than age."""
        alive = self.quotes["reason"] != "expired"
        bad = ~self.quotes["reason"].isin(["", *_NOT_BAD])
        return float(bad.sum() / alive.sum()) if alive.any() else 0.0

    @property
    def red(self) -> bool:
        """Whether the share of bad quotes is above the limit."""
        return any(finding.kind == "bad_quotes" for finding in self.findings)

    @property
    def ages(self) -> pd.Series:
        """Number of quotes by sessions without a move: the histogram of age."""
        return self.quotes["unchanged"].value_counts().sort_index().rename("quotes")


def clean(
    chain: OptionChain,
    options: CleaningOptions = CleaningOptions(),
    forwards: pd.DataFrame | None = None,
) -> CleanedChain:
    """Return every quote of a chain with the reason why it leaves, if it does.

    Parameters
    ----------
    chain : OptionChain
        Quotes of one date or several; staleness needs several.
    options : CleaningOptions
        Thresholds.
    forwards : DataFrame, optional
        ``expiry``, ``forward`` and ``discount``, such as the table of :func:`parity_forwards`, for one date: with it
        European quotes are held against their no-arbitrage bounds. American ones need the spot only.

    Notes
    -----
    Bounds, per unit: European call D max(F - K, 0) to D F, put D max(K - F, 0) to D K; American call max(S - K, 0) to
    S, put max(K - S, 0) to K. A quote leaves when its ask is below the lower bound or its bid above the upper one.
    """
    reason = np.full(len(chain), "", dtype=object)
    for name, wrong in _tests(chain, options, forwards).items():
        reason[wrong & (reason == "")] = name
    unchanged = _sessions_unchanged(chain.quotes)
    stale = (unchanged >= options.stale_sessions) | _too_old(chain.quotes, options)
    if options.drop_stale:
        reason[stale & (reason == "")] = "stale"
    quotes = chain.quotes.assign(reason=reason, stale=stale, unchanged=unchanged)
    kept = chain.where(reason == "")
    result = CleanedChain(kept, quotes, ())
    return CleanedChain(kept, quotes, tuple(_findings(result, options)))


def _tests(chain: OptionChain, options: CleaningOptions, forwards: pd.DataFrame | None) -> dict[str, BoolArray]:
    quotes, strike = chain.quotes, chain.quotes["strike"].to_numpy()
    tests = {
        "duplicated": quotes.duplicated(_KEY).to_numpy(),
        "expired": chain.years.to_numpy() < 0.0,
        "impossible_strike": ~(strike > 0.0),
    }
    if not chain.has_prices:
        return tests | {"no_quote": quotes["vol"].isna().to_numpy()}
    bid, ask = quotes["bid"].to_numpy(), quotes["ask"].to_numpy()
    no_bid, no_ask = np.isnan(bid), np.isnan(ask) | (ask <= 0.0)
    width, mid = ask - bid, 0.5 * (ask + bid)
    return tests | {
        "no_quote": (no_bid | (bid <= 0.0)) & no_ask,
        "one_sided": no_bid | no_ask,
        "zero_bid": bid <= 0.0,
        "crossed": bid > ask,
        "locked": (bid == ask) & (not options.keep_locked),
        "absurd_width": (width > options.relative_width * mid) & (width > options.least_width),
        "outside_bounds": _outside(chain, options, forwards, bid, ask),
    }


def _outside(
    chain: OptionChain, options: CleaningOptions, forwards: pd.DataFrame | None, bid: FloatArray, ask: FloatArray
) -> BoolArray:
    quotes = chain.quotes
    if forwards is not None:
        chain.at  # noqa: B018 - refuses several dates: forwards belong to one
        known = forwards.set_index("expiry").reindex(quotes["expiry"])
        forward, discount = known["forward"].to_numpy(), known["discount"].to_numpy()
    elif "spot" in quotes:
        forward, discount = quotes["spot"].to_numpy(), np.ones(len(quotes))
    else:
        return np.zeros(len(quotes), dtype=bool)
    american = quotes["style"].eq("american").to_numpy() if "style" in quotes else np.zeros(len(quotes), dtype=bool)
    if "spot" in quotes:
        forward = np.where(american, quotes["spot"].to_numpy(), forward)
        discount = np.where(american, 1.0, discount)
    judged = american | (forwards is not None)
    strike, sign = quotes["strike"].to_numpy(), np.where(quotes["kind"] == "call", 1.0, -1.0)
    slack = options.bounds_tolerance * forward
    lower = discount * np.maximum(sign * (forward - strike), 0.0) - slack
    upper = discount * np.where(sign > 0.0, forward, strike) + slack
    return np.asarray(judged & ((ask < lower) | (bid > upper)))


def _sessions_unchanged(quotes: pd.DataFrame) -> IntArray:
    """Return for each quote over how many sessions up to it bid and ask (or vol) have not moved."""
    sides = [name for name in ("bid", "ask", "vol") if name in quotes]
    contract = [quotes[name] for name in ("expiry", "strike", "kind")]
    moved = np.zeros(len(quotes), dtype=bool)
    for name in sides:
        before = quotes.groupby(["expiry", "strike", "kind"], sort=False, dropna=False)[name].shift()
        moved |= ~(quotes[name].eq(before) | (quotes[name].isna() & before.isna())).to_numpy()
    first = ~quotes.duplicated(["expiry", "strike", "kind"]).to_numpy()
    run = pd.Series(moved | first, quotes.index).groupby(contract, sort=False, dropna=False).cumsum()
    count = quotes.groupby([*contract, run], sort=False, dropna=False).cumcount()
    return np.asarray(count, dtype=np.int64)


def _too_old(quotes: pd.DataFrame, options: CleaningOptions) -> BoolArray:
    if "quoted" not in quotes:
        return np.zeros(len(quotes), dtype=bool)
    age = quotes["at"] - quotes["quoted"]
    if (age < pd.Timedelta(0)).any():
        row = int(np.argmax((age < pd.Timedelta(0)).to_numpy()))
        raise DataError(f"quoted is later than the date of the chain in row {row}; correct the time of the quote")
    return (age > pd.Timedelta(options.oldest)).to_numpy()


def _findings(cleaned: CleanedChain, options: CleaningOptions) -> list[Finding]:
    counts = cleaned.counts[lambda found: found > 0].drop(KEPT, errors="ignore")
    listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    total, dropped = len(cleaned.quotes), int(counts.sum())
    findings = []
    if dropped:
        sentence = f"{counted(dropped, 'quote')} of {total:,} left the chain: {listed}."
        findings.append(Finding("dropped_quotes", "all", dropped, _days(cleaned.dropped), "dropped", sentence))
    stale = cleaned.quotes[cleaned.quotes["stale"]]
    if len(stale):
        action = "dropped" if options.drop_stale else KEPT
        sentence = (
            f"{counted(len(stale), 'quote')} of {total:,} stale (unchanged over {options.stale_sessions} sessions or "
            f"older than {options.oldest}), {action}; a stale quote makes a hedge look better or worse than it is."
        )
        findings.append(Finding("stale", "all", len(stale), _days(stale), action, sentence))
    if cleaned.bad_share > options.red_share:
        bad = cleaned.dropped[~cleaned.dropped["reason"].isin(_NOT_BAD)]
        sentence = (
            f"{100 * cleaned.bad_share:.1f} % of the quotes are bad ({listed}), above the limit of "
            f"{100 * options.red_share:g} %: look at the source before trusting a fit."
        )
        findings.append(Finding("bad_quotes", "all", len(bad), _days(bad), "red", sentence))
    return findings


def _days(quotes: pd.DataFrame) -> tuple[pd.Timestamp, ...]:
    return tuple(pd.DatetimeIndex(quotes["at"].unique())[:5])
