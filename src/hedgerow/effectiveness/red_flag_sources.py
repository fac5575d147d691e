"""Where each red flag comes from: a paper where there is one, and "rule of thumb" where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "sharpe": "Rule of thumb of practice, no test behind the number; Lo (2002), Financial Analysts Journal 58(4), "
        "on how wide the error of a Sharpe ratio is",
        "win_rate": "Rule of thumb of practice; Goetzmann, Ingersoll, Spiegel and Welch (2007), Review of Financial "
        "Studies 20(5), on records made to look good by selling tails",
        "one_crisis": "Rule of thumb of practice, no test behind the number",
        "one_year": "Rule of thumb of practice, no test behind the number",
        "free_parameters": "Rule of thumb of practice; Bailey, Borwein, Lopez de Prado and Zhu (2014), Notices of the "
        "American Mathematical Society 61(5), on how few trials it takes to overfit",
        "rows_per_parameter": "Rule of thumb of this product, a year of days for each parameter; Bailey, Borwein, "
        "Lopez de Prado and Zhu (2014), Notices of the American Mathematical Society 61(5), on the shortest backtest",
        "one_row_late": "Rule of thumb of practice against look-ahead and stale prices, no test behind the number",
        "deflated_sharpe": "Bailey and Lopez de Prado (2014), The deflated Sharpe ratio, Journal of Portfolio "
        "Management 40(5), at 95 % confidence",
        "overfitting": "Bailey, Borwein, Lopez de Prado and Zhu (2017), The probability of backtest overfitting, "
        "Journal of Computational Finance 20(4); one half is what trials without skill give",
    }
)
"""By the name of the flag."""
