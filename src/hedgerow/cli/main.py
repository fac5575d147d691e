"""The ``hedgerow`` command: its verbs, and one place where errors become a sentence and an exit code.

Exit codes: 0 done; 2 bad input; 4 a defect of Hedgerow; 130 stopped with Ctrl-C. Verbs import what they need when they
run, so that ``hedgerow --help`` stays quick.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from hedgerow._version import __version__
from hedgerow.cli import (
    accounting,
    candidates,
    compare,
    data,
    demo,
    doctor,
    explain,
    frontier,
    overlay,
    price,
    rates,
    ratio,
    replay,
    run,
    schema,
    simulate,
    stress,
    surface,
    tail,
    vol,
)
from hedgerow.cli.usage import usage_sentence
from hedgerow.errors import AccountsError, HedgerowError

ClickException: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What typer raises for a wrong command line; older versions have it from click, newer ones of their own."""
INTERRUPTED = 130

app = typer.Typer(
    name="hedgerow",
    help="Hedging: what to hold, how many, when to trade, what it costs, and how well it worked on unseen data.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ratio")(ratio.ratio)
app.command("compare")(compare.compare)
app.command("candidates")(candidates.candidates)
app.command("price")(price.price)
app.add_typer(vol.app, name="vol")
app.command("surface")(surface.surface)
app.command("simulate")(simulate.simulate)
app.command("replay")(replay.replay)
app.command("frontier")(frontier.frontier)
app.command("explain")(explain.explain)
app.command("rates")(rates.rates)
app.command("accounting")(accounting.accounting)
app.command("stress")(stress.stress)
app.command("overlay")(overlay.overlay)
app.command("tail")(tail.tail)
app.command("run")(run.run)
app.command("schema")(schema.schema)
app.add_typer(data.app, name="data")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hedgerow {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Hedging: what to hold, how many, when to trade, what it costs, and how well it worked on unseen data."""


def main() -> NoReturn:
    """Run the command line and exit; every foreseen error is one sentence on standard error."""
    try:
        code = app(standalone_mode=False)
    except HedgerowError as error:
        if os.environ.get("HEDGEROW_DEBUG"):
            raise
        _say(str(error))
        code = 4 if isinstance(error, AccountsError) else 2
    except ClickException as error:
        code = _say_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (hedgerow … | head); that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    if code == INTERRUPTED:
        _say("stopped before the end; nothing was left half-written")
    sys.exit(code or 0)


def _say(sentence: str) -> None:
    typer.echo(f"hedgerow: {' '.join(sentence.split())}", err=True)


def _say_usage(error: Any) -> int:
    """Say in one sentence what the command line lacks or has too much; a bare group of verbs gets its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return int(error.exit_code)
    message = usage_sentence(str(error.format_message()))
    path = getattr(getattr(error, "ctx", None), "command_path", "hedgerow")
    verb = " ".join(["hedgerow", *str(path).split()[1:]])
    _say(f"{message}; {verb} --help lists what there is")
    return int(error.exit_code)
