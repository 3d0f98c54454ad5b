"""Work that takes longer than a run of the page: in a thread of its own, watched, and stopped when asked."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from services.i18n import Text
from services.imports import Watch

T = TypeVar("T")


class Job(Generic[T]):
    """Work under way. It knows nothing of the page: whoever closes the browser leaves it to end by itself.

    Parameters
    ----------
    work
        Called with the watch to which it must report; it stops with ``CancelledError`` when the watch says so.
    """

    def __init__(self, work: Callable[[Watch], T]) -> None:
        self._work = work
        self._lock = Lock()
        self._cancelled, self._done = Event(), Event()
        self._step: tuple[Text, float] | None = None
        self._result: T | None = None
        self._error: BaseException | None = None
        # The language of the page is a context variable, and a thread begins without one.
        self._thread = Thread(target=copy_context().run, args=(self._run,), daemon=True)

    def start(self) -> "Job[T]":
        """Begin, and return the job."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()

    @property
    def is_done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Return whether it has ended, after waiting so long at most."""
        return self._done.wait(seconds)

    def step(self) -> tuple[Text, float] | None:
        """Return what it does now and how much of it is done (0 to 1), None before it says."""
        with self._lock:
            return self._step

    def result(self) -> T:
        """Return what came of it; what went wrong in the thread is raised here.

        Raises
        ------
        RuntimeError
            If it has not ended.
        """
        if not self.is_done:
            raise RuntimeError("the job has not ended")
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set by the work that ended without an error

    def _run(self) -> None:
        try:
            self._result = self._work(Watch(self._show, self._cancelled.is_set))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def _show(self, name: Text, share: float) -> None:
        with self._lock:
            self._step = (name, share)
