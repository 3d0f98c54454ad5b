"""Answers in the making: a city's takes longer than a browser, or what stands between, waits for a first byte."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from anyio import to_thread

T = TypeVar("T")

MOST_KEPT: Final = 16
"""Answers that nobody came back for; beyond that the oldest go."""


class PendingAnswers(Generic[T]):
    """What is being made, by what was asked: whoever asks again waits for the one under way instead of a second."""

    def __init__(self, patience: float) -> None:
        """Make it.

        Parameters
        ----------
        patience
            How long one who asks is kept waiting, in seconds.
        """
        self._patience = patience
        self._tasks: dict[Hashable, asyncio.Task[T]] = {}

    async def of(self, key: Hashable, make: Callable[[], T]) -> T | None:
        """Return what ``make`` returns, or None while it is still at work; it goes on, and is picked up once.

        Parameters
        ----------
        key
            What was asked and in whose name: one who may see something else has another.
        make
            Called in a thread, in the context of whoever asked first.

        Raises
        ------
        Exception
            Whatever ``make`` raised.
        """
        task = self._tasks.get(key)
        if task is None:
            self._drop_oldest()
            task = self._tasks[key] = asyncio.create_task(to_thread.run_sync(make))
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            return None
        if self._tasks.get(key) is task:
            del self._tasks[key]
        return task.result()

    def _drop_oldest(self) -> None:
        for key in [key for key, task in self._tasks.items() if task.done()][: 1 - MOST_KEPT]:
            del self._tasks[key]

    def __len__(self) -> int:
        """Return how many are being made, or wait to be picked up."""
        return len(self._tasks)
