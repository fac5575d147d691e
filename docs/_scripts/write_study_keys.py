"""Write the keys of a study file into docs/study-files.md, from the models that check it, between two markers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from hedgerow.study.accounting.words import (
    AccountingStudy,
    CriticalTermsWords,
    InstrumentWords,
    ItemWords,
    MoveWords,
    ReclassificationWords,
    RelationshipWords,
    TermWords,
    ThresholdWords,
)
from hedgerow.study.compare.words import CompareStudy, EvidenceWords, RaceWords
from hedgerow.study.explain.words import EventWords, ExplainStudy, MarkedWords, MarketWords, SmileWords
from hedgerow.study.frontier.words import FrontierStudy
from hedgerow.study.hedging.words import AccountWords, ClaimWords, StartWords
from hedgerow.study.method_choice import CostAwareWords
from hedgerow.study.methods import PARAMETERS
from hedgerow.study.models import (
    CandidateStudy,
    CrisisWords,
    DataSource,
    Exposure,
    Hedge,
    Judgement,
    Method,
    RatioStudy,
    Trading,
    WalkForwardWords,
)
from hedgerow.study.overlays.market_words import (
    CrisisSpanWords,
    FuturesWords,
    OtherIndexWords,
    OverlayMarketWords,
    PortfolioWords,
)
from hedgerow.study.overlays.words import (
    ChoiceWords,
    OverlayJudgingWords,
    OverlayStudy,
    RuleWords,
    ShapeWords,
    TogetherWords,
)
from hedgerow.study.price.words import BookStressWords, BookWords, OptionWords, PriceStudy, ScenarioWords, ShockWords
from hedgerow.study.rates.words import CurveWords as YieldCurveWords, RateStudy
from hedgerow.study.replay.words import DividendWords, PillarWords, ProgrammeWords, ReplayMarketWords, ReplayStudy
from hedgerow.study.signal_words import SignalWords
from hedgerow.study.simulate.words import SimulateStudy
from hedgerow.study.stress.words import KnockInWords, MarginWords, StressScenarioWords, StressStudy, StressWords
from hedgerow.study.surface.words import ChainWords, ShiftWords, SurfaceStudy
from hedgerow.study.tail.words import TailHedgeWords, TailJudgingWords, TailShockWords, TailStudy
from hedgerow.study.volatility.words import (
    ConeWords,
    CurveWords,
    IndexWords,
    PremiumWords,
    RankWords,
    VolatilityColumns,
    VolatilityStudy,
)

PAGE = Path(__file__).resolve().parents[1] / "study-files.md"
BLOCK = re.compile(r"(<!-- keys: ([a-z_ ]+) -->\n).*?(<!-- keys end -->)", re.DOTALL)
MODELS: dict[str, type[BaseModel]] = {
    "study": RatioStudy,
    "data": DataSource,
    "exposure": Exposure,
    "hedges": Hedge,
    "methods": Method,
    "cost_aware": CostAwareWords,
    "walk_forward": WalkForwardWords,
    "crisis": CrisisWords,
    "trading": Trading,
    "judging": Judgement,
    "compare study": CompareStudy,
    "race": RaceWords,
    "evidence": EvidenceWords,
    "price study": PriceStudy,
    "option": OptionWords,
    "book": BookWords,
    "scenarios": ScenarioWords,
    "book stress": BookStressWords,
    "shock": ShockWords,
    "volatility study": VolatilityStudy,
    "columns": VolatilityColumns,
    "cone": ConeWords,
    "rank": RankWords,
    "premium": PremiumWords,
    "index": IndexWords,
    "curve": CurveWords,
    "surface study": SurfaceStudy,
    "chain": ChainWords,
    "shifted": ShiftWords,
    "stress study": StressStudy,
    "stress": StressWords,
    "knock_in": KnockInWords,
    "stress scenarios": StressScenarioWords,
    "margin": MarginWords,
    "accounting study": AccountingStudy,
    "relationship": RelationshipWords,
    "item": ItemWords,
    "instrument": InstrumentWords,
    "thresholds": ThresholdWords,
    "reclassified": ReclassificationWords,
    "accounting scenarios": MoveWords,
    "critical terms": CriticalTermsWords,
    "terms": TermWords,
    "rates study": RateStudy,
    "yield curve": YieldCurveWords,
    "simulate study": SimulateStudy,
    "start": StartWords,
    "account": AccountWords,
    "claims": ClaimWords,
    "frontier study": FrontierStudy,
    "replay study": ReplayStudy,
    "replay market": ReplayMarketWords,
    "replay surface": PillarWords,
    "replay dividends": DividendWords,
    "programme": ProgrammeWords,
    "overlay study": OverlayStudy,
    "overlay market": OverlayMarketWords,
    "futures": FuturesWords,
    "portfolio": PortfolioWords,
    "indices": OtherIndexWords,
    "rules": RuleWords,
    "shape": ShapeWords,
    "overlay signals": SignalWords,
    "together": TogetherWords,
    "overlay choice": ChoiceWords,
    "overlay judging": OverlayJudgingWords,
    "crises": CrisisSpanWords,
    "tail study": TailStudy,
    "tail hedges": TailHedgeWords,
    "shocks": TailShockWords,
    "tail judging": TailJudgingWords,
    "explain study": ExplainStudy,
    "market of a day": MarketWords,
    "underlying of a day": MarkedWords,
    "smile points": SmileWords,
    "event": EventWords,
}
PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}
BOUNDS = {Ge: ("at least", "ge"), Gt: ("above", "gt"), Le: ("at most", "le"), Lt: ("below", "lt")}


def words_of(annotation: Any) -> str:
    """Return what a key takes, in words."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    if annotation in PLAIN:
        return PLAIN[annotation]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return {"text": "list of texts", "number": "list of numbers"}.get(words_of(parts[0]), "list")
    if origin is dict:
        return "mapping"
    if hasattr(annotation, "__metadata__"):
        return words_of(parts[0]) + "".join(map(bounds_of, filter(is_field, annotation.__metadata__)))
    return " or ".join(dict.fromkeys(words_of(part) for part in parts if part is not type(None)))


