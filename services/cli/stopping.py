"""How a command ends that the system asks to stop: in order, so that the store is closed as after any other."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))
"""A service that is stopped, a machine that is shut down; a terminal that is closed; Ctrl+C."""
_OF_THE_SYSTEM: Final = (signal.SIG_DFL, signal.default_int_handler)
_FIRST_SIGNAL_CODE: Final = 128


class Stop(SystemExit):
    """The system asks the program to stop; its code is that of shells, 128 and the number of the signal."""


@contextmanager
def stops_told() -> Iterator[None]:
    """Raise a ``Stop`` in the main thread where the system, or Python, would end the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ending = [number for number in _SIGNALS if signal.getsignal(number) in _OF_THE_SYSTEM]  # nohup ignores one
    before = {number: signal.signal(number, _stop) for number in ending}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: object) -> None:
    raise Stop(_FIRST_SIGNAL_CODE + number)
