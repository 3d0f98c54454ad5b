"""Landlock (Linux 5.13 on): a process gives up opening files, and with newer kernels the network, for good.

The three system calls have no wrapper in the C library; their numbers are the same on every architecture
(``linux/landlock.h``, documentation "Landlock: unprivileged access control" of the kernel).
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1

_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_REMOVE_DIR: Final = 1 << 4
_REMOVE_FILE: Final = 1 << 5
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_TRUNCATE: Final = 1 << 14
_READ: Final = _READ_FILE | _READ_DIR
_WORK: Final = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
_FILES_BY_VERSION: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version on how many rights on files there are; each is a bit."""
_NETWORK_FROM: Final = 4
_BIND_AND_CONNECT: Final = 0b11
_SCOPES_FROM: Final = 6
_SOCKETS_AND_SIGNALS: Final = 0b11

_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def landlock_version() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def restrict_files(work: Path, reference: Iterable[Path] = ()) -> int:
    """Let this thread and its children open nothing but what lies in ``work``; return the version of Landlock.

    Newer kernels also take TCP (from version 4), and signals to and sockets of other processes (from version 6).
    ``no_new_privs`` must be set. Where the kernel has no Landlock nothing happens and 0 is returned.

    Parameters
    ----------
    work
        The folder that may be read and written.
    reference
        Folders that may be read.

    Raises
    ------
    OSError
        If the kernel has Landlock and refuses.
    """
    version = landlock_version()
    if not version:
        return 0
    handled = (1 << max(bits for since, bits in _FILES_BY_VERSION if since <= version)) - 1
    network = _BIND_AND_CONNECT if version >= _NETWORK_FROM else 0
    scopes = _SOCKETS_AND_SIGNALS if version >= _SCOPES_FROM else 0
    size = 24 if version >= _SCOPES_FROM else 16 if version >= _NETWORK_FROM else 8
    attributes = struct.pack("=QQQ", handled, network, scopes)[:size]
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _allow(ruleset, work, _WORK & handled)
        for folder in reference:
            _allow(ruleset, folder, _READ)
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, folder: Path, rights: int) -> None:
    opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, opened)
        _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_RULE_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(opened)


def _call(number: int, *arguments: object) -> int:
    """Call the kernel.

    Raises
    ------
    OSError
        With what the kernel answered.
    """
    answer = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
