"""What there is is asked once for all who look, only while somebody does, and told with the age of a lost store."""

import asyncio
import json

import pytest

from dashboard import cache
from dashboard.cache import store_versions
from dashboard.live import change_notifier
from dashboard.live.change_notifier import ASLEEP_AFTER_S, PATIENCE_S, ChangeNotifier, version_message, version_of
from dashboard.streamlit.stale_cache import StaleCache
from services.catalog.actions import Action
from services.context import StoreLostError, open_context
from tests.acting import act


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def seen(now, monkeypatch):
    seen = StaleCache(lambda: now[0])
    monkeypatch.setattr(cache, "last_seen", lambda: seen)
    return seen


@pytest.fixture
def asked(seen, monkeypatch):
    """Return the versions the store was asked for; each is one newer."""
    given = []

    def ask():
        given.append(len(given) + 1)
        return seen.ask_now("versions", lambda: {"grids": given[-1]})

    monkeypatch.setattr(cache, "versions_now", ask)
    monkeypatch.setattr(change_notifier, "EVERY_S", 0.0)
    return given


def lost():
    raise StoreLostError("gone")


def who(beating):
    """Return what an open page is told."""
    answer = asyncio.run(beating.route().endpoint(None))
    assert answer.headers["Cache-Control"] == "no-store"
    return json.loads(answer.body)


def beat_until(beating, is_enough):
    """Let it beat until something is so."""

    async def go():
        task = asyncio.create_task(beating.beat())
        try:
            async with asyncio.timeout(5):
                while not is_enough():
                    await asyncio.sleep(0)
        finally:
            task.cancel()

    asyncio.run(go())


def test_every_change_that_a_page_may_show_makes_another_version():
    before = {"grids": 3, "orders": 5}
    assert version_of({}) == 0
    assert version_of(before) == 5
    for part in ("grids", "assignments", "orders", "modes"):
        assert version_of(before | {part: 6}) == 6


def test_a_change_of_accounts_lets_no_page_run():
    assert version_of({"grids": 3, "accounts": 9}) == 3


def test_nothing_is_told_before_the_store_has_answered(seen):
    assert version_message() == {"version": None, "lost": None}


def test_a_lost_store_is_told_with_the_age_of_the_picture(seen, now):
    seen.ask("versions", lambda: {"grids": 4})
    now[0] += 125
    seen.ask("versions", lost)
    answer = version_message()
    assert answer["version"] == 4
    assert answer["lost"]["minutes"] == 2


def test_a_store_that_owes_an_answer_for_long_counts_as_lost(seen):
    seen.ask("versions", lambda: {"grids": 4})
    assert version_message(waiting_s=PATIENCE_S)["lost"] is None
    assert version_message(waiting_s=PATIENCE_S + 1)["lost"] is not None


def test_the_store_is_asked_while_somebody_looks_and_all_are_told_the_same(seen, asked):
    beating = ChangeNotifier()
    assert who(beating)["version"] is None
    beat_until(beating, lambda: len(asked) >= 3)
    held = len(asked)
    assert {who(beating)["version"] for _ in range(5)} == {held}
    assert len(asked) == held


def test_the_store_is_left_alone_when_nobody_looks(seen, asked, now):
    turns = iter(range(50))
    beating = ChangeNotifier(clock=lambda: now[0])
    who(beating)
    now[0] += ASLEEP_AFTER_S
    beat_until(beating, lambda: next(turns, None) is None)
    assert asked == []


def test_it_goes_on_when_the_store_is_lost_or_something_breaks(seen, asked, monkeypatch):
    answers, count = iter([StoreLostError("gone"), RuntimeError("broken")]), cache.versions_now

    def ask():
        for error in answers:
            raise error
        return count()

    monkeypatch.setattr(cache, "versions_now", ask)
    beating = ChangeNotifier()
    who(beating)
    beat_until(beating, lambda: asked)
    assert who(beating)["version"] == 1


def test_a_page_is_never_told_an_older_version_than_it_has_drawn(empty):
    store_versions._seen.cache_clear()
    with act(open_context(empty), Action.IMPORT) as work:
        work.tx.touch("grids")
    assert version_of(cache.versions()) == version_message()["version"] == 1
