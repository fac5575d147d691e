"""The HTML report: inert, offline, the same bytes each time, labelled."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import FileError, InputError
from hedgerow.report import (
    Picture,
    Report,
    Table,
    basis_figure,
    cost_reduction_figure,
    cumulative_figure,
    effectiveness_bars_figure,
    hedge_ratio_figure,
    interval_text,
    render_html,
    scatter_figure,
    write_html,
)

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    '<a href="https://evil.example/">gold</a>',
    "<!--<script>",
    "]]><iframe src=//evil.example>",
    "{{ 7 * 7 }}{% raw %}",
    "${alert(1)}`",
    "%{y}<extra></extra>",
    "' onmouseover='alert(1)",
    '" style="background:url(//evil.example)',
    "&lt;b&gt;&amp;",
    "</style><style>*{display:none}",
    "</title><base href=//evil.example>",
    "\u202egnp.exe",
    "nul\x00l and \x1b[31mred",
    "=cmd()|'/C calc'!A0",
    "😀" * 5,
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.text: list[str] = []
        self.figures: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self._inside = "figure" if ("class", "figure") in attrs else tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "figure":
            self.figures.append(data)
        elif self._inside != "script":
            self.text.append(data)


@pytest.fixture(scope="module", autouse=True)
def _small_plotly() -> None:
    import plotly.offline

    plotly.offline.get_plotlyjs()  # read once from disk before the tests are timed


@cache
def _parsed_report(name: str) -> _Tags:
    """Return the report of a method of that name, parsed."""
    return _parsed(render_html(_report(name)))


def _parsed(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


def _report(name: str = "ols", n: int = 60) -> Report:
    dates = pd.date_range("2020-01-01", periods=n, name="date")
    noise = np.random.default_rng(0).standard_normal((n, 2))
    frame = pd.DataFrame({"unhedged": noise[:, 0], name: noise[:, 1]}, index=dates)
    table = pd.DataFrame(
        {"cost": [0.1], "variance_reduction": [0.86], "low": [0.82], "high": [0.89]}, index=pd.Index([name])
    )
    bars = table.rename(columns={"variance_reduction": "out_of_sample"}).assign(in_sample=0.9)
    spot, hedge = frame["unhedged"].rename(name), frame[name]
    return Report(
        title=name,
        subtitle=name,
        verdict=f"{name} is best.",
        facts={"rows": str(n), name: name},
        notes=(name, "a second note"),
        blocks=(
            Table(name, table.rename(columns={"cost": name}), name, {}, {name: name}, "out of sample"),
            Picture(name, hedge_ratio_figure(frame[[name]], unit=name, title=name, band_name=name), name),
            Picture(name, cumulative_figure(frame, unit=name), name, "out of sample"),
            Picture(name, scatter_figure(spot, hedge, ratio=0.5, units=(name, name)), "", "in sample"),
            Picture(name, cost_reduction_figure(table, unit=name)),
            Picture(name, effectiveness_bars_figure(bars), "", "in and out of sample"),
            Picture(name, basis_figure(spot, unit=name)),
        ),
    )


def test_html_hostile_names_add_no_element_and_no_attribute() -> None:
    harmless = _parsed_report("ols")
    for payload in PAYLOADS:
        hostile = _parsed_report(payload)
        assert hostile.tags == harmless.tags, payload
        assert hostile.attributes == harmless.attributes, payload


def test_html_hostile_names_reach_plotly_without_markup() -> None:
    for payload in PAYLOADS:
        for figure in _parsed_report(payload).figures:
            content = json.loads(figure)
            words = [trace["name"] for trace in content["data"] if "name" in trace]
            words += [content["layout"][axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
            for word in words:
                assert "<" not in word, payload
                assert "%{" not in word, payload


def test_html_script_content_cannot_end_its_element() -> None:
    html = render_html(_report("</script><!--"))
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, flags=re.DOTALL):
        assert "<" not in block
        json.loads(block)


def test_html_hidden_characters_are_shown_as_such() -> None:
    html = render_html(_report("a\u202eb\x00c"))
    assert "\u202e" not in html.split("<script>")[0]
    assert "a\ufffdb\ufffdc" in html


def test_html_content_policy_forbids_the_network_and_no_address_is_loaded() -> None:
    html = render_html(_report())
    assert "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:" in html
    page = html.split("<script>")[0]
    assert "http" not in page.replace("http-equiv", "")
    tags = _parsed(html).tags
    assert tags["link"] == tags["img"] == tags["a"] == tags["iframe"] == 0
    assert "showSendToCloud: false" in html


def test_html_twice_gives_equal_bytes(tmp_path: Path) -> None:
    first, second = (write_html(_report(), tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_html_long_series_stays_small(tmp_path: Path) -> None:
    n = 60_000
    dates = pd.date_range("1900-01-01", periods=n, freq="h", name="date")
    noise = pd.DataFrame(np.random.default_rng(0).standard_normal((n, 11)).cumsum(axis=0), index=dates)
    pictures = tuple(Picture(str(i), cumulative_figure(noise.rename(columns=str))) for i in range(6))
    path = write_html(Report("t", "", "v", {}, (), pictures), tmp_path / "r.html")
    assert path.stat().st_size < 8_000_000


def test_html_plotly_is_embedded_once_and_only_with_pictures() -> None:
    assert len(render_html(_report())) < 6_000_000
    assert len(render_html(Report("t", "", "v", {}, (), ()))) < 20_000


def test_html_every_block_says_what_it_was_judged_on() -> None:
    report = _report()
    html = render_html(report)
    for block in report.blocks:
        assert f'">{block.sample}</span>' in html
    assert len(re.findall(r'<span class="sample ', html)) == len(report.blocks)


def test_html_verdict_facts_and_notes_stand_before_the_tables() -> None:
    html = render_html(_report("ols"))
    places = [html.index(word) for word in ("ols is best.", "<dl", "a second note", "<table", 'id="picture-2"')]
    assert places == sorted(places)


def test_html_table_numbers_are_formatted_and_right_aligned() -> None:
    frame = pd.DataFrame(
        {
            "ratio": [0.87654321, np.nan],
            "reduction": [interval_text(0.862, 0.82, 0.891), None],
            "trade": ["sell 18", ""],
        },
        index=pd.Index(["ols", "naive"], name="method"),
    )
    html = render_html(Report("t", "", "v", {}, (), (Table("T", frame, formats={"ratio": ".3f"}),)))
    assert '<td class="number">0.877</td>' in html
    assert '<td class="number">0.86 <span class="interval">[0.82, 0.89]</span></td>' in html
    assert html.count('<td class="number">–</td>') == 2
    assert '<td class="short">sell 18</td>' in html
    assert '<th scope="col" class="number">ratio</th>' in html


def test_html_figures_share_their_dates() -> None:
    content = json.loads(_parsed(render_html(_report())).figures[1])
    assert content["data"][1]["x"] == {"same_as": 0}
    assert content["data"][0]["x"][0] == "2020-01-01"


def test_write_html_folder_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot write .*choose a folder"):
        write_html(_report(), tmp_path / "absent" / "r.html")


def test_write_html_target_is_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "r.html").mkdir()
    with pytest.raises(FileError):
        write_html(_report(), tmp_path / "r.html")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_report_foreign_block_is_refused() -> None:
    with pytest.raises(InputError, match="block 1 of a report must be a Table or a Picture, got str"):
        render_html(Report("t", "", "v", {}, (), ("text",)))  # type: ignore[arg-type]


def test_table_unknown_label_is_refused() -> None:
    with pytest.raises(InputError, match="sample of 'T' must be one of"):
        Table("T", pd.DataFrame(), sample="oos")  # type: ignore[arg-type]
