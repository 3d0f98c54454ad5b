"""Command lines in processes of their own, each forked from one that has imported everything."""

import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.cli import app
from services.cli.shell import run
from tests.forked import PROCESSES


@dataclass(frozen=True)
class Bounds:
    """How much a command may take."""

    memory: int = 2 << 30
    """Bytes of address space beyond what it has at the start."""
    cpu_s: int = 40
    file_size: int = resource.RLIM_INFINITY
    """Bytes of the longest file it may write; what it says goes elsewhere."""


@dataclass(frozen=True)
class Done:
    """How a command ended (its exit code, or less the number of the signal) and what it said."""

    code: int
    said: str
    memory: int
    """The most it held, in bytes."""


UNBOUND: Final = Bounds(resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def run_command(folder: Path, *arguments: object, bounds: Bounds = UNBOUND, timeout_s: float = 120) -> Done:
    """Run the command line in a folder until it ends."""
    reading, writing = PROCESSES.Pipe(duplex=False)
    with tempfile.TemporaryFile("w+b") as out:
        said = Path(f"/proc/{os.getpid()}/fd/{out.fileno()}")
        words = [str(argument) for argument in arguments]
        child = PROCESSES.Process(target=_child, args=(words, str(folder), str(said), bounds, writing))
        child.start()
        writing.close()
        child.join(timeout_s)
        if child.is_alive():
            child.kill()
            child.join()
        memory = reading.recv() if child.exitcode is not None and child.exitcode >= 0 else 0
        return Done(child.exitcode, said.read_text("utf-8", errors="replace"), memory)


def _child(words: list[str], folder: str, said: str, bounds: Bounds, report: object) -> None:
    out = os.open(said, os.O_WRONLY | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    beyond = resource.RLIM_INFINITY if bounds.memory == resource.RLIM_INFINITY else bounds.memory + _held()
    for what, most in (
        (resource.RLIMIT_AS, beyond),
        (resource.RLIMIT_CPU, bounds.cpu_s),
        (resource.RLIMIT_FSIZE, bounds.file_size),
    ):
        resource.setrlimit(what, (most, most))
    code = run(app, words)
    sys.stdout.flush()
    report.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    sys.exit(code)


def _held() -> int:
    """Return the address space of this process in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
