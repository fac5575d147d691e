"""Run a price study: of one option, of a list of options, or of a book of positions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow.study.price.option_price import OptionOutcome, run_option_study
from hedgerow.study.price.words import PriceStudy

if TYPE_CHECKING:
    from hedgerow.study.price.option_book import BookOutcome
    from hedgerow.study.price.option_list import OptionListOutcome


def run_price_study(study: PriceStudy, folder: str | Path = ".") -> OptionOutcome | OptionListOutcome | BookOutcome:
    """Price what a study names; relative file names start at ``folder``.

    Parameters
    ----------
    study : PriceStudy
        One option, or a file of options or positions.
    folder : path
        Where relative file names start.

    Returns
    -------
    OptionOutcome, OptionListOutcome or BookOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    if study.book is None:
        return run_option_study(study)
    from hedgerow.market.cells import read_cells
    from hedgerow.study.price.option_list import COMMON, is_option_list, price_option_list

    file = Path(folder) / study.book.file
    cells, _ = read_cells(file, "positions")
    if is_option_list([str(name) for name in cells.columns]):
        from hedgerow.study.price.option_file import read_rows

        return price_option_list(study, read_rows(file, needed=COMMON[1:]))
    from hedgerow.instruments import Book
    from hedgerow.study.price.option_book import value_book

    return value_book(study, Book.from_csv(file), Path(folder))
