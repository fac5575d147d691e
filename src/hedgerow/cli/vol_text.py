"""How the outcome of a volatility study reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study.volatility.run import VolatilityOutcome


def print_volatility(outcome: VolatilityOutcome, out: Console) -> None:
    """Print every part that an outcome has, warnings and the verdict."""
    for part in (_print_realised, _print_cone, _print_rank, _print_premium, _print_index, _print_curve):
        part(outcome, out)
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False)
    out.print(visible(outcome.verdict), markup=False, style="bold")


def _print_realised(outcome: VolatilityOutcome, out: Console) -> None:
    import pandas as pd

    part = outcome.realised
    if part is None:
        return
    index = part.rolling.index
    rows = {}
    for name, row in part.table.iterrows():
        rows[str(name).replace("_", " ")] = {
            "all rows": row["volatility"],
            "low": row["low"],
            "high": row["high"],
            f"last {outcome.study.window}": row["latest"],
            "efficiency": row["efficiency"],
            "drift": row["drift_bias"],
            "gap": row["gap_share"],
        }
    shares = dict.fromkeys(("drift", "gap"), ".0%")
    formats = shares | {
        "all rows": ".2%",
        "low": ".1%",
        "high": ".1%",
        f"last {outcome.study.window}": ".2%",
        "efficiency": ".2f",
    }
    title = (
        f"realised volatility a year, {len(index):,} rows {index[0].date()} to {index[-1].date()}, "
        f"{outcome.study.confidence:.0%} interval"
    )
    out.print(plain_table(pd.DataFrame.from_dict(rows, orient="index"), title=title, formats=formats))
    note = "drift: bias of variance where the price trends hard; gap: share of an opening gap that is counted"
    out.print(note, markup=False, soft_wrap=True)


def _print_cone(outcome: VolatilityOutcome, out: Console) -> None:
    part = outcome.cone
    if part is None:
        return
    heads = {
        "independent_windows": "apart", "minimum": "min", "maximum": "max", "latest": "now",
        "latest_percentile": "below",
    }  # fmt: skip
    table = part.table.drop(columns="windows").rename(columns=heads)
    formats = {str(name): ".1%" for name in table.columns} | {"apart": ",.0f", "below": ".0%"}
    title = f"volatility cone ({part.estimator}), a year, by horizon in rows; overlap {outcome.study.cone.overlap}"
    out.print(plain_table(table.rename_axis("rows"), title=title, formats=formats))
    note = "apart: windows that do not overlap; below: share of windows strictly below now"
    out.print(note, markup=False, soft_wrap=True)


def _print_rank(outcome: VolatilityOutcome, out: Console) -> None:
    from hedgerow.study.volatility.json import PERCENTILE_MEANS, RANK_MEANS

    part = outcome.rank
    if part is None:
        return
    found = part.standing
    today = "today among them" if found.count_today else "before today"
    lines = (
        f"implied volatility on {found.date.date()}: {found.level:.2%} a year",
        f"{found.window} observations ({today}): lowest {found.low:.2%} on {found.low_date.date()}, "
        f"highest {found.high:.2%} on {found.high_date.date()}",
        f"rank       {found.rank:.3f}  {RANK_MEANS}",
        f"percentile {found.percentile:.3f}  {PERCENTILE_MEANS}",
    )
    for line in lines:
        out.print(visible(line), markup=False, soft_wrap=True)


def _print_premium(outcome: VolatilityOutcome, out: Console) -> None:
    import pandas as pd

    from hedgerow.study.volatility.json import KNOWN, NOT_KNOWN

    part = outcome.premium
    if part is None:
        return
    rows = {}
    for name, found in (("ex ante", part.ex_ante), ("ex post", part.ex_post)):
        if found is not None:
            last = found.table.iloc[-1]
            rows[name] = {
                "known": "yes" if found.known_at_date else "NO",
                "dates": len(found.table),
                "mean": found.mean_points,
                "variance": found.mean_variance,
                "above 0": found.share_positive,
                "date": str(found.table.index[-1].date()),
                "points": float(last["points"]),
            }
    formats = {"dates": ",.0f", "mean": ".2f", "variance": ".4f", "above 0": ".1%", "points": ".2f"}
    estimator, horizon = part.ex_ante.estimator, part.ex_ante.horizon
    title = f"variance risk premium: implied less realised over {horizon} rows ({estimator})"
    out.print(plain_table(pd.DataFrame.from_dict(rows, orient="index"), title=title, formats=formats))
    for name, meaning in (("ex ante", KNOWN), ("ex post", NOT_KNOWN)):
        out.print(visible(f"{name}: {meaning}"), markup=False, soft_wrap=True)


def _print_index(outcome: VolatilityOutcome, out: Console) -> None:
    import pandas as pd

    part = outcome.index
    if part is None:
        return
    found = part.found
    rows = {}
    for name, expiry, strip in (("near", part.near_expiry, found.near), ("next", part.next_expiry, found.next_term)):
        rows[name] = {
            "settles": str(expiry)[:16],
            "years": strip.years,
            "rate": strip.rate,
            "forward": strip.forward,
            "K0": strip.centre_strike,
            "volatility": strip.volatility,
            "used": len(strip.quotes),
            "left out": len(strip.left_out),
        }
    formats = {"years": ".5f", "rate": ".3%", "forward": ",.2f", "K0": ",g", "volatility": ".2%"}
    table = pd.DataFrame.from_dict(rows, orient="index")
    out.print(plain_table(table, title=f"quotes of {part.at}, {found.target_days:g} days", formats=formats))
    if len(part.left_out):
        out.print(plain_table(part.left_out_counts, title="left out of the strips"))
    out.print(f"index {found.index:.3f}", markup=False)


def _print_curve(outcome: VolatilityOutcome, out: Console) -> None:
    import pandas as pd

    part = outcome.curve
    if part is None:
        return
    day, row, point = part.prices.index[-1], part.measures.iloc[-1], part.maturity.iloc[-1]
    table = pd.DataFrame({"price": part.prices.iloc[-1], "days": part.days.iloc[-1]}).rename_axis("contract")
    out.print(plain_table(table, title=f"futures on {day.date()}", formats={"price": ",.4g", "days": ",.0f"}))
    price = (
        f"{point['price']:.4f}" if point["status"] == "between" else f"none ({str(point['status']).replace('_', ' ')})"
    )
    lines = (
        f"price at {part.target_days:g} days: {price}",
        f"second less first {row['slope']:+.4g} ({row['slope_relative']:+.2%}); first / third {row['ratio_1_3']:.3f}; "
        f"roll yield {row['roll_yield_month']:+.2%} a month; {row['shape']}",
        f"contango on {part.contango_share:.1%} of {len(part.measures):,} dates from {part.measures.index[0].date()}",
    )
    for line in lines:
        out.print(visible(line), markup=False, soft_wrap=True)
