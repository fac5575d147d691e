"""What all words of studies share: they take the keys they know and no others."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


def _first_paragraph(schema: dict[str, Any]) -> None:
    """Leave the schema the first paragraph of a model's docstring; its keys have descriptions of their own."""
    if "description" in schema:
        schema["description"] = str(schema["description"]).split("\n\n")[0]


class Strict(BaseModel):
    """A model that takes the keys it knows and no others; its docstring lists them from their descriptions."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, json_schema_extra=_first_paragraph)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Write the Parameters section of the docstring."""
        super().__pydantic_init_subclass__(**kwargs)
        lines = [f"{name}\n    {field.description or 'See its class.'}" for name, field in cls.model_fields.items()]
        summary = (cls.__doc__ or "").split("\n\n")[0]
        cls.__doc__ = "\n".join([summary, "", "Parameters", "----------", *lines])
