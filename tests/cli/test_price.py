"""``hedgerow price``: one option by any model, against QuantLib and the library's own doors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hedgerow.pricing import black76, black_scholes, svi
from hedgerow.pricing.record import FIELD_NAMES

OPTION = ("price", "--kind", "put", "--spot", 95, "--strike", 100, "--years", 0.5, "--vol", 0.25, "--rate", 0.03)


def quantlib_put() -> Any:
    ql = pytest.importorskip("QuantLib")
    payoff = ql.PlainVanillaPayoff(ql.Option.Put, 100.0)
    from math import exp, sqrt

    return ql.BlackCalculator(payoff, 95.0 * exp((0.03 - 0.01) * 0.5), 0.25 * sqrt(0.5), exp(-0.03 * 0.5))


def test_json_has_the_price_and_each_greek_raw(hedgerow: Any) -> None:
    found = hedgerow(*OPTION, "--dividend-yield", 0.01, "--model", "black_scholes", "--json").json
    assert set(FIELD_NAMES) <= set(found)
    oracle = quantlib_put()
    assert found["price"] == pytest.approx(oracle.value(), abs=1e-12)
    assert found["delta"] == pytest.approx(oracle.delta(95.0), abs=1e-14)
    assert found["gamma"] == pytest.approx(oracle.gamma(95.0), abs=1e-14)
    assert found["vega"] == pytest.approx(oracle.vega(0.5), abs=1e-11)
    assert found["theta"] == pytest.approx(oracle.theta(95.0, 0.5), abs=1e-11)
    assert found["rho"] == pytest.approx(oracle.rho(0.5), abs=1e-11)
    assert found["dividend_rho"] == pytest.approx(oracle.dividendRho(0.5), abs=1e-11)


def test_terminal_says_the_price_and_the_units(hedgerow: Any) -> None:
    answer = hedgerow(*OPTION)
    price = black_scholes.price("put", 95.0, 100.0, 0.5, 0.25, 0.03)
    assert answer.code == 0
    assert f"{price:,.6g}" in answer.out
    assert "per calendar day" in answer.out
    assert "per vol point" in answer.out


def test_forward_model_takes_the_forward_as_its_spot(hedgerow: Any) -> None:
    found = hedgerow(*OPTION, "--model", "black76", "--json").json
    assert found["price"] == pytest.approx(black76.price("put", 95.0, 100.0, 0.5, 0.25, 0.03), rel=1e-14)


def test_infinite_gamma_at_expiry_is_null_and_marked(hedgerow: Any) -> None:
    words = ("price", "--spot", 100, "--strike", 100, "--years", 0, "--vol", 0.2, "--json")
    found = hedgerow(*words).json
    assert (found["price"], found["gamma"], found["limit"]) == (0.0, None, True)
    assert "limits" in found["warnings"][0]


def test_study_file_says_the_same_as_the_command(hedgerow: Any, tmp_path: Path) -> None:
    study = tmp_path / "option.yaml"
    study.write_text(
        "kind: price\nmodel: black_scholes\n"
        "option: {kind: put, spot: 95, strike: 100, years: 0.5, vol: 0.25, rate: 0.03}\n"
    )
    found = hedgerow("run", study, "--out", tmp_path / "out", "--json").json
    assert found == hedgerow(*OPTION, "--json").json
    assert json.loads((tmp_path / "out" / "result.json").read_text()) == found
    report = (tmp_path / "out" / "report.html").read_text()
    assert "Gamma over spot and time" in report
    assert (tmp_path / "out" / "greeks.csv").read_text().startswith("figure,value,unit")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--vol", -0.2), "vol must not be negative: -0.2; give the annual volatility as a decimal: 0.2 for 20 %"),
        (
            ("--years", -1),
            "expiry in the past: years must not be negative: -1.0; an option whose expiry has passed",
        ),
        (("--kind", "straddle"), "--kind must be 'call' or 'put', not 'straddle'"),
        (("--strike", "nan"), "--strike must be a finite number, not nan"),
        (("--model", "blak_scholes"), "model 'blak_scholes' is not known; did you mean 'black_scholes'?"),
        (("--parameter", "beta=1"), "parameter 'beta' is not known (parameters of black_scholes: none)"),
        (("--parameter", "beta"), "--parameter 'beta' is not of the form NAME=VALUE"),
        (("--model", "black76", "--dividend-yield", 0.1), "black76 prices on the forward"),
    ],
)
def test_bad_word_is_one_sentence(hedgerow: Any, words: tuple[Any, ...], sentence: str) -> None:
    answer = hedgerow(*OPTION, *words)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith(f"hedgerow: {sentence}")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("missing", ["--spot", "--strike", "--years"])
def test_missing_word_is_named(hedgerow: Any, missing: str) -> None:
    words = [str(word) for word in OPTION]
    place = words.index(missing)
    answer = hedgerow(*words[:place], *words[place + 2 :])
    assert (answer.code, answer.err.split(";")[0]) == (2, f"hedgerow: {missing} is missing")


SLICE = {"level": 0.02, "slope": 0.1, "correlation": -0.3, "shift": 0.0, "curvature": 0.1}


def test_slice_of_a_smile_is_given_by_its_parameters(hedgerow: Any, tmp_path: Path) -> None:
    option = ("price", "--model", "svi", "--spot", 100, "--strike", 90, "--years", 0.5)
    words = [word for name, value in SLICE.items() for word in ("--parameter", f"{name}={value}")]
    found = hedgerow(*option, *words, "--json").json
    assert found["price"] == svi.price("call", 100.0, 90.0, 0.5, svi.SVI(**SLICE))
    report = tmp_path / "smile.html"
    assert hedgerow(*option, *words, "--report", report).code == 0
    assert report.exists()
    refused = hedgerow(*option, *words, "--vol", 0.2)
    assert refused.code == 2
    assert "model svi has its volatility from level, slope" in refused.err
    assert "needs level, slope, correlation, shift, curvature" in hedgerow(*option).err


def test_list_of_options_is_priced_on_slices_of_its_columns(hedgerow: Any, tmp_path: Path) -> None:
    file = tmp_path / "options.csv"
    row = ",".join(str(value) for value in SLICE.values())
    file.write_text(f"kind,spot,strike,years,{','.join(SLICE)}\ncall,100,90,0.5,{row}\nput,100,110,0.5,{row}\n")
    found = hedgerow("price", file, "--model", "svi", "--json").json
    prices = svi.price(["call", "put"], 100.0, [90.0, 110.0], 0.5, svi.SVI(**SLICE))
    assert [each["price"] for each in found["options"]] == list(prices)


def test_several_values_of_a_parameter_are_refused_for_one_option(hedgerow: Any) -> None:
    refused = hedgerow(*OPTION, "--model", "displaced", "--parameter", "displacement=5,10")
    assert refused.code == 2
    assert "parameter displacement must be one value for one option, not 2" in refused.err
