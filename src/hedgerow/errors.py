"""Everything that can go wrong, as sentences to a colleague.

Each message names the argument, the rule, the value received, where it was found and the remedy::

    HedgerowError
    ├── InputError (ValueError)            an argument or option breaks a rule
    │   ├── DataError                      prices or changes cannot be used as they are
    │   │   └── ColumnError (LookupError)  a named column is not there, or is there twice
    │   └── StudyError                     a study file is malformed; file, line and key are named
    ├── FileError (OSError)                a file cannot be found, read or written
    ├── AccountsError (ArithmeticError)    the law of the accounts does not hold: a defect, never the user's
    ├── TransformError (ArithmeticError)   an integral of Heston's or Bates's model did not converge: no number is given
    └── MissingExtraError (ImportError)    an optional dependency is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class HedgerowError(Exception):
    """Base of all errors that Hedgerow raises on purpose; ``str(error)`` is one sentence for a person."""


class InputError(HedgerowError, ValueError):
    """An argument or option breaks a rule."""


class DataError(InputError):
    """Prices or changes cannot be used as they are."""


class ColumnError(DataError, LookupError):
    """A named column is not there, or more than one file has it."""


class StudyError(InputError):
    """A study file is malformed; the message names file, line and key."""


class FileError(HedgerowError, OSError):
    """A file cannot be found, read or written."""


class AccountsError(HedgerowError, ArithmeticError):
    """The law of the accounts does not hold; always a defect of Hedgerow, never of the user."""


class TransformError(HedgerowError, ArithmeticError):
    """An integral of a transform model did not converge for an option; no number is returned for it."""


class MissingExtraError(HedgerowError, ImportError):
    """An optional dependency is not installed; the message says which extra brings it."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'futures'?"`` for the known names closest to ``name``, or an empty string."""
    options = list(known)
    folded = {option.casefold(): option for option in options}
    close = get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.5)
    if not close:
        return ""
    return "; did you mean " + " or ".join(repr(folded[match]) for match in close) + "?"
