"""``hedgerow frontier``: which policy to use, by cost and risk on the same paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from hedgerow.cli.engine_flags import EngineFlags, shared_out
from hedgerow.cli.hedging_flags import HEDGE, DrawFlags, HedgeFlags, SoldOptionFlags, drawn_words, hedge_words
from hedgerow.cli.hedging_output import loaded, refuse_beside_study, show
from hedgerow.cli.options import OutputFlags, flag, takes
from hedgerow.cli.part_words import family_words


@dataclass(frozen=True)
class FrontierFlags:
    """Which policies are compared, and by what."""

    family: Annotated[
        list[str] | None, flag("--family", "NAME:KEY=V,V", "Policies to compare: band:width=0.05,0.1; repeat.", HEDGE)
    ] = None
    objective: Annotated[str, flag("--objective", "NAME", "risk or scalping.", HEDGE)] = "risk"
    risk_aversion: Annotated[float, flag("--risk-aversion", "X", "Absolute, per unit of money.", HEDGE)] = 1e-3


@takes(SoldOptionFlags, FrontierFlags, HedgeFlags, DrawFlags, EngineFlags, OutputFlags)
def frontier(
    option: SoldOptionFlags,
    frontier: FrontierFlags,
    hedge: HedgeFlags,
    draw: DrawFlags,
    engine: EngineFlags,
    output: OutputFlags,
) -> None:
    """Compare families of rebalancing policies by cost and risk, and say which one to use."""
    if option.study is not None:
        for flags, kept in ((option, "study"), (frontier, ""), (hedge, ""), (draw, "")):
            refuse_beside_study(flags, kept)
        study = loaded(option.study, "frontier")
        show(study, Path(option.study).parent, output, shared_out(study, engine))
        return
    from hedgerow.cli.words import validated
    from hedgerow.study.frontier.words import FrontierStudy

    families = family_words(frontier.family)
    own = {"objective": frontier.objective, "risk_aversion": frontier.risk_aversion}
    words = drawn_words(option, draw) | hedge_words(hedge) | own | ({"families": families} if families else {})
    study = validated(FrontierStudy, words)
    show(study, Path(), output, shared_out(study, engine))
