"""From words to objects: a name and its values in a study become the frozen dataclass of that name.

``{band: {width: 0.1}}`` is the class registered as ``band`` with its field ``width``; ``{band: 0.1}`` gives the only
field, the only one without a default or the only number, and a bare ``band`` takes the defaults. Nothing is known here
of any one class: keys are its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from inspect import Parameter, isabstract, isclass, signature
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hedgerow.errors import HedgerowError, InputError, did_you_mean

Factory = Callable[..., Any]
_PLAIN = (float, int, bool, str)


def made(words: Any, registry: Mapping[str, Factory], what: str, given: Mapping[str, Any] | None = None) -> Any:
    """Return the object that words name.

    Parameters
    ----------
    words : str or mapping
        A name, or a mapping of one name to its values.
    registry : mapping of str to class or function
        Names that are known.
    what : str
        What is named, for sentences: ``policy``.
    given : mapping, optional
        Arguments that do not come from the words.

    Returns
    -------
    object

    Raises
    ------
    InputError
        For an unknown name or key, a value that is missing or of the wrong kind, and what the class itself refuses.
    """
    name, values = name_and_values(words, what)
    if name not in registry:
        known = ", ".join(registry)
        raise InputError(f"{what} {name!r} is not known{did_you_mean(name, registry)} (known: {known})")
    return _called(registry[name], values, f"{what} {name}", dict(given or {}))


def name_and_values(words: Any, what: str) -> tuple[str, Any]:
    """Return the name and its values; none for a bare name.

    Raises
    ------
    InputError
        Where it is neither a name nor a mapping of exactly one.
    """
    if isinstance(words, str):
        return words.strip(), {}
    if isinstance(words, Mapping) and len(words) == 1:
        name, values = next(iter(words.items()))
        return str(name), {} if values is None else values
    raise InputError(f"a {what} is one name, or one name with its values such as {{name: {{key: 1}}}}; not {words!r}")


def named_arguments(factory: Factory) -> dict[str, Parameter]:
    """Return what a class or function takes, by name."""
    if is_dataclass(factory):
        ready = {each.name for each in fields(factory) if each.init}
        return {name: each for name, each in signature(factory).parameters.items() if name in ready}
    return dict(signature(factory).parameters)


def _called(factory: Factory, values: Any, where: str, given: dict[str, Any]) -> Any:
    takes = {name: each for name, each in named_arguments(factory).items() if name not in given}
    if not isinstance(values, Mapping):
        hints = get_type_hints(factory)
        values = {
            bare_field({name: (each, hints.get(name, Any)) for name, each in takes.items()}, values, where): values
        }
    for key in values:
        if key not in takes:
            listed = ", ".join(takes) or "nothing"
            raise InputError(f"{where} has no {str(key)!r}{did_you_mean(str(key), takes)} (it takes {listed})")
    missing = [name for name, each in takes.items() if each.default is Parameter.empty and name not in values]
    missing = [name for name in missing if takes[name].kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)]
    if missing:
        raise InputError(f"{where} needs {missing[0]}; give it, such as {{{missing[0]}: ...}}")
    hints = get_type_hints(factory)
    ready = {
        str(key): _value(value, _taken(takes[key], hints.get(key, Any)), f"{where}: {key}")
        for key, value in values.items()
    }
    arguments = named_arguments(factory)
    starred = [name for name, each in arguments.items() if each.kind is Parameter.VAR_POSITIONAL]
    several = [value for name in starred for value in _listed(ready.pop(name, ()))]
    own = {name: value for name, value in given.items() if name in arguments}
    try:
        return factory(*several, **own, **ready)
    except (TypeError, ValueError) as error:
        if isinstance(error, HedgerowError):
            raise
        raise InputError(f"{where} cannot take {_said(values)}: {error}") from error


def bare_field(takes: Mapping[str, Any], value: Any, where: str) -> str:
    """Return the field that a bare value is of: the only one, the only one that must be given, or the only number.

    Parameters
    ----------
    takes : mapping of str to (Parameter, type hint)
        Fields by name.
    value : object
    where : str
        Name of the part, for the sentence.

    Raises
    ------
    InputError
        Where there is none, or several that it might be.
    """
    if not takes:
        raise InputError(f"{where} takes no value, not {value!r}")
    needed = [name for name, (each, _) in takes.items() if each.default is Parameter.empty]
    numbers = [name for name, (_, hint) in takes.items() if {float, int} & set(_options(hint))]
    for fitting in (list(takes), needed, numbers):
        if len(fitting) == 1:
            return fitting[0]
    raise InputError(
        f"{where} is given the bare value {value!r} and has several fields that it might be; name the one you mean "
        f"({', '.join(takes)})"
    )


def _said(values: Mapping[Any, Any]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in values.items())


def _taken(argument: Parameter, hint: Any) -> Any:
    several = argument.kind is Parameter.VAR_POSITIONAL and get_origin(hint) is not tuple
    return tuple[hint, ...] if several else hint


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _value(value: Any, hint: Any, where: str) -> Any:
    """Return a value of a study as an argument of this type: numbers checked, lists as tuples, names as objects."""
    options = _options(hint)
    if value is None or Any in options:
        return _frozen(value)
    named = choices(options)
    if named and _is_named(value, named, options):
        name, inner = name_and_values(value, where)
        found = named[name]
        return found if isinstance(found, Enum) else _called(found, inner, f"{where} {name}", {})
    if isinstance(value, Mapping) and len(concrete := [each for each in options if is_dataclass(each)]) == 1:
        return _called(concrete[0], value, where, {})  # type: ignore[arg-type]
    if isinstance(value, list | tuple):
        inner = next((get_args(each) for each in options if get_origin(each) in (tuple, list, Sequence)), ()) or (Any,)
        fixed = len(inner) == len(value) and Ellipsis not in inner
        kinds = inner if fixed else (inner[0],) * len(value)
        return tuple(_value(item, kind, where) for item, kind in zip(value, kinds, strict=True))
    parts = [each for each in options if is_dataclass(each)]
    if parts and all(each in parts or each is type(None) for each in options) and not isinstance(value, Mapping):
        taken = [each.name for each in fields(parts[0])]
        example = f"{{{taken[0]}: ...}}" if taken else "{}"
        raise InputError(f"{where} is given by its keys ({', '.join(taken)}), such as {example}, not {value!r}")
    return _plain(value, options, where)


def _is_named(value: Any, named: Mapping[str, Any], options: tuple[Any, ...]) -> bool:
    """Return whether a value names one of the choices; refuse a name that is none of them."""
    if isinstance(value, str):
        name = value
    elif isinstance(value, Mapping) and len(value) == 1:
        name = str(next(iter(value)))
    else:
        return False
    if name in named:
        return True
    if str in options or any(is_dataclass(each) for each in options):
        return False
    raise InputError(f"{name!r} is not known{did_you_mean(name, named)} (known: {', '.join(named)})")


def choices(options: Iterable[Any]) -> dict[str, Any]:
    """Return members of enumerations, and concrete classes below abstract ones, by the words that name them."""
    found: dict[str, Any] = {}
    for each in options:
        if isclass(each) and issubclass(each, Enum):
            found |= {str(member.value): member for member in each}
        elif isclass(each) and each not in (*_PLAIN, type(None)) and get_origin(each) is None:
            found |= {snake(kind): kind for kind in _below(each) if is_dataclass(kind) and not isabstract(kind)}
    return found


def snake(kind: type) -> str:
    """Return how a study writes a class: its ``type_name``, or its name in lower case with underscores.

    Examples
    --------
    >>> class StickyStrike: ...
    >>> snake(StickyStrike)
    'sticky_strike'
    """
    given = getattr(kind, "type_name", "")
    return given if isinstance(given, str) and given else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()


def _below(kind: type) -> list[type]:
    if kind.__module__.split(".")[0] != "hedgerow":
        return []
    below: list[type] = kind.__subclasses__()
    found = [inner for each in below for inner in (each, *_below(each))]
    return [each for each in found if each.__module__.split(".")[0] == "hedgerow"]


def _options(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in (Union, UnionType):
        return tuple(inner for each in get_args(hint) for inner in _options(each))
    return (hint,)


def _plain(value: Any, options: tuple[Any, ...], where: str) -> Any:
    """Return a number or text as it is, where the argument takes one."""
    wanted = {each for each in options if each in _PLAIN}
    if not wanted or isinstance(value, Mapping):
        return _frozen(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if bool in wanted and isinstance(value, bool):
        return value
    if str in wanted and isinstance(value, str):
        return value
    if float in wanted and number:
        return float(value)
    if int in wanted and number and float(value).is_integer():
        return int(value)
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}
    if len(wanted) == len(options) or type(None) in options:
        raise InputError(
            f"{where} must be {' or '.join(words[each] for each in _PLAIN if each in wanted)}, not {value!r}"
        )
    return _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
