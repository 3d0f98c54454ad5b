"""Scripts take turns: in the order they came, no turn is lost, and nobody waits for the end of what takes long."""

import asyncio
from threading import Event, Thread
from unittest.mock import MagicMock

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from dashboard.streamlit import patches, run_limiter
from dashboard.streamlit.run_limiter import RunLimiter

PATIENCE_S = 20.0
FOR_EVER_S = 1e6


class Crowd:
    """Threads that each hold a turn until they are told to leave."""

    def __init__(self, gate):
        self.gate, self.inside, self.entered, self._people = gate, [], {}, []

    def come(self, name):
        """Let somebody come; they are inside or wait when this returns."""
        leave, before = Event(), self.gate.waiting()
        entered = self.entered[name] = Event()
        person = Thread(target=self._stay, args=(name, leave), daemon=True)
        person.start()
        self._people.append(person)
        while self.gate.waiting() == before and not entered.is_set():
            person.join(0.001)
        return leave.set

    def _stay(self, name, leave):
        with self.gate.turn():
            self.inside.append(name)
            self.entered[name].set()
            assert leave.wait(PATIENCE_S)

    def end(self):
        for person in self._people:
            person.join(PATIENCE_S)
            assert not person.is_alive()


@pytest.fixture
def crowd():
    return lambda at_once, at_most_s=FOR_EVER_S: Crowd(RunLimiter(at_once, at_most_s))


def is_free(gate):
    """Return whether somebody who comes now gets in."""
    came = Event()

    def visit():
        with gate.turn():
            came.set()

    Thread(target=visit, daemon=True).start()
    return came.wait(PATIENCE_S)


def test_they_go_in_one_after_the_other_in_the_order_they_came(crowd):
    people, names = crowd(1), list(range(12))
    leaves = [people.come(name) for name in names]
    for name, leave in zip(names, leaves, strict=True):
        assert people.entered[name].wait(PATIENCE_S)
        assert people.inside == names[: name + 1]
        leave()
    people.end()


def test_two_go_in_at_once_where_two_may(crowd):
    people = crowd(2)
    leaves = [people.come(name) for name in "abc"]
    assert people.entered["a"].wait(PATIENCE_S)
    assert people.entered["b"].wait(PATIENCE_S)
    assert people.gate.waiting() == 1
    for leave in leaves:
        leave()
    people.end()


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_turn_is_given_back_whatever_happens_in_it(fault):
    gate = RunLimiter(1, FOR_EVER_S)
    with pytest.raises(fault), gate.turn():
        raise fault
    assert is_free(gate)


def test_who_stays_long_counts_no_more(crowd):
    people = crowd(1, at_most_s=0.01)
    leave_late, leave = people.come("slow"), people.come("next")
    assert people.entered["next"].wait(PATIENCE_S)
    leave()
    leave_late()
    people.end()
    assert is_free(people.gate)


def test_who_is_still_inside_after_a_long_stay_takes_nobody_elses_place(crowd):
    people = crowd(1, at_most_s=0.01)
    leave_late, leave = people.come("slow"), people.come("next")
    assert people.entered["next"].wait(PATIENCE_S)
    leave_late()
    leave()
    people.end()
    assert people.gate.waiting() == 0
    assert not people.gate._inside


def test_who_breaks_off_waiting_is_waited_for_by_nobody(crowd, monkeypatch):
    people = crowd(1)
    leave = people.come("first")

    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run_limiter, "Event", lambda: MagicMock(wait=broken))
        with pytest.raises(KeyboardInterrupt), people.gate.turn():
            pytest.fail("nobody was called")
    assert people.gate.waiting() == 0
    leave()
    people.end()
    assert is_free(people.gate)


SCRIPTS = {
    "ends": "",
    "fails": "raise ValueError",
    "stops": "st.stop()",
    "runs again": "if 'again' not in st.session_state:\n    st.session_state.again = True\n    st.rerun()",
}


@pytest.mark.parametrize("what", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_gives_its_turn_back_however_it_ends(tmp_path, monkeypatch, what):
    gate = run_in_turns(tmp_path, monkeypatch, what, lambda session: None)
    assert is_free(gate)


def test_a_script_that_is_told_to_stop_while_it_waits_gives_its_turn_back(tmp_path, monkeypatch):
    gate = run_in_turns(tmp_path, monkeypatch, "st.text('drawn')", lambda session: session.request_script_stop())
    assert is_free(gate)


def run_in_turns(folder, monkeypatch, script, meanwhile):
    """Run a script that has to wait for its turn; return the gate."""
    gate = RunLimiter(1, FOR_EVER_S)
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    monkeypatch.setattr(ScriptRunner, "_run_script_thread", ScriptRunner._run_script_thread)
    patches.limit_runs(gate.turn)
    (folder / "app.py").write_text(f"import streamlit as st\n{script}\n")

    async def play():
        session = AppSession(ScriptData(str(folder / "app.py"), is_hello=False), MagicMock(), ScriptCache(), None, {})
        with gate.turn():
            session.request_rerun(None)
            while not gate.waiting():
                await asyncio.sleep(0)
            meanwhile(session)
        while session._scriptrunner is not None:
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(play(), PATIENCE_S))
    return gate