def given_as(field: FieldInfo) -> Any:
    """Return the type of what a person writes, where a short form becomes what the field holds."""
    given = [getattr(rule, "json_schema_input_type", None) for rule in field.metadata]
    parts = [(kind, get_args(kind)) for kind in given]
    written = [
        kind for kind, each in parts if any(isinstance(one, type) and issubclass(one, BaseModel) for one in each)
    ]
    written = [kind for kind in written if not any(hasattr(part, "__metadata__") for part in get_args(kind))]
    return next(iter(written), field.annotation)


def is_field(rule: Any) -> bool:
    return isinstance(rule, FieldInfo)


def bounds_of(field: FieldInfo) -> str:
    """Return the bounds of a number in words; lengths of text and lists are left to the schema."""
    found = []
    for rule in field.metadata:
        if type(rule) in BOUNDS:
            word, name = BOUNDS[type(rule)]
            found.append(f", {word} {getattr(rule, name):,}")
        elif not isinstance(rule, MinLen | MaxLen | BeforeValidator):
            raise TypeError(f"no words for the rule {rule!r}")
    return "".join(found)


def default_of(name: str, field: FieldInfo) -> str:
    """Return a key's default as a study would write it."""
    if field.is_required():
        return "needed"
    value = field.default
    if value is None or value in ((), {}, ""):
        return "—"
    if isinstance(value, Method):
        return f"`{value.name}`"
    if isinstance(value, BaseModel):
        return "as below"
    if isinstance(value, tuple):
        return "`[" + ", ".join(str(getattr(item, "name", item)) for item in value) + "]`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def table(model: type[BaseModel]) -> str:
    """Return a model's keys as a Markdown table."""
    rows = ["| key | takes | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        kinds = KINDS_OF.get(model, {}) if name == "kind" else {}
        takes = " or ".join(f"`{kind}`" for kind in kinds) or words_of(given_as(field)) + bounds_of(field)
        default = "needed" if kinds else default_of(name, field)
        rows.append(f"| `{name}` | {takes} | {default} | {meaning(kinds, field)} |")
    return "\n".join(rows)


def meaning(kinds: dict[str, type[BaseModel]], field: FieldInfo) -> str:
    """Return a key's description; the kind of study is described by what each kind is."""
    if not kinds:
        return str(field.description)
    return " ".join(f"`{kind}`: {first_paragraph(model)}" for kind, model in kinds.items())


def first_paragraph(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").split("\n\n")[0].replace("\n", " ")


LINEAR: dict[str, type[BaseModel]] = {"ratio": RatioStudy, "candidates": CandidateStudy}
KINDS_OF: dict[type[BaseModel], dict[str, type[BaseModel]]] = {
    RatioStudy: LINEAR,
    CompareStudy: {"compare": CompareStudy},
    PriceStudy: {"price": PriceStudy},
    VolatilityStudy: {"volatility": VolatilityStudy},
    SurfaceStudy: {"surface": SurfaceStudy},
    StressStudy: {"stress": StressStudy},
    AccountingStudy: {"accounting": AccountingStudy},
    RateStudy: {"rates": RateStudy},
    SimulateStudy: {"simulate": SimulateStudy},
    FrontierStudy: {"frontier": FrontierStudy},
    ReplayStudy: {"replay": ReplayStudy},
    ExplainStudy: {"explain": ExplainStudy},
    OverlayStudy: {"overlay": OverlayStudy},
    TailStudy: {"tail": TailStudy},
}
"""A study's words to the kinds of study that have them."""


def method_table() -> str:
    """Return which of its keys each method takes."""
    rows = ["| `name` | takes |", "|---|---|"]
    rows += [
        f"| `{name}` | {', '.join(f'`{key}`' for key in keys) or 'no further key'} |"
        for name, keys in PARAMETERS.items()
    ]
    return "\n".join(rows)


def with_keys(page: str) -> str:
    """Return the page with every block holding the present keys."""

    def block(match: re.Match[str]) -> str:
        title = match[2]
        text = method_table() if title == "parameters of methods" else table(MODELS[title])
        return f"{match[1]}\n{text}\n\n{match[3]}"

    return BLOCK.sub(block, page)


def titles(page: str) -> list[str]:
    """Return the tables that the page has a block for."""
    return [match[2] for match in BLOCK.finditer(page)]


def write_study_keys() -> None:
    """Bring the page up to date."""
    PAGE.write_text(with_keys(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_study_keys()
    print(f"wrote {len(titles(PAGE.read_text(encoding='utf-8')))} tables into {PAGE.name}")
