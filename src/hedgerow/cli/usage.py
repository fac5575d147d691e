"""How a wrong command line reads: the words of typer and pydantic made into one plain sentence."""

from __future__ import annotations

import re

_RULES = {
    r"Input should be a valid integer.*": "must be a whole number",
    r"Input should be a valid number.*": "must be a number",
    r"'(.*)' is not a valid integer( range)?": r"must be a whole number, not '\1'",
    r"'(.*)' is not a valid float( range)?": r"must be a number, not '\1'",
    r"Input should (have|be) ": r"must \1 ",
    r"String should (have|be) ": r"must \1 ",
    r"greater than or equal to (\S+)$": r"\1 or more",
    r"less than or equal to (\S+)$": r"\1 or less",
    r"must be greater than ": "must be more than ",
    r"must be less than ": "must be below ",
}


def plain_rule(message: str) -> str:
    """Return a rule of pydantic's or typer's as a clause: ``must be 1 or more``.

    Examples
    --------
    >>> plain_rule("Input should be greater than or equal to 1")
    'must be 1 or more'
    """
    for pattern, words in _RULES.items():
        message = re.sub(pattern, words, message)
    return message.removeprefix("Value error, ")


def usage_sentence(message: str) -> str:
    """Return what is wrong with a command line as the beginning of a sentence.

    Examples
    --------
    >>> usage_sentence("Invalid value for '--horizon': 'two' is not a valid integer.")
    "--horizon must be a whole number, not 'two'"
    >>> usage_sentence("No such option: --evry (Possible options: --every, --refit)")
    'there is no option --evry; did you mean --every or --refit?'
    """
    message = re.sub(r" \(env var:? '[^']*'\)", "", " ".join(message.split()).rstrip("."))
    message = re.sub(r"(Missing argument) '([^']*)'", lambda found: f"{found[1]} '{found[2].lower()}'", message)
    named = re.match(r"Invalid value for (.+?): (.*)", message)
    if named:
        flag = re.sub(r"'(-[^']*)'", r"\1", named[1])
        rule = plain_rule(named[2])
        return f"{flag} {rule}" if rule.startswith("must") else f"{flag}: {rule[:1].lower()}{rule[1:]}"
    unknown = re.match(r"No such option:? '?(-[^ ']*)'?\.?(?: (.*))?$", message)
    if unknown:
        close = re.findall(r"--?[\w-]+", unknown[2] or "")
        return f"there is no option {unknown[1]}" + (f"; did you mean {' or '.join(close)}?" if close else "")
    message = re.sub(r"^No such command", "there is no command", message)
    message = re.sub(r"'(-[^']*)'", r"\1", message)
    return f"{message[:1].lower()}{message[1:]}"
