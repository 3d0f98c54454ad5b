"""What every command shares: exit codes, the store option, messages on the right stream."""

import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated

import click
import structlog
import typer
from rich.console import Console

from geo.errors import GeoError
from services.context import Context, open_context
from services.errors import ServiceError
from services.i18n import Text, translate, use_language
from services.settings import read_settings

console = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

StoreOption = Annotated[
    str, typer.Option("--store", envvar="GRIDMUSTER_STORE", help="Address of the store.", show_default=False)
]


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    WRONG_CALL = 2
    ROWS_REJECTED = 3


def context_for(store: str) -> Context:
    """Return the context on the store that the command names, or the one of the settings."""
    return open_context(store or None)


def say(message: str | Text, **params: str | int | float) -> None:
    """Print a translated text to people."""
    console.print(translate(message, **params), markup=False)


def complain(message: str | Text, **params: str | int | float) -> None:
    """Print a translated text to the error stream."""
    complaints.print(translate(message, **params), markup=False)


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    use_language(read_settings().language)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        result = app(args=arguments, standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return Exit.WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped; nothing was changed.")
        return Exit.FAILED
    except ServiceError as error:
        complain(error.text)
        return Exit.FAILED
    except (GeoError, OSError) as error:
        complain("It did not work: {why}", why=str(error))
        return Exit.FAILED
    return int(result or Exit.DONE)
