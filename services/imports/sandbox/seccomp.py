"""A filter on system calls (seccomp): no sockets, no programs, nothing that reaches into other processes.

The program is classic BPF over ``struct seccomp_data`` (``linux/seccomp.h``). What a reader of files never needs is
refused with ``EPERM``; the rest passes.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2

_LOAD: Final = 0x20
"""Load a word of ``seccomp_data``: number at 0, architecture at 4, low word of the first argument at 16."""
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_IF_BITS: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD: Final = 0x10000
_X32_BIT: Final = 0x40000000

_NONE: Final = -1
_REFUSED: Final[Mapping[str, tuple[int, int]]] = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    "accept4": (288, 242),
    "fork": (57, _NONE),
    "vfork": (58, _NONE),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
}
"""The numbers of the calls on x86_64 and on aarch64, -1 where there is none."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture: its mark in ``seccomp_data`` and the numbers of its calls."""

    mark: int
    place: int
    """Of its numbers in the table above."""
    clone: int
    clone3: int
    tgkill: int


_MACHINES: Final[Mapping[str, _Machine]] = {
    "x86_64": _Machine(0xC000003E, 0, 56, 435, 234),
    "aarch64": _Machine(0xC00000B7, 1, 220, 435, 131),
}
_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)


def give_up_privileges() -> None:
    """Set ``no_new_privs``: nothing this process starts can gain rights; Landlock and seccomp ask for it.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def restrict_calls() -> bool:
    """Refuse this thread and its children the calls above, for good; return whether the kernel could.

    ``no_new_privs`` must be set. Threads may be started, processes not; of signals one may be sent to oneself.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _program(machine, os.getpid())
    memory = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(memory))
    return int(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0)) == 0


def _program(machine: _Machine, process: int) -> bytes:
    refuse = _step(_RETURN, _REFUSE | errno.EPERM)
    allow = _step(_RETURN, _ALLOW)
    parts = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_IF_EQUAL, machine.mark, 1, 0),
        refuse,
        _step(_LOAD, _NUMBER),
        _step(_IF_AT_LEAST, _X32_BIT, 0, 1),
        refuse,
        # The C library falls back to clone, whose flags can be looked at.
        _step(_IF_EQUAL, machine.clone3, 0, 1),
        _step(_RETURN, _REFUSE | errno.ENOSYS),
    ]
    for numbers in _REFUSED.values():
        if numbers[machine.place] != _NONE:
            parts += [_step(_IF_EQUAL, numbers[machine.place], 0, 1), refuse]
    parts += [
        *(_step(_IF_EQUAL, machine.clone, 0, 4), _step(_LOAD, _FIRST_ARGUMENT)),
        *(_step(_IF_BITS, _CLONE_THREAD, 0, 1), allow, refuse),
        *(_step(_IF_EQUAL, machine.tgkill, 0, 4), _step(_LOAD, _FIRST_ARGUMENT)),
        *(_step(_IF_EQUAL, process, 0, 1), allow, refuse),
        allow,
    ]
    return b"".join(parts)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
