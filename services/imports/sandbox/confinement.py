"""What a process that reads a file from outside gives up before it looks at the file."""

import ctypes
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_OPEN_FILES: Final = 256
_CPU_GRACE_SECONDS: Final = 5
_HIGHEST_DESCRIPTOR: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """What reading one file may take."""

    seconds: float
    """Of the clock; of the processor a little more."""
    memory_bytes: int
    """Beyond what the process has when it starts."""
    written_bytes: int
    """Largest file that may be written."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds a process, by what its kernel can do."""

    landlock: int
    """Version of Landlock; with 0 files outside the folder can be opened."""
    seccomp: bool
    """Whether system calls are filtered; else there is no more than ``landlock`` against the network."""


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when the one that forked it (``parent``) ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def keep_descriptors(descriptors: Collection[int]) -> None:
    """Close every descriptor but those kept; input, outputs and errors go nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    low = 3
    for number in sorted(descriptors):
        os.closerange(low, number)
        low = number + 1
    os.closerange(low, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], _HIGHEST_DESCRIPTOR))


def confine(folder: Path, limits: ResourceLimits, reference: Iterable[Path] = ()) -> Confinement:
    """Take from this process, for good, all that reading a file in ``folder`` does not need.

    Memory, processor time, sizes and numbers of files are limited, no core is written; nothing outside ``folder`` can
    be opened, ``reference`` can be read; there is no network, no other program and no other process. What the kernel
    cannot do is left out and stands in the answer.

    Raises
    ------
    OSError
        If the kernel can do it and refuses.
    """
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    _limit(limits)
    if sys.platform != "linux":
        return Confinement(landlock=0, seccomp=False)
    from services.imports.sandbox.landlock import restrict_files  # noqa: PLC0415 - Linux alone has the calls
    from services.imports.sandbox.seccomp import give_up_privileges, restrict_calls  # noqa: PLC0415 - as above

    with suppress(OSError):
        # Where memory runs out, this process goes first.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    give_up_privileges()
    version = restrict_files(folder, reference)
    return Confinement(landlock=version, seccomp=restrict_calls())


def _limit(limits: ResourceLimits) -> None:
    processor = int(limits.seconds) + _CPU_GRACE_SECONDS
    wished = {
        resource.RLIMIT_AS: _address_space() + limits.memory_bytes,
        resource.RLIMIT_CPU: processor,
        resource.RLIMIT_FSIZE: limits.written_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for kind, value in wished.items():
        hard = resource.getrlimit(kind)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, lowest))


def _address_space() -> int:
    """Return the bytes of address space this process has mapped; 0 where the system does not say."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    return 0
