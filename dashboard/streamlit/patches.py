"""Every private touch of Streamlit 1.67, which is pinned: what it has no other name for, and faults put right.

Each has a test in ``tests/dashboard/test_patches.py`` that fails when Streamlit has a way of its own.

Two faults in taking requests for runs let a click be without effect under load. Who runs the script (``ScriptRunner``)
says that it stops before the server's loop has handled what it drew.

- A request for a part of the page (a fragment) that came in between got a runner of its own, and all that still waited
  from the one before was thrown away: a click was carried out and the page never showed it. Such a request now takes
  its turn behind what was drawn.
- A request for the whole page stops the runner there is, even one that has not begun: the click it was to carry out
  was forgotten. The new request now takes it over, as Streamlit does itself where requests for parts meet.
"""

# ruff: noqa: SLF001 - that is what the module is for
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

_request_rerun = AppSession.request_rerun
_run_thread = ScriptRunner._run_script_thread


def limit_runs(turn: Callable[[], AbstractContextManager[None]]) -> None:
    """Let the thread of every run of this process wait for ``turn`` and hold it."""

    def run_in_turn(runner: ScriptRunner) -> None:
        with turn():
            _run_thread(runner)

    setattr(ScriptRunner, "_run_script_thread", run_in_turn)  # noqa: B010 - to a type checker, methods are not assigned


def user_info_of(session_id: str) -> dict[str, Any]:
    """Return what the server knows of whoever is at a page, by the key of its session; empty for none that is there."""
    info = get_instance()._session_mgr.get_session_info(session_id)
    return dict(info.session._user_info) if info else {}


def make_component_known(component: Any) -> None:
    """Tell the runtime of a component that was imported before there was one."""
    get_instance().component_registry.register_component(component)


def read_config_of(folder: Path) -> None:
    """Read Streamlit's settings in a folder: it looks in the current one and beside the script alone."""
    config._main_script_path = str(folder / "gridmuster")
    config.get_config_options(force_reparse=True)


def lose_no_click() -> None:
    """Put both right for every page of this process."""
    setattr(AppSession, "request_rerun", _ask)  # noqa: B010 - to a type checker, methods are not assigned


def _ask(session: AppSession, client_state: ClientState | None) -> None:
    """Take a request for a run, on the loop of the session."""
    runner = session._scriptrunner
    waiting = None if runner is None else runner._requests
    if waiting is None or client_state is None:
        _request_rerun(session, client_state)
    elif not client_state.fragment_id:
        _take_over(waiting, client_state)
        _request_rerun(session, client_state)
    elif waiting._state is ScriptRequestType.STOP:
        session._event_loop.call_soon(_request_rerun, session, client_state)
    else:
        _request_rerun(session, client_state)


def _take_over(waiting: ScriptRequests, client_state: ClientState) -> None:
    """Stop a runner before it takes a request it was given, and add the clicks of that request to a new one."""
    with waiting._lock:
        if waiting._state is not ScriptRequestType.RERUN:
            return
        waiting._state = ScriptRequestType.STOP
        before = waiting._rerun_data.widget_states
    both = script_requests._coalesce_widget_states(before, client_state.widget_states)
    if both is not None:
        client_state.widget_states.CopyFrom(both)
