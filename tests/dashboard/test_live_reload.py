"""A page that tells of now runs again when the minute is over."""

from datetime import datetime

import pytest

from dashboard import cache
from dashboard.live import live_reload


class StoreStub:
    def __init__(self, silent_s):
        self.silent_s = silent_s

    def silent_for_s(self):
        return self.silent_s


@pytest.fixture
def fragments(monkeypatch):
    """Return the parts of a page that were asked for, each as how often it runs and what it does."""
    asked = []

    def fragment(*, run_every):
        return lambda draw: lambda first: asked.append((run_every, lambda: draw(first)))

    monkeypatch.setattr(live_reload.st, "fragment", fragment)
    return asked


@pytest.mark.parametrize(("silent_s", "runs"), [(None, 2), (9.0, 0)])
def test_it_runs_at_the_next_full_minute_while_the_store_answers(fragments, monkeypatch, silent_s, runs):
    monkeypatch.setattr(cache, "last_seen", lambda: StoreStub(silent_s))
    again = []
    monkeypatch.setattr(live_reload.st, "rerun", lambda: again.append(1))
    live_reload.watch_clock(datetime(2026, 11, 30, 20, 15, 48))
    ((seconds, tick),) = fragments
    assert seconds == 12
    tick()
    assert not again
    tick()
    tick()
    assert len(again) == runs
