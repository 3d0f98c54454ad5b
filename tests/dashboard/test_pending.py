"""Answers that take longer than one waits are made once, go on, and are picked up by who asks again."""

import asyncio
from threading import Event

import pytest

from dashboard.wall.pending import MOST_KEPT, PendingAnswers


class _Slow:
    """Something that is made when the test says so; how often it was begun."""

    def __init__(self):
        self.may_end, self.begun = Event(), 0

    def __call__(self):
        self.begun += 1
        assert self.may_end.wait(30)
        return "made"


def test_what_is_quick_is_answered_at_once():
    pending = PendingAnswers(30.0)
    assert asyncio.run(pending.of("key", lambda: "made")) == "made"
    assert not len(pending)


def test_what_is_slow_goes_on_and_is_made_once_for_all_who_ask():
    async def ask():
        pending, make = PendingAnswers(0.01), _Slow()
        assert [await pending.of("key", make), await pending.of("key", make)] == [None, None]
        make.may_end.set()
        patient = PendingAnswers(30.0)
        patient._tasks = pending._tasks
        return await asyncio.gather(patient.of("key", make), patient.of("key", make)), make.begun, len(patient)

    assert asyncio.run(ask()) == (["made", "made"], 1, 0)


def test_one_who_may_see_something_else_gets_an_answer_of_their_own():
    async def ask():
        pending = PendingAnswers(30.0)
        return await asyncio.gather(pending.of(("key", "one"), lambda: 1), pending.of(("key", "other"), lambda: 2))

    assert asyncio.run(ask()) == [1, 2]


def test_a_failure_reaches_who_asks_and_the_next_one_tries_again():
    async def ask():
        pending = PendingAnswers(30.0)
        with pytest.raises(ZeroDivisionError):
            await pending.of("key", lambda: 1 // 0)
        return await pending.of("key", lambda: "made")

    assert asyncio.run(ask()) == "made"


def test_answers_that_nobody_comes_back_for_do_not_pile_up():
    async def ask():
        pending = PendingAnswers(0.0)
        for k in range(3 * MOST_KEPT):
            await pending.of(k, lambda: None)
            await asyncio.wait(pending._tasks.values())
        return len(pending)

    assert 0 < asyncio.run(ask()) <= MOST_KEPT
