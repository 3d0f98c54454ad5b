"""While the store does not answer, what it said last is shown with its age, and it is asked again before long."""

import json
from pathlib import Path

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from dashboard.cache import store_versions
from dashboard.streamlit.stale_cache import ASK_AGAIN_S, StaleCache, once, one_look
from dashboard.web.auth.middleware import _is_by_hand
from services.context import StoreLostError
from services.store import Store

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def seen(now):
    return StaleCache(lambda: now[0])


def lost():
    raise StoreLostError("gone")


def test_the_last_answer_stands_while_the_store_is_lost(seen, now):
    assert seen.ask("a", lambda: 1) == 1
    now[0] += 60
    assert seen.ask("a", lost) == 1
    assert seen.silent_for_s() == 60


def test_what_was_never_answered_is_refused(seen):
    with pytest.raises(StoreLostError):
        seen.ask("a", lost)


def test_a_lost_store_is_left_alone_for_a_moment_and_then_asked_again(seen, now):
    seen.ask("a", lambda: 1)
    seen.ask("a", lost)
    assert seen.ask("a", lambda: 2) == 1
    now[0] += ASK_AGAIN_S
    assert seen.ask("a", lambda: 2) == 2
    assert seen.silent_for_s() is None


def test_asking_for_now_never_gives_an_old_answer(seen):
    seen.ask("a", lambda: 1)
    with pytest.raises(StoreLostError):
        seen.ask_now("a", lost)


def looking(page):
    """Return what the page gives the browser to look by."""
    return json.loads(component_of(page).json)


def component_of(page):
    (component,) = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "gm_looking"]
    return component


@pytest.fixture
def break_store(monkeypatch):
    store_versions._seen.cache_clear()

    def gone(_self):
        raise StoreLostError("gone")

    yield lambda: monkeypatch.setattr(Store, "read", gone)
    store_versions._seen.cache_clear()


def test_viewers_keep_the_picture_with_an_amber_notice_of_its_age(demo, break_store):
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert looking(page)["told"]["lost"] is None
    before = [block.value for block in page.get("html")]
    break_store()
    page.run()
    assert not page.exception
    assert not page.error
    told = looking(page)
    assert "数据库没有回应" in told["words"]
    assert told["told"]["lost"]["minutes"] == 0
    kept = [block.value for block in page.get("html")]
    assert set(before) <= set(kept)


def test_a_page_that_cannot_be_drawn_says_so_and_comes_back_by_itself(demo, break_store, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Store, "read", lambda _self: lost())
        page = AppTest.from_file(APP, default_timeout=60).run()
        assert "数据库没有回应" in page.warning[0].value
    store_versions._seen.cache_clear()
    page.run()
    assert not page.warning


def test_the_last_answer_is_known_without_asking(seen):
    assert seen.last_value("a") is None
    seen.ask("a", lambda: 1)
    seen.ask("a", lost)
    assert seen.last_value("a") == 1


def test_within_one_look_a_question_is_asked_once_and_after_it_anew():
    answers = iter([1, 2, 3])
    with one_look():
        assert [once("a", lambda: next(answers)) for _ in range(3)] == [1, 1, 1]
    assert once("a", lambda: next(answers)) == 2
    assert once("a", lambda: next(answers)) == 3


def test_a_page_that_runs_because_others_changed_something_does_not_keep_its_session_alive(demo):
    page = AppTest.from_file(APP, default_timeout=60).run()
    said = BackMsg()
    name = _make_trigger_id(component_of(page).id, "events")
    said.rerun_script.widget_states.widgets.add(id=name, json_trigger_value='[{"event": "changed", "value": 2}]')
    heard = {"type": "websocket.receive", "bytes": said.SerializeToString()}
    assert not _is_by_hand(heard)
    said.rerun_script.widget_states.widgets[0].id = page.button[0].proto.id
    assert _is_by_hand(heard | {"bytes": said.SerializeToString()})
