"""No click is lost: what was carried out is shown, and what waits to be carried out is, whatever is asked for next."""

import asyncio
from unittest.mock import MagicMock

import pytest
from streamlit import config
from streamlit.components.lib.local_component_registry import LocalComponentRegistry
from streamlit.components.v1 import declare_component
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from dashboard.streamlit import patches

SCRIPT = """
import streamlit as st

def count():
    st.session_state.clicks = st.session_state.get("clicks", 0) + 1

@st.fragment
def part():
    st.button("part")

st.button("whole", on_click=count)
st.text(f"{st.session_state.get('clicks', 0)} clicks")
part()
"""


class Page:
    """A page without a server, whose loop the test holds."""

    def __init__(self, script):
        self._session = AppSession(ScriptData(str(script), is_hello=False), MagicMock(), ScriptCache(), None, {})
        self._buttons = {}

    async def open(self):
        self.ask()
        await self.settle()
        for delta in (message.delta for message in self._session._browser_queue.flush()):
            if delta.new_element.button.id:
                self._buttons[delta.new_element.button.label] = (delta.new_element.button.id, delta.fragment_id)
        return self

    def ask(self, *, click="", part=False):
        """Ask for a run of the whole page or of its part."""
        message = BackMsg()
        asked = message.rerun_script
        asked.fragment_id = self._buttons["part"][1] if part else ""
        if click:
            asked.widget_states.widgets.append(WidgetState(id=self._buttons[click][0], trigger_value=True))
        self._session.handle_backmsg(message)

    def wait_for_the_script(self):
        """Hold the loop until the script has ended: nothing it drew has been handled."""
        self._session._scriptrunner._script_thread.join()

    async def settle(self):
        while self._session._scriptrunner is not None:
            await asyncio.sleep(0)

    def seen(self):
        """Return the texts that came to the browser, and how each run ended."""
        messages = self._session._browser_queue.flush()
        texts = [message.delta.new_element.text.body for message in messages]
        ends = [message.script_finished for message in messages if message.WhichOneof("type") == "script_finished"]
        return [body for body in texts if body], ends


@pytest.fixture
def play(tmp_path, monkeypatch):
    """Return a function that opens a page and lets a test act on it."""
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    script = tmp_path / "app.py"
    script.write_text(SCRIPT)

    async def act(acts):
        return await acts(await Page(script).open())

    return lambda acts: asyncio.run(act(acts))


@pytest.fixture
def right(monkeypatch):
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    patches.lose_no_click()


@pytest.fixture
def streamlit_alone(monkeypatch):
    monkeypatch.setattr(AppSession, "request_rerun", patches._request_rerun)


async def part_is_due_when_a_click_was_carried_out(page):
    page.ask(click="whole")
    page.wait_for_the_script()
    page.ask(part=True)
    await page.settle()
    return page.seen()


def run_late(monkeypatch):
    """Let a script begin only when the next was asked for, as under load; return who lets it."""
    begin, held = ScriptRunner.start, []
    monkeypatch.setattr(ScriptRunner, "start", lambda runner: held.append(runner) if not held else begin(runner))
    return lambda: begin(held[0])


def whole_page_is_asked_for_before_a_click_was_carried_out(monkeypatch):
    async def acts(page):
        go_on = run_late(monkeypatch)
        page.ask(click="whole")
        page.ask()
        go_on()
        await page.settle()
        return page.seen()

    return acts


def test_what_a_click_did_is_shown_when_a_part_of_the_page_is_due_as_it_ends(play, right):
    texts, ends = play(part_is_due_when_a_click_was_carried_out)
    assert texts == ["1 clicks"]
    assert ForwardMsg.FINISHED_SUCCESSFULLY in ends


def test_a_click_that_waits_is_carried_out_when_the_whole_page_is_asked_for_again(play, right, monkeypatch):
    texts, ends = play(whole_page_is_asked_for_before_a_click_was_carried_out(monkeypatch))
    assert texts == ["1 clicks"]
    assert ends == [ForwardMsg.FINISHED_SUCCESSFULLY]


def test_a_click_is_carried_out_once_where_requests_do_not_meet(play, right):
    async def acts(page):
        for _ in range(2):
            page.ask(click="whole")
            page.wait_for_the_script()
            page.ask()
            page.wait_for_the_script()
        await page.settle()
        return page.seen()

    texts, _ends = play(acts)
    assert texts == ["2 clicks"]


def test_without_that_streamlit_shows_nothing_of_the_click(play, streamlit_alone):
    """If this fails, Streamlit has put it right, and ``dashboard.streamlit.reruns`` may do less."""
    assert play(part_is_due_when_a_click_was_carried_out) == (
        [],
        [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY],
    )


def test_without_that_streamlit_forgets_the_click(play, streamlit_alone, monkeypatch):
    """If this fails, Streamlit has put it right, and ``dashboard.streamlit.reruns`` may do less."""
    texts, _ends = play(whole_page_is_asked_for_before_a_click_was_carried_out(monkeypatch))
    assert texts == ["0 clicks"]


def test_streamlit_looks_for_settings_beside_its_main_script_alone():
    """If this fails, there is a way to name the folder of settings, and ``read_config_of`` may use it."""
    assert "_main_script_path" in vars(config)
    assert not [name for name in dir(config) if "config_dir" in name.lower() or name == "set_main_script_path"]


def test_streamlit_tells_nobody_who_is_at_a_page():
    """If this fails, ``user_info_of`` may ask by that name."""
    assert not [name for name in dir(Runtime) if "user" in name and not name.startswith(("_", "clear_"))]
    assert not [name for name in dir(Runtime) if "session_info" in name and not name.startswith("_")]


def test_a_component_is_known_only_to_a_runtime_that_was_there_before_it(monkeypatch):
    """If this fails, Streamlit keeps such components by itself, and ``make_component_known`` may go."""
    component = declare_component("late", url="http://localhost")
    registry = LocalComponentRegistry()
    monkeypatch.setattr(patches, "get_instance", lambda: MagicMock(component_registry=registry))
    assert component.name not in {one.name for one in registry.get_components()}
    patches.make_component_known(component)
    assert component.name in {one.name for one in registry.get_components()}
