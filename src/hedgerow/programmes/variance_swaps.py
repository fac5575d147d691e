"""Variance swaps as a hedge: bought at the fair strike, marked every day, rolled at expiry or before, in a ladder.

>>> VarianceSwaps(vega_notional=100_000, months=3, ladder=3).name
'variance swaps 3 months, ladder of 3'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.ledger import Carry
from hedgerow.market.daily import require_daily
from hedgerow.pricing import variance_swap
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.hedge_costs import HedgeCosts, variance_swap_costs
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import ContractRecord, PricedProgramme
from hedgerow.programmes.swap_schedule import DAYS_PER_MONTH, FIXINGS_PER_MONTH, SwapBook, SwapSchedule, swap_book
from hedgerow.programmes.variance_curve import TERMS, variance_curve
from hedgerow.units import TRADING_DAYS_PER_YEAR

MONTHS = (1, 3, 6, 12)
AT_EXPIRY = "at expiry"
STAMP = "variance swaps struck at the volatility index: no swap was quoted"


@dataclass(frozen=True)
class VarianceSwaps(HedgeProgramme):
    """Long (or short) variance swaps of one tenor, one after another.

    With K the strike and all volatilities in points, a swap with a vega notional of 1 has ``N_var = 1 / (2 K)`` and::

        RV^2 = 10^4 (252 / n) sum of ln(S_i / S_(i-1))^2        n scheduled fixings, mean zero
        mark = DF N_var [(t/T) RV_t^2 + (1 - t/T) K_now^2 - K^2]

    where t/T counts fixings (closes of the market), 21 a month, and K_now is the fair volatility of the days left. The
    last mark is the payoff, so what a swap earns over its life is ``N_var (RV^2 - K^2)``.

    Parameters
    ----------
    vega_notional : float
        Money per volatility point at the strike, of all swaps at work together; negative sells variance.
    months : int
        1, 3, 6 or 12: 21, 63, 126 or 252 fixings.
    ladder : int
        Swaps at work at once, each of 1/ladder of the notional; they start one after another, so the full notional is
        at work only from ``(ladder - 1) / ladder`` of the first life on.
    roll : str or int
        "at expiry", or fixings before expiry at which a swap is closed at its mark and the next one opened.
    cap : float, optional
        The settled volatility is at most ``cap`` x strike (2.5 in many contracts). The *expected* variance is capped in
        marks: exact at expiry and once the path alone is beyond the cap, and else too high by the value of variance
        beyond it. Needed for a short programme, whose loss has no other bound.
    strike_spread_points : float
        The strike stands so far from fair, against the buyer or seller, on top of the costs.
    costs : HedgeCosts, optional
        None for :func:`~hedgerow.programmes.hedge_costs.variance_swap_costs` of the tenor. Volatility points are paid
        on the vega of the day, so a change of size late in a life costs little, and an expiry costs nothing.
    term : str
        Where K_now comes from; see :func:`~hedgerow.programmes.variance_curve.variance_curve`.
    follow_wealth : bool
        The notional is that of the first date and grows with the unhedged portfolio, for each swap as of its opening.

    Raises
    ------
    InputError
        For a vega of zero, a tenor that is none of the four, a ladder with more swaps than fixings, a roll outside the
        life, a cap not above 1, a short programme without one.

    References
    ----------
    K. Demeterfi, E. Derman, M. Kamal and J. Zou (1999), *More than you ever wanted to know about volatility swaps*.
    """

    vega_notional: float = 10_000.0
    months: int = 1
    ladder: int = 1
    roll: str | int = AT_EXPIRY
    cap: float | None = None
    strike_spread_points: float = 0.0
    costs: HedgeCosts | None = None
    term: str = "auto"
    follow_wealth: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no programme; take the costs of the tenor where none are given."""
        if not (np.isfinite(self.vega_notional) and self.vega_notional != 0.0):
            raise InputError(f"vega_notional must be money per volatility point and not 0, not {self.vega_notional!r}")
        if self.months not in MONTHS:
            raise InputError(f"months of variance swaps must be one of {MONTHS}, not {self.months!r}")
        fixings = self.months * FIXINGS_PER_MONTH
        if self.roll != AT_EXPIRY and not (isinstance(self.roll, int) and 0 <= self.roll < fixings):
            raise InputError(f"roll must be {AT_EXPIRY!r} or fixings from 0 to {fixings - 1}, not {self.roll!r}")
        if not (isinstance(self.ladder, int) and 1 <= self.ladder <= self.schedule.life):
            raise InputError(f"ladder must be a whole number from 1 to {self.schedule.life}, not {self.ladder!r}")
        if self.cap is not None and not self.cap > 1.0:
            raise InputError(f"cap is a multiple of the strike above 1, as 2.5, not {self.cap!r}")
        if self.cap is None and self.vega_notional < 0.0:
            raise InputError("short variance swaps need a cap, as cap=2.5: their loss has no bound without one")
        if not (np.isfinite(self.strike_spread_points) and self.strike_spread_points >= 0.0):
            raise InputError(f"strike_spread_points must be points of 0 or more, not {self.strike_spread_points!r}")
        if self.term not in TERMS:
            raise InputError(f"term must be one of {', '.join(map(repr, TERMS))}, not {self.term!r}")
        if self.costs is None:
            object.__setattr__(self, "costs", variance_swap_costs(self.months))

    @property
    def name(self) -> str:
        """As "variance swaps 3 months, ladder of 3"."""
        side = "short " if self.vega_notional < 0.0 else ""
        months = f"{self.months} month" + ("s" if self.months > 1 else "")
        return f"{side}variance swaps {months}" + (f", ladder of {self.ladder}" if self.ladder > 1 else "")

    @property
    def schedule(self) -> SwapSchedule:
        """When swaps are opened and leave."""
        fixings = self.months * FIXINGS_PER_MONTH
        return SwapSchedule(fixings, fixings - (self.roll if isinstance(self.roll, int) else 0), self.ladder)

    @property
    def sign(self) -> float:
        """1 for a buyer of variance, -1 for a seller."""
        return float(np.sign(self.vega_notional))

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return the swaps of multiplier 1; a contract is a swap with a vega notional of 1.

        ``worst_loss`` of a contract is its mark less the payoff if nothing more is realised (for a seller: the payoff
        at the cap less the mark), plus the cost of closing it today. DataError on weekly or
        slower rows: a fixing is the close of a day.
        """
        require_daily("variance swaps", market.dates)
        curve = variance_curve(market, DAYS_PER_MONTH * self.months, self.term)
        book = swap_book(market, self.schedule, curve)
        marks = self._marks(book)
        changes = np.zeros(marks.shape)
        changes[1:] = np.where(book.held[:-1], marks[1:] - marks[:-1], 0.0)
        costs = self._paid(book, marks)
        return PricedProgramme(
            self.name,
            market.dates,
            tuple(f"swap {number + 1}" for number in range(self.schedule.n_slots)),
            (Carry.VALUE,) * self.schedule.n_slots,
            self._units(market, portfolio, book),
            marks,
            changes,
            costs,
            np.where(book.held, self._worst(book, marks) + sum(costs.values(), np.zeros(marks.shape)), 0.0),
            "reserve",
            self._contracts(market, book, marks),
            (STAMP, *curve.synthetic),
            self,
        )

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if spot jumped and the index moved at once, at each close.

        The jump enters the realised variance as one squared log return and uses up no fixing; the points enter K_now,
        which stays at or above 0.
        """
        if not spot_change > -1.0:
            raise InputError(f"spot_change must be above -1, as -0.2 for a fall of 20 %, not {spot_change!r}")
        book = swap_book(market, self.schedule, variance_curve(market, DAYS_PER_MONTH * self.months, self.term))
        jump = 1e4 * TRADING_DAYS_PER_YEAR / self.schedule.fixings * np.log1p(spot_change) ** 2
        after = self._marks(book, jump, vix_points)
        return np.asarray((priced.units * (after - self._marks(book))).sum(axis=1))

    def _units(self, market: OverlayMarket, portfolio: Portfolio, book: SwapBook) -> FloatArray:
        units = np.where(book.held, self.vega_notional * portfolio.exposure_weight / self.ladder, 0.0)
        if self.follow_wealth:
            opening = np.where(book.opened, np.arange(len(market))[:, None], 0)
            units = units * market.wealth[np.maximum.accumulate(opening, axis=0)]
        return units

    def _strike(self, book: SwapBook) -> FloatArray:
        spread = np.where(book.quoted, self.sign * self.strike_spread_points, 0.0)
        return np.asarray(np.maximum(book.strike_fair + spread, 1e-6))

    def _marks(self, book: SwapBook, jump: float = 0.0, points: float = 0.0) -> FloatArray:
        """Return marks of swaps with a vega notional of 1, 0 in empty slots."""
        fair = np.maximum(book.fair + np.where(book.quoted, points, 0.0), 0.0)
        # A jump is variance on top of what is expected, whatever share of the life is left to it.
        left = np.where(book.elapsed < 1.0, 1.0 - book.elapsed, np.inf)
        begun = np.where(book.elapsed > 0.0, book.elapsed, 1.0)
        marks = variance_swap.price(
            self._strike(book) / 100.0,
            1.0,
            np.sqrt(fair**2 + jump / left) / 100.0,
            elapsed=book.elapsed,
            realised_vol=np.sqrt(book.realised / begun) / 100.0,
            discount=book.discount,
            cap=self.cap,
        )
        return np.asarray(np.where(book.quoted, marks, 0.0))

    def _paid(self, book: SwapBook, marks: FloatArray) -> dict[str, FloatArray]:
        """Return costs per contract traded; a swap that expires is no trade."""
        strike = self._strike(book)
        vega = variance_swap.vega(strike / 100.0, 1.0, book.fair / 100.0, elapsed=book.elapsed, discount=book.discount)
        traded = book.quoted & ~book.expired
        assert self.costs is not None  # noqa: S101  (set when made)
        paid = {label: np.where(traded, money, 0.0) for label, money in self.costs.of_vega(vega / 100.0).items()}
        if self.strike_spread_points:
            # What an opening is worth the less for its strike is paid then: the swap itself changes hands for nothing.
            later = self.strike_spread_points * np.abs(vega) / 100.0
            paid["strike_spread"] = np.where(traded, np.where(book.opened, -self.sign * marks, later), 0.0)
        return paid

    def _worst(self, book: SwapBook, marks: FloatArray) -> FloatArray:
        strike = self._strike(book)
        least = book.realised if self.cap is None else np.minimum(book.realised, (self.cap * strike) ** 2)
        if self.sign < 0.0 and self.cap is not None:
            least = (self.cap * strike) ** 2
        payoff = (least - strike**2) / (2.0 * strike)
        return np.asarray(np.where(book.quoted, np.maximum(self.sign * (marks - payoff), 0.0), 0.0))

    def _contracts(self, market: OverlayMarket, book: SwapBook, marks: FloatArray) -> tuple[ContractRecord, ...]:
        strike, life, last = self._strike(book), self.schedule.life, len(market) - 1
        ended = "expired" if life == self.schedule.fixings else "rolled"
        records = []
        for number, row in enumerate(self.schedule.entered(len(market)).tolist()):
            slot, left = number % self.schedule.n_slots, row + life
            label = f"variance swap {strike[row, slot]:.2f} of {market.dates[row]:%Y-%m-%d}"
            mark = float(marks[min(left, last), slot])
            reason = ended if left <= last else "held"
            records.append(ContractRecord(label, slot, row, min(left, last + 1), float(marks[row, slot]), mark, reason))
        return tuple(records)
