"""What an explanation needs beside the accounts: Greeks at the start of every step and the moves over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import DataError, InputError, did_you_mean

GREEKS = (
    "delta",
    "gamma",
    "theta",
    "vega",
    "vanna",
    "volga",
    "charm",
    "rho",
    "dividend_rho",
    "speed",
    "color",
    "zomma",
)
"""Greeks that an explanation can use, in the order in which it shows them; ``delta`` is always needed."""


@dataclass(frozen=True, eq=False)
class Marks:
    """Greeks and market figures of every instrument of a ledger at every time.

    A path axis of length 1 stands for all paths.

    Attributes
    ----------
    greeks : mapping of str to ndarray, shape (n_paths or 1, n_times, n_instruments)
        Raw derivatives by the names of ``GREEKS`` of *one unit of the ledger's holding* (one contract times its
        multiplier), for the step that starts at each time; the last time's are never read. 0 where an instrument has
        expired or a Greek does not exist. Per 1.00 of volatility, rate and yield, per year of calendar time.
    spots : ndarray, shape (n_paths or 1, n_times, n_instruments)
        Price of each instrument's underlying, the one its delta is a derivative by: the spot, or the future where
        the Greeks are those of Black-76 (theta and rho then at fixed forward).
    vols : ndarray, shape (n_paths or 1, n_times, n_instruments)
        Implied volatility of each instrument's own strike and expiry, annual; any number, such as 0, for what has none;
        once an option has expired its last one stays, so that its last step has no move of it.
    years : ndarray, shape (n_times,)
        Calendar time since the start over 365 days, ascending.
    hedges : bool ndarray, shape (n_instruments,)
        True for hedge instruments: their gain stands whole on the line ``hedge`` and is not split by Greek.
    underlyings : tuple of str
        Names of the underlyings.
    underlying : int ndarray, shape (n_instruments,)
        Position of each instrument's underlying in ``underlyings``.
    rates, yields : ndarray, shape (n_times,) or (n_times, n_instruments)
        Rate, and dividend yield with borrow, per year, continuous; 0.0 throughout unless given.
    changes : mapping of str to ndarray
        Change over the step ending at each time *within one contract*, by ``spots``, ``vols``, ``rates`` or ``yields``
        and of that field's shape (row 0 unread): needed where an instrument of the ledger passes from one contract to
        the next. The difference of the field unless given.

    Raises
    ------
    InputError, DataError
        For an unknown Greek, shapes that do not agree, times that do not ascend, figures that are not finite.

    Examples
    --------
    >>> one = np.ones((1, 3, 1))
    >>> marks = Marks({"delta": one}, 100.0 * one, 0.2 * one, np.arange(3) / 365, np.array([False]), ("SPX",))
    >>> marks.n_times, marks.n_instruments
    (3, 1)
    """

    greeks: Mapping[str, FloatArray]
    spots: FloatArray
    vols: FloatArray
    years: FloatArray
    hedges: BoolArray
    underlyings: tuple[str, ...]
    underlying: IntArray = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    rates: FloatArray = field(default_factory=lambda: np.zeros(1))
    yields: FloatArray = field(default_factory=lambda: np.zeros(1))
    changes: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give every instrument its underlying, rate and yield, and refuse what does not fit together."""
        self._fill("underlying", (self.n_instruments,))
        for name in ("rates", "yields"):
            self._fill(name, (self.n_times,))
        for name in self.greeks:
            if name not in GREEKS:
                raise InputError(f"greeks has no place for {name!r}{did_you_mean(name, GREEKS)} (of {_words(GREEKS)})")
        if "delta" not in self.greeks:
            raise InputError("greeks must have delta; without it no move is explained")
        self._check_shapes()
        self._check_figures()

    @property
    def n_times(self) -> int:
        """Number of times."""
        return len(self.years)

    @property
    def n_instruments(self) -> int:
        """Number of instruments."""
        return len(self.hedges)

    def change(self, name: str, instrument: int) -> FloatArray:
        """Return the moves of one instrument over the steps.

        Parameters
        ----------
        name : {"spots", "vols", "rates", "yields"}
        instrument : int
            Its place.

        Returns
        -------
        ndarray, shape (n_paths or 1, n_steps) or (n_steps,)
        """
        if name in self.changes:
            return _of(self.changes[name], instrument)[..., 1:]
        return np.diff(_of(getattr(self, name), instrument), axis=-1)

    def _fill(self, name: str, shape: tuple[int, ...]) -> None:
        """Stretch one number over all instruments or times."""
        value = np.asarray(getattr(self, name))
        if value.size == 1 and value.ndim < 2:
            object.__setattr__(self, name, np.broadcast_to(value.reshape(()), shape))

    def _check_shapes(self) -> None:
        cube, plane = (self.n_times, self.n_instruments), (self.n_times,)
        figures = {f"greeks[{name!r}]": each for name, each in self.greeks.items()}
        lengths = {1}
        for name, each in {**figures, "spots": self.spots, "vols": self.vols}.items():
            if each.ndim != 3 or each.shape[1:] != cube:
                raise DataError(f"{name} must have shape (n_paths or 1, {cube[0]}, {cube[1]}), not {each.shape}")
            lengths.add(len(each))
        if len(lengths) > 2:
            raise DataError(f"marks must be of one number of paths, or of 1, not of {_words(sorted(lengths))}")
        for name, each in {"rates": self.rates, "yields": self.yields}.items():
            if each.shape not in (plane, cube):
                raise DataError(f"{name} must have shape {plane} or {cube}, not {each.shape}")
        for name, each in self.changes.items():
            if name not in _CHANGING:
                raise InputError(
                    f"changes has no place for {name!r}{did_you_mean(name, _CHANGING)} ({_words(_CHANGING)})"
                )
            if each.shape != getattr(self, name).shape:
                raise DataError(f"changes[{name!r}] must have shape {getattr(self, name).shape}, not {each.shape}")
        if self.underlying.shape != self.hedges.shape:
            raise DataError(f"underlying must have shape {self.hedges.shape}, not {self.underlying.shape}")

    def _check_figures(self) -> None:
        if not bool((np.diff(self.years) > 0.0).all()):
            raise DataError("years of marks must ascend, each after the one before; sort the times")
        if self.underlying.size and not (0 <= self.underlying.min() <= self.underlying.max() < len(self.underlyings)):
            raise DataError(f"underlying must number the {len(self.underlyings)} names from 0, not {self.underlying}")
        for name in ("spots", "vols", "rates", "yields"):
            _refuse_infinite(name, getattr(self, name))
        for name, each in self.changes.items():
            _refuse_infinite(f"changes[{name!r}]", each)


_CHANGING = ("spots", "vols", "rates", "yields")


def _of(values: FloatArray, instrument: int) -> FloatArray:
    """Return one instrument's figures by time, or those of all where there is one row of times."""
    return values if values.ndim == 1 else values[..., instrument]


def _refuse_infinite(name: str, values: FloatArray) -> None:
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        raise DataError(f"{name} must be finite; the entry {tuple(wrong[0].tolist())} is not; give 0 for none")


def _words(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
