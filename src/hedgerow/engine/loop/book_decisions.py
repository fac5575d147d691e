"""What is asked of hedger and policy at each moment, and what of their answers is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.loop.book_account import BookAccount
from hedgerow.engine.loop.book_exits import BookExits
from hedgerow.engine.loop.book_flows import cash_rates
from hedgerow.engine.loop.book_terms import bound_policy, idle_hedges
from hedgerow.engine.loop.book_view import LoopView, Side
from hedgerow.engine.parts import as_code
from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget
from hedgerow.instruments import Instrument
from hedgerow.policies import Moment, Policy
from hedgerow.policies.base import RulePolicy


class _Rows(Mapping[str, FloatArray]):
    """Rows of a moment, worked out when they are asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], FloatArray]]) -> None:
        self._makers = makers
        self._made: dict[str, FloatArray] = {}

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Decisions:
    """Asks the hedger for a target and the policy for a holding, moment by moment.

    Parameters
    ----------
    account : BookAccount
    hedger : BookHedger
    policy : Policy
    hedges : tuple of Instrument
    exits : BookExits, optional
        What of the book is being closed.

    Attributes
    ----------
    targets : ndarray, shape (n_paths, n_times, n_hedges)
        What the hedger would have liked to hold at each moment, contracts; the last one stands at the end too.
    reasons : dict of str
        Why targets could not be met, each with the moment at which it was first said.
    """

    def __init__(
        self,
        account: BookAccount,
        hedger: BookHedger,
        policy: Policy,
        hedges: tuple[Instrument, ...],
        exits: BookExits | None = None,
    ) -> None:
        self.account, self.hedger, self.hedges, self.exits = account, hedger, hedges, exits
        self.places, self.market = account.places, account.places.market
        schedule, paths = self.market.schedule, self.market.paths
        self.given, self.policy = policy, bound_policy(policy, account)
        self._idle = idle_hedges(account) if isinstance(policy, RulePolicy) else None
        self._moments = list(schedule.grid.times)
        self._years, self._rates = schedule.grid.years, cash_rates(self.market, account.options.account)
        self.reasons: dict[str, None] = {}
        self._heard: set[str] = set()
        n_paths, n_hedges = paths.n_paths, len(hedges)
        self.targets: FloatArray = np.zeros((n_paths, schedule.grid.n_steps + 1, n_hedges))
        self._rows = schedule.n_positions + np.arange(n_hedges)
        self._codes = np.array([paths.underlyings.index(name) for name in schedule.names], dtype=np.int64)
        self._hedge_code = self.market.code[self._rows]
        self._ordered: FloatArray = np.zeros((n_paths, n_hedges))
        self._traded_at: FloatArray = np.zeros((n_paths, n_hedges))
        self._stands_empty = schedule.stands_empty if schedule.is_closed.any() else None
        self._last_spot = paths.spots[:, 0, self._hedge_code]
        self._last_implied = paths.vols[:, 0, self._hedge_code]
        self._held_before: FloatArray = np.zeros((n_paths, n_hedges))
        self._yields = self.market.yields_of_names()
        self._past = [np.full((n_paths, schedule.grid.n_steps + 1, len(self._codes)), np.nan) for _ in range(2)]

    def order(self, step: int) -> FloatArray:
        """Return the contracts to hold, decided now, (n_paths, n_hedges)."""
        if self.account.options.lag:
            self._note_trades(step)
        self._ordered[:, self.market.schedule.ends[self._rows] <= step] = 0.0
        view = self._view(step)
        answer = self.hedger.target(view)
        target = self._checked(getattr(answer, "holdings", answer), step, self.hedger, "targets")
        self.targets[:, step:] = target[:, None]
        self._hear(answer, step)
        moment = Moment(step, self._moment_rows(step, view, answer, target))
        wanted = self._checked(self.policy.holding(moment), step, self.given, "holdings")
        if self._idle is not None:
            wanted = np.where(self._idle[step], target, wanted)
        if self._stands_empty is not None and self._stands_empty[step]:
            wanted = target  # options closed early take their hedge with them, however wide the band
        if self.exits is not None and len(self.hedges):
            emptied = self.exits.emptied(step, self.market.schedule.underlying[self._rows])
            wanted = np.where(emptied, target, wanted)
        wanted = self.account.traded_to(self._ordered, wanted)
        self._ordered = wanted
        if not self.account.options.lag:
            self._note(step, wanted)
        return self._ordered.copy()

    def _note_trades(self, step: int) -> None:
        """Note what was traded now, decided earlier."""
        self._note(step, self.account.held[:, self.account.n_book :])

    def _note(self, step: int, held: FloatArray) -> None:
        paths, traded = self.market.paths, held != self._held_before
        self._traded_at = np.where(traded, self._years[step], self._traded_at)
        self._last_spot = np.where(traded, paths.spots[:, step, self._hedge_code], self._last_spot)
        self._last_implied = np.where(traded, paths.vols[:, step, self._hedge_code], self._last_implied)
        self._held_before = np.array(held)

    def _view(self, step: int) -> LoopView:
        market, schedule = self.market, self.market.schedule
        paths = market.paths
        for known, source in zip(self._past, (paths.spots, paths.vols), strict=True):
            known[:, step] = source[:, step, self._codes]
        past = [known[:, : step + 1] for known in self._past]
        for each in past:
            each.flags.writeable = False
        n_book = schedule.n_book_places
        share = self._share(step)
        standing = np.flatnonzero(share[:, :n_book].any(axis=0))
        rows = self.places.row_at[step, standing]
        return LoopView(
            step=step,
            moment=self._moments[step],
            underlyings=schedule.names,
            spots=past[0][:, -1].copy(),
            vols=past[1][:, -1].copy(),
            rate=float(self._rates[step]),
            yields=self._yields[step].copy(),
            past_spots=past[0],
            past_vols=past[1],
            held=self._ordered.copy(),
            wealth=self.account.wealth,
            hedges=self.hedges,
            book=self._side(step, rows, standing, share),
            hedge=self._side(step, self._rows, n_book + np.arange(len(self.hedges)), share),
            slopes=partial(market.slope, step, rows),
        )

    def _share(self, step: int) -> FloatArray:
        """Return how much of each place stands now, of the book what rules leave of it, (n_paths or 1, n_places)."""
        share = self.places.alive[:, step].astype(float)
        if self.exits is None:
            return share
        n_book = self.market.schedule.n_book_places
        share = np.repeat(share, len(self._ordered) // len(share), axis=0)
        share[:, :n_book] *= self.exits.wanted[:, self.places.row_at[step, :n_book]]  # 0 where no row stands
        return share

    def _side(self, step: int, rows: IntArray, columns: IntArray, shares: FloatArray) -> Side:
        """Return copies of one moment of some places."""
        vols = self.places.vols[:, step, columns]
        share = shares[:, columns]
        figures = np.where(share > 0.0, self.places.stack[:, :, step, columns] * share, 0.0)
        known = dict(zip(self.places.names, figures, strict=True))
        part = self.market.slice(np.full(len(rows), step), rows, vols)
        return Side(part, known, self.market.schedule.underlying[rows], share)

    def _moment_rows(self, step: int, view: LoopView, answer: BookTarget, target: FloatArray) -> _Rows:
        code = self.market.schedule.underlying[self._rows]

        def gamma() -> FloatArray:
            given = getattr(answer, "sensitivities", {}).get("gamma")
            if given is not None and np.shape(given) == target.shape:
                return np.asarray(given)
            return view.book_greeks(("gamma",))["gamma"][:, code]

        makers: dict[str, Callable[[], FloatArray]] = {
            "target": lambda: target,
            "held": lambda: self._ordered.copy(),
            "spot": lambda: view.spots[:, code],
            "log_spot": lambda: np.log(np.maximum(view.spots[:, code], 1e-300)),
            "gamma": gamma,
            "log_gamma": lambda: np.log(np.maximum(np.abs(rows["gamma"]), 1e-300)),
            "implied": lambda: view.vols[:, code],
            "waited": lambda: self._years[step] - self._traded_at,
            "last_spot": lambda: self._last_spot,
            "last_implied": lambda: self._last_implied,
        }
        rows = _Rows(makers)
        return rows

    def _checked(self, answer: object, step: int, who: object, what: str) -> FloatArray:
        """Return an answer as numbers of the right shape, or say what is wrong with it."""
        try:
            found = np.asarray(answer, dtype=float)
        except (TypeError, ValueError):
            raise InputError(
                f"{as_code(who)} answered with {answer!r} where {what} are asked for; return an array"
            ) from None
        if found.shape != self._ordered.shape:
            raise InputError(
                f"{as_code(who)} must return {what} of shape {self._ordered.shape} (paths, hedges), not {found.shape}"
            )
        wrong = np.argwhere(~np.isfinite(found))
        if len(wrong):
            path, hedge = wrong[0]
            place = self.market.schedule.n_book_places + hedge
            label = self.market.schedule.labels[place]
            raise InputError(
                f"{as_code(who)} returned {found[path, hedge]} for {label!r} on path {path} at "
                f"{self.market.schedule.grid.times[step]}; {what} must be finite numbers"
            )
        return found

    def _hear(self, answer: BookTarget, step: int) -> None:
        for reason in getattr(answer, "reasons", ()):
            if reason not in self._heard:
                self._heard.add(reason)
                self.reasons[f"{self.market.schedule.grid.times[step]}: {reason}"] = None
