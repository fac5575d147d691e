"""The model that prices European options of a book, with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments.base import require_number

LOGNORMAL = "black_scholes"
EUROPEAN_MODELS = (LOGNORMAL, "bachelier", "displaced", "heston", "merton", "bates", "sabr")


@dataclass(frozen=True)
class Model:
    """Which formula of :mod:`hedgerow.pricing` prices European options, and its parameters.

    Attributes
    ----------
    name : str
        A module of ``hedgerow.pricing``: ``"black_scholes"``, ``"bachelier"``, ``"heston"``, ...; it says what the
        volatility means.
    parameters : mapping of str to float
        The module's keyword parameters, one value for the whole book.

    Examples
    --------
    >>> Model("displaced", {"displacement": 10.0}).name
    'displaced'
    """

    name: str = LOGNORMAL
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an unknown model or a parameter that is no number."""
        if self.name not in EUROPEAN_MODELS:
            hint = did_you_mean(str(self.name), EUROPEAN_MODELS) or ";"
            known = ", ".join(EUROPEAN_MODELS)
            raise InputError(f"there is no model {self.name!r}{hint} (known: {known})".replace("; (", " ("))
        for name, value in self.parameters.items():
            require_number(name, value)

    @classmethod
    def of(cls, model: Model | str) -> Model:
        """Return a model from its name, or the model itself."""
        return model if isinstance(model, Model) else cls(model)
