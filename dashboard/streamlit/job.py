"""Work that takes longer than a run of the page: in a thread of its own, watched, and stopped when asked."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock, Thread
from typing import Final, Generic, TypeVar

QUICK_S: Final = 0.7
"""Work that ends within this is never shown as work."""
T = TypeVar("T")
S = TypeVar("S")


class Job(Generic[T, S]):
    """Work under way. It knows nothing of the page: whoever closes the browser leaves it to end by itself.

    Parameters
    ----------
    work
        Called with a function to which it tells how far it is, and one that says whether it is to stop.
    """

    def __init__(self, work: Callable[[Callable[[S], None], Callable[[], bool]], T]) -> None:
        self._work = work
        self._lock = Lock()
        self._cancelled, self._done = Event(), Event()
        self._told: S | None = None
        self._result: T | None = None
        self._error: BaseException | None = None
        # The language of the page is a context variable, and a thread begins without one.
        self._thread = Thread(target=copy_context().run, args=(self._run,), daemon=True)

    def start(self) -> "Job[T, S]":
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

    def last_step(self) -> S | None:
        """Return what the work told last, None before it says anything."""
        with self._lock:
            return self._told

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
            self._result = self._work(self._tell, self._cancelled.is_set)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def _tell(self, state: S) -> None:
        with self._lock:
            self._told = state
