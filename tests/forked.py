"""Processes of their own for tests, forked from one that has imported the program: most of a start is imports."""

import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import Final

PROCESSES: Final = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.children", "tests.faults.killing"])


def start_server(folder: Path, log: Path, words: list[str], environment: dict[str, str]) -> ForkServerProcess:
    """Start ``gridmuster`` with some words in a folder, as a shell would with that environment; it writes to a log."""
    process = PROCESSES.Process(target=_run, args=(str(folder), str(log), words, environment), daemon=True)
    with _plain_main():
        process.start()
    return process


def _run(folder: str, log: str, words: list[str], environment: dict[str, str]) -> None:
    from services.cli import app
    from services.cli.shell import run

    out = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.exit(run(app, words))


@contextmanager
def _plain_main():
    """Let a child begin with nothing: Streamlit leaves its script behind as the main module, which it would run."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
