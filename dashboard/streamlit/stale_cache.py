"""What the store said last: shown, with its age, while the store does not answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, Final, TypeVar

from services.context import StoreError

T = TypeVar("T")

ASK_AGAIN_S: Final = 3.0
"""A store that has just failed to answer is left alone so long: a page asks many times, and each may wait."""


_LOOK: Final[ContextVar[dict[str, Any] | None]] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Ask every question of ``once`` once in what follows: a page that only shows is drawn from one state.

    Inside another look it is a part of that.
    """
    if _LOOK.get() is not None:
        yield
        return
    before = _LOOK.set({})
    try:
        yield
    finally:
        _LOOK.reset(before)


def once(name: str, question: Callable[[], T]) -> T:
    """Return the answer to a question; inside ``one_look`` the one that was given first."""
    look = _LOOK.get()
    if look is None:
        return question()
    if name not in look:
        look[name] = question()
    answer: T = look[name]
    return answer


class StaleCache:
    """Answers by name, and since when there have been no new ones.

    Parameters
    ----------
    clock
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._answers: dict[str, Any] = {}
        self._answered_at = clock()
        self._fault: StoreError | None = None
        self._ask_at = 0.0

    def ask(self, name: str, question: Callable[[], T]) -> T:
        """Return the answer of the store, or the one before while the store is lost.

        Raises
        ------
        StoreError
            If the store does not answer and never did.
        """
        try:
            return self.ask_now(name, question)
        except StoreError:
            with self._lock:
                if name not in self._answers:
                    raise
                answer: T = self._answers[name]
                return answer

    def last_value(self, name: str) -> Any:
        """Return the last answer without asking; None where there never was one."""
        with self._lock:
            return self._answers.get(name)

    def ask_now(self, name: str, question: Callable[[], T]) -> T:
        """Return the answer of the store as it is now.

        Raises
        ------
        StoreError
            If the store does not answer, or has just failed to.
        """
        with self._lock:
            if self._fault is not None and self._clock() < self._ask_at:
                raise self._fault
        try:
            answer = question()
        except StoreError as error:
            with self._lock:
                self._fault, self._ask_at = error, self._clock() + ASK_AGAIN_S
            raise
        with self._lock:
            self._answers[name], self._answered_at, self._fault = answer, self._clock(), None
        return answer

    def silent_for_s(self) -> float | None:
        """Return for how many seconds the store has not answered: the age of what is shown; None while it answers."""
        with self._lock:
            return None if self._fault is None else self._clock() - self._answered_at
