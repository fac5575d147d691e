"""``hedgerow surface``: what it finds of a chain whose surface is known, what it says, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.pricing import american, svi
from surface_cases import AT, RATE, SLICES, SPOT, chain_frame, forward_of, write_chain, years_of

EUROPEAN = ("surface", "chain.csv", "--style", "european", "--spot", SPOT)


def found(hedgerow: Any, folder: Path, *words: object, frame: pd.DataFrame | None = None) -> dict[str, Any]:
    write_chain(folder, frame)
    return hedgerow(*EUROPEAN, *words, "--json").json


def test_known_chain_gives_back_forwards_discounts_and_volatilities(hedgerow: Any, tmp_path: Path) -> None:
    answer = found(hedgerow, tmp_path)
    assert [row["expiry"] for row in answer["expiries"]] == list(SLICES)
    for row, (expiry, slice) in zip(answer["expiries"], SLICES.items(), strict=True):
        years, forward = years_of(expiry), forward_of(expiry)
        assert row["years"] == pytest.approx(years)
        assert row["forward"] == pytest.approx(forward, abs=1e-8)
        assert row["rate"] == pytest.approx(RATE, abs=1e-8)
        assert row["atm_vol"] == pytest.approx(svi.volatility(0.0, years, slice), abs=2e-4)
        k = np.linspace(-0.25, 0.25, 11)
        fitted = svi.volatility(k, years, svi.SVI(**row["svi"]))
        np.testing.assert_allclose(fitted, svi.volatility(k, years, slice), atol=1e-3)
        assert row["errors"]["inside"] == 1.0
        assert row["errors"]["mean_miss"] < 0.2
    assert answer["arbitrage"]["free"] is True
    assert answer["arbitrage"]["violations"] == []
    assert answer["strikes_off"] == []
    assert (answer["at"], answer["style"], answer["spot"], answer["red"]) == (AT, "european", SPOT, False)
    assert "no butterfly or calendar arbitrage" in answer["verdict"]


def test_given_rate_replaces_the_fitted_discount_factors(hedgerow: Any, tmp_path: Path) -> None:
    answer = found(hedgerow, tmp_path, "--rate", 0.02, "--rate-by-expiry", "2024-07-02=0.03")
    rates = [row["rate"] for row in answer["expiries"]]
    assert rates == pytest.approx([0.02, 0.03, 0.02])
    assert "given" in answer["discount_from"]


def test_given_forwards_replace_parity_and_serve_chains_of_volatilities(hedgerow: Any, tmp_path: Path) -> None:
    frame = chain_frame()
    years = frame["expiry"].map(years_of)
    forwards = frame["expiry"].map(forward_of)
    places = zip(np.log(frame["strike"] / forwards), years, frame["expiry"], strict=True)
    frame["vol"] = [svi.volatility(k, time, SLICES[expiry]) for k, time, expiry in places]
    vols = frame.drop(columns=["bid", "ask"])
    given = [word for expiry in SLICES for word in ("--forward", f"{expiry}={forward_of(expiry)!r}")]
    answer = found(hedgerow, tmp_path, "--rate", RATE, *given, frame=vols)
    assert answer["expiries"][1]["forward"] == pytest.approx(forward_of("2024-07-02"))
    refused = hedgerow(*EUROPEAN, "--rate", RATE)
    assert refused.code == 2
    assert "--forward EXPIRY=PRICE" in refused.err


def test_bad_quotes_leave_with_their_reasons_and_turn_the_chain_red(hedgerow: Any, tmp_path: Path) -> None:
    frame = chain_frame()
    frame.loc[:3, ["bid", "ask"]] = [5.0, 4.0]
    frame.loc[4:9, ["bid", "ask"]] = 0.0
    frame.loc[10, ["bid", "ask"]] = [np.nan, 3.0]
    answer = found(hedgerow, tmp_path, frame=frame)
    counts = answer["counts"]
    assert (counts["crossed"], counts["no_quote"], counts["one_sided"]) == (4, 6, 1)
    assert sum(counts.values()) == len(frame)
    assert answer["bad_share"] == pytest.approx(1 - counts["kept"] / len(frame))
    assert answer["red"] is True
    assert any("are bad" in sentence for sentence in answer["warnings"])
    assert "were bad" in answer["verdict"]


def test_style_given_against_the_files_own_is_used_and_said(hedgerow: Any, tmp_path: Path) -> None:
    answer = found(hedgerow, tmp_path, frame=chain_frame().assign(style="A"))
    assert answer["style"] == "european"
    assert "chain.csv says american" in answer["warnings"][0]
    assert not any("says" in sentence for sentence in found(hedgerow, tmp_path)["warnings"])


def test_one_strike_off_parity_is_listed_and_moves_no_forward(hedgerow: Any, tmp_path: Path) -> None:
    frame = chain_frame()
    wrong = (frame["expiry"] == "2024-07-02") & (frame["strike"] == 100.0) & (frame["kind"] == "put")
    frame.loc[wrong, ["bid", "ask"]] += 1.5
    answer = found(hedgerow, tmp_path, frame=frame)
    assert [(row["expiry"], row["strike"]) for row in answer["strikes_off"]] == [("2024-07-02", 100.0)]
    assert answer["strikes_off"][0]["residual"] == pytest.approx(-1.5, abs=0.01)
    assert answer["expiries"][1]["forward"] == pytest.approx(forward_of("2024-07-02"), abs=0.005)


def test_expired_quotes_are_counted_and_a_chain_of_them_refused(hedgerow: Any, tmp_path: Path) -> None:
    frame = chain_frame()
    old = frame["expiry"] == "2024-04-02"
    frame.loc[old, "expiry"] = "2023-12-15"
    answer = found(hedgerow, tmp_path, frame=frame)
    assert answer["counts"]["expired"] == int(old.sum())
    assert len(answer["expiries"]) == 2
    write_chain(tmp_path, frame[old])
    refused = hedgerow(*EUROPEAN)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1


def test_chain_of_bad_quotes_only_is_one_sentence(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, chain_frame().assign(bid=0.0, ask=0.0))
    refused = hedgerow(*EUROPEAN, "--report", "r.html", "--out", "out")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("hedgerow: ")
    assert refused.err.count("\n") == 1
    assert not (tmp_path / "r.html").exists()
    assert not (tmp_path / "out").exists()


def test_last_of_several_dates_is_taken_and_said(hedgerow: Any, tmp_path: Path) -> None:
    both = pd.concat([chain_frame().assign(date="2023-12-29"), chain_frame()])
    answer = found(hedgerow, tmp_path, frame=both)
    assert answer["at"] == AT
    assert any("--at takes another: 2023-12-29" in sentence for sentence in answer["warnings"])
    assert hedgerow(*EUROPEAN, "--at", "2023-12-29", "--json").json["at"] == "2023-12-29"
    refused = hedgerow(*EUROPEAN, "--at", "2024-02-01")
    assert refused.code == 2
    assert "no quotes on 2024-02-01" in refused.err


def test_unknown_columns_are_named_by_flag_and_missing_ones_refused(hedgerow: Any, tmp_path: Path) -> None:
    odd = chain_frame().drop(columns="date").rename(columns={"expiry": "ends_on"})
    write_chain(tmp_path, odd)
    refused = hedgerow(*EUROPEAN, "--at", AT)
    assert refused.code == 2
    assert "no column for expiry" in refused.err
    typo = hedgerow(*EUROPEAN, "--at", AT, "--column", "expiry=end_on")
    assert "did you mean 'ends_on'" in typo.err
    answer = hedgerow(*EUROPEAN, "--at", AT, "--column", "expiry=ends_on", "--json").json
    assert len(answer["expiries"]) == 3


def test_held_options_without_quotes_are_marked_by_the_smile(hedgerow: Any, tmp_path: Path) -> None:
    frame = chain_frame()
    gone = (frame["expiry"] == "2024-07-02") & (frame["strike"] == 90.0) & (frame["kind"] == "put")
    price = float(frame[gone][["bid", "ask"]].mean(axis=1).iloc[0])
    frame.loc[gone, ["bid", "ask"]] = 0.0
    held = pd.DataFrame({"expiry": "2024-07-02", "strike": [90.0, 95.0], "kind": "put", "quantity": [-3, 2]})
    held.to_csv(tmp_path / "held.csv", index=False)
    marks = found(hedgerow, tmp_path, "--held", "held.csv", frame=frame)["marks"]
    assert [row["code"] for row in marks] == ["no_quote", "two_sided"]
    assert marks[0]["mark"] == pytest.approx(price, abs=0.02)
    assert marks[0]["low"] <= marks[0]["mark"] <= marks[0]["high"]
    assert marks[0]["quantity"] == -3
    held.rename(columns={"strike": "strikes"}).to_csv(tmp_path / "held.csv", index=False)
    assert "did you mean 'strikes'" in hedgerow(*EUROPEAN, "--held", "held.csv").err


def test_moved_surface_keeps_what_its_rule_says(hedgerow: Any, tmp_path: Path) -> None:
    words = ("--strikes", "90,100", "--years", "0.4", "--shifted", 90)
    fixed = found(hedgerow, tmp_path, *words)["volatilities"]
    assert [row["shifted"] for row in fixed] == pytest.approx([row["volatility"] for row in fixed])
    moved = hedgerow(*EUROPEAN, *words, "--rule", "sticky-delta", "--json").json
    assert moved["volatilities"][0]["shifted"] == pytest.approx(fixed[1]["volatility"])
    assert moved["shifted"]["arbitrage"]["free"] is True
    assert "give --shifted" in hedgerow(*EUROPEAN, "--rule", "sticky_delta").err


def test_american_chain_needs_spot_and_rate_and_then_loses_early_exercise(hedgerow: Any, tmp_path: Path) -> None:
    expiry, strikes = "2024-07-02", np.arange(85.0, 116.0, 5.0)
    parts = []
    for kind in ("call", "put"):
        price = american.price(kind, SPOT, strikes, years_of(expiry), 0.25, 0.05, 0.01)
        quotes = {"bid": price - 0.01, "ask": price + 0.01}
        parts.append(pd.DataFrame({"date": AT, "expiry": expiry, "strike": strikes, "kind": kind, **quotes}))
    write_chain(tmp_path, pd.concat(parts))
    american_words = ("surface", "chain.csv", "--style", "american")
    refused = hedgerow(*american_words, "--spot", SPOT)
    assert refused.code == 2
    assert "give --rate" in refused.err
    assert "--spot and --rate" in hedgerow(*american_words).err
    assert "--style" in hedgerow("surface", "chain.csv").err
    answer = hedgerow(*american_words, "--spot", SPOT, "--rate", 0.05, "--json").json
    row = answer["expiries"][0]
    assert row["forward"] == pytest.approx(SPOT * np.exp(0.04 * years_of(expiry)), rel=1e-4)
    assert row["dividend_yield"] == pytest.approx(0.01, abs=2e-4)
    assert row["atm_vol"] == pytest.approx(0.25, abs=5e-4)
    assert "early exercise was taken out" in answer["warnings"][0]
    known = (*american_words, "--spot", SPOT, "--rate", 0.05)
    assert "--dividend-yield" in hedgerow(*known, "--forward", f"{expiry}=101").err


def test_held_american_option_without_quote_is_marked_with_early_exercise(hedgerow: Any, tmp_path: Path) -> None:
    expiry, strikes = "2025-01-02", np.arange(85.0, 126.0, 5.0)
    truth = {kind: american.price(kind, SPOT, strikes, years_of(expiry), 0.25, 0.06) for kind in ("call", "put")}
    parts = [
        pd.DataFrame({"date": AT, "expiry": expiry, "strike": strikes, "kind": kind, "bid": price - 0.01,
                      "ask": price + 0.01})
        for kind, price in truth.items()
    ]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    gone = (frame["strike"] == 115.0) & (frame["kind"] == "put")
    frame.loc[gone, ["bid", "ask"]] = 0.0
    write_chain(tmp_path, frame)
    (tmp_path / "held.csv").write_text(f"expiry,strike,kind\n{expiry},115,put\n{expiry},100,P\n")
    words = ("--style", "american", "--spot", SPOT, "--rate", 0.06, "--held", "held.csv", "--out", "out", "--json")
    answer = hedgerow("surface", "chain.csv", *words).json
    lost, quoted = answer["marks"]
    # The European put of that strike is worth 1.9 less.
    assert lost["mark"] == pytest.approx(truth["put"][6], abs=0.03)
    assert (lost["code"], quoted["code"]) == ("no_quote", "two_sided")
    assert quoted["mark"] == pytest.approx(truth["put"][3], abs=1e-9)
    dropped = pd.read_csv(tmp_path / "out" / "dropped_quotes.csv")["reason"].value_counts().to_dict()
    assert dropped == {name: count for name, count in answer["counts"].items() if name != "kept"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--style", "bermudan"), "--style"),
        (("--style", "european", "--spot", -1), "--spot"),
        (("--style", "european", "--model", "sabr"), "--model"),
        (("--style", "european", "--discount-window", 0), "--discount-window"),
        (("--style", "european", "--rate-by-expiry", "2024-07-03=0.01"), "names the expiry 2024-07-03"),
        (("--style", "european", "--rate-by-expiry", "2024-07-02=x"), "--rate-by-expiry"),
        (("--style", "european", "--rate-by-expiry", "2024-07-02=0.01"), "none for expiry 2024-04-02"),
        (("--style", "european", "--forward", "2024-07-02=101"), "rate"),
        (("--style", "european", "--dividend-yield", 0.01), "--forward"),
        (("--style", "european", "--at", "soon"), "not a date"),
        (("--style", "european", "--strikes", "90,-1"), "strike"),
        (("--style", "european", "--held", "absent.csv"), "absent.csv"),
    ],
)
def test_flag_that_cannot_be_meant_is_refused_in_one_sentence(
    hedgerow: Any, tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    write_chain(tmp_path)
    answer = hedgerow("surface", "chain.csv", *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_terminal_shows_expiries_reasons_and_the_verdict(hedgerow: Any, tmp_path: Path) -> None:
    write_chain(tmp_path)
    answer = hedgerow(*EUROPEAN, "--strikes", "90,100", "--shifted", 95, "--report", "s.html", "--out", "out")
    assert answer.code == 0, answer.err
    assert answer.out.count("2024-07-02") >= 1
    for text in ("quotes: kept", "discount factors: put-call parity, strikes within 30%", "half-spreads", "Written"):
        assert text in answer.out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "result.json", "expiries.csv", "dropped_quotes.csv", "volatilities.csv"} <= names
    page = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert len(page) < 8_000_000
    for head in ("Smile of 2024-07-02", "Total variance and density", "SVI parameters", "Surface", "Forwards"):
        assert head in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--shifted", -1), "--shifted must be more than 0, not -1.0"),
        (("--forward", "2024-07-02=101"), "forwards need a rate that discounts; give rate too"),
    ],
)
def test_refusal_names_the_flag_that_was_given(
    hedgerow: Any, tmp_path: Path, words: tuple[object, ...], sentence: str
) -> None:
    write_chain(tmp_path)
    answer = hedgerow(*EUROPEAN, *words)
    assert answer.code == 2
    assert answer.err.strip() == f"hedgerow: {sentence}"
