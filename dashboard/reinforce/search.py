"""A proposal that is looked for while the planner watches: in a thread of its own, stopped with the best so far."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock, Thread

from geo.optimise import Progress
from services.planning import Board, Plan, PlanProposal, propose_plan


class Search:
    """A search under way. It knows nothing of the page: whoever closes the browser leaves it to end by itself.

    Parameters
    ----------
    board, plan
        As ``services.planning.propose_plan`` takes them.
    seconds
        When to stop at the latest.
    propose
        What searches; another one in tests.
    """

    def __init__(
        self, board: Board, plan: Plan, seconds: float, propose: Callable[..., PlanProposal] = propose_plan
    ) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._cancelled, self._done = Event(), Event()
        self._work: Callable[[], PlanProposal] = lambda: propose(
            board, plan, seconds=seconds, is_cancelled=self._cancelled.is_set, report=self._note
        )
        self._progress: Progress | None = None
        self._result: PlanProposal | None = None
        self._error: BaseException | None = None
        self._thread = Thread(target=copy_context().run, args=(self._run,), daemon=True)

    def start(self) -> "Search":
        """Begin, and return the search."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask for the best plan so far."""
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

    def progress(self) -> Progress | None:
        """Return how far it is, None before it says."""
        with self._lock:
            return self._progress

    def result(self) -> PlanProposal:
        """Return what was found; what went wrong in the thread is raised here.

        Raises
        ------
        RuntimeError
            If it has not ended.
        """
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise RuntimeError("the search has not ended")
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def _note(self, progress: Progress) -> None:
        with self._lock:
            self._progress = progress
