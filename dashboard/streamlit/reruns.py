"""Two faults of Streamlit 1.67 in taking requests for runs, put right: under load a click could be without effect.

Who runs the script (``ScriptRunner``) says that it stops before the server's loop has handled what it drew.

- A request for a part of the page (a fragment) that came in between got a runner of its own, and all that still waited
  from the one before was thrown away: a click was carried out and the page never showed it. Such a request now takes
  its turn behind what was drawn.
- A request for the whole page stops the runner there is, even one that has not begun: the click it was to carry out
  was forgotten. The new request now takes it over, as Streamlit does itself where requests for parts meet.
"""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

_request_rerun = AppSession.request_rerun


def lose_no_click() -> None:
    """Put both right for every page of this process."""
    setattr(AppSession, "request_rerun", _ask)  # noqa: B010 - to a type checker, methods are not assigned


def _ask(session: AppSession, client_state: ClientState | None) -> None:
    """Take a request for a run, on the loop of the session."""
    runner = session._scriptrunner  # noqa: SLF001 - there is no other way to see it
    waiting = None if runner is None else runner._requests  # noqa: SLF001 - as above
    if waiting is None or client_state is None:
        _request_rerun(session, client_state)
    elif not client_state.fragment_id:
        _take_over(waiting, client_state)
        _request_rerun(session, client_state)
    elif waiting._state is ScriptRequestType.STOP:  # noqa: SLF001 - as above
        session._event_loop.call_soon(_request_rerun, session, client_state)  # noqa: SLF001 - as above
    else:
        _request_rerun(session, client_state)


def _take_over(waiting: ScriptRequests, client_state: ClientState) -> None:
    """Stop a runner before it takes a request it was given, and add the clicks of that request to a new one."""
    with waiting._lock:  # noqa: SLF001 - the runner takes its requests under the same lock
        if waiting._state is not ScriptRequestType.RERUN:  # noqa: SLF001 - as above
            return
        waiting._state = ScriptRequestType.STOP  # noqa: SLF001 - as above
        before = waiting._rerun_data.widget_states  # noqa: SLF001 - as above
    both = script_requests._coalesce_widget_states(before, client_state.widget_states)  # noqa: SLF001 - Streamlit's own
    if both is not None:
        client_state.widget_states.CopyFrom(both)
