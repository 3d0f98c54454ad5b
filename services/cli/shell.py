"""What every command shares: exit codes, the store option, messages on the right stream."""

import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

import structlog
import typer
from rich.console import Console
from typer.exceptions import TyperException

from geo.errors import GeoError
from services.cli.stopping import Stop, stops_told
from services.cli.terminal import write_what_terminals_can
from services.cli.wording import fault_words, speaking
from services.context import Context, close_stores, file_of, open_context
from services.errors import ServiceError, system_reason
from services.i18n import Text, text, translate, use_language
from services.logs import use_local_times
from services.rules.windows import Window, WindowError, parse_window
from services.settings import read_settings

PROGRAM: Final = "gridmuster"
console = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

_STOPPED: Final = text("Stopped; what was not said to be done is not saved")
_PATIENCE_S: Final = 3.0
"""How long pages that a stopped server is still drawing are waited for."""
_log = structlog.get_logger(__name__)

StoreOption = Annotated[str, typer.Option("--store", envvar="GRIDMUSTER_STORE", help="数据库地址", show_default=False)]


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    WRONG_CALL = 2
    ROWS_REJECTED = 3


def context_for(store: str) -> Context:
    """Return the context on the store that the command names, or the one of the settings.

    A file that is not there ends the command with one sentence (exit code 1): a slip in an address must not make an
    empty store.
    """
    if not store_exists(store):
        complain("There is no store at {address}; correct the address, or import data first", address=_address(store))
        raise typer.Exit(Exit.FAILED)
    return new_context_for(store)


def new_context_for(store: str) -> Context:
    """Return the context on a store as ``context_for``; a file that is not there is made."""
    return open_context(store or None)


def store_exists(store: str) -> bool:
    """Return whether a store may be there: whether its file is, where it is one."""
    file = file_of(_address(store))
    return file is None or file.exists()


def _address(store: str) -> str:
    return store or read_settings().store


def say(message: str | Text, **params: str | int | float) -> None:
    """Print a translated text to people."""
    console.print(translate(message, **params), markup=False, soft_wrap=True)


def complain(message: str | Text, **params: str | int | float) -> None:
    """Print a translated text to the error stream."""
    complaints.print(translate(message, **params), markup=False, soft_wrap=True)


def refuse(message: str | Text, **params: str | int | float) -> NoReturn:
    """Print why a call is wrong, as ``complain`` does, and end with ``Exit.WRONG_CALL``."""
    complain(message, **params)
    raise typer.Exit(Exit.WRONG_CALL)


def read_window(context: Context, words: str) -> Window:
    """Return the window that an option says; what is none ends the command."""
    try:
        return parse_window(words, context.clock())
    except WindowError as error:
        refuse(error.text)


def _tell_usage(error: TyperException) -> None:
    """Say what was wrong with a call, and how it is called; where nothing was asked for the help has been shown."""
    said, place = fault_words(error), getattr(error, "ctx", None)
    if not said:
        return
    complaints.print(said, markup=False, soft_wrap=True)
    if place is not None:
        complaints.print(place.get_usage(), markup=False, soft_wrap=True)
        complain("See {command} --help", command=place.command_path)


def _why(error: OSError) -> str:
    """Return why the system refused, and which file or folder that is about."""
    said = translate(system_reason(error))
    return f"{said}（{error.filename}）" if error.filename else said


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code.

    Commands end early with ``raise typer.Exit(Exit.ROWS_REJECTED)``; faults of use cases become one sentence here.
    """
    use_language(read_settings().language)
    write_what_terminals_can()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    use_local_times()
    with stops_told():
        try:
            return _run(app, arguments)
        finally:
            close_stores(_PATIENCE_S)


def _run(app: typer.Typer, arguments: Sequence[str] | None) -> int:
    try:
        return int(speaking(app).main(args=arguments, prog_name=PROGRAM, standalone_mode=False) or Exit.DONE)
    except Stop as stop:
        complain(_STOPPED)
        return int(stop.code or Exit.FAILED)
    except SystemExit as end:
        return int(end.code or Exit.DONE)
    except TyperException as error:
        _tell_usage(error)
        return error.exit_code
    except typer.Abort:
        complain(_STOPPED)
    except ServiceError as error:
        complain(error.text)
    except MemoryError:
        complain("There is not enough memory for this; split the file, or close other programs.")
    except OSError as error:
        complain("It did not work: {why}", why=_why(error))
    except GeoError as error:
        complain("It did not work: {why}", why=str(error))
    except Exception as error:  # noqa: BLE001 - the last resort: people get a sentence, the log gets the place
        place = traceback.extract_tb(error.__traceback__)[-1]
        _log.error("unexpected", kind=type(error).__name__, place=f"{Path(place.filename).name}:{place.lineno}")
        complain("Something unforeseen went wrong ({kind}); please report it.", kind=type(error).__name__)
    return Exit.FAILED
