"""One machine for every matter: what a table of state, verb and side lets happen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.matters.machine import (
    LIVE,
    TRANSITIONS,
    MatterState,
    Side,
    Verb,
    VerbError,
    next_state,
    replay,
    verbs_at,
)

steps = st.lists(st.tuples(st.sampled_from(Verb), st.sampled_from(Side)))


@given(steps)
def test_a_history_of_what_was_allowed_leads_to_the_state_that_is_kept(tried):
    state, events = MatterState.OPEN, [(Verb.ASK, Side.ASKER)]
    for verb, side in tried:
        try:
            state = next_state(state, verb, [side])
        except VerbError:
            continue
        events.append((verb, side))
    assert replay(events) is state


@given(steps)
def test_who_is_to_do_it_never_brings_it_to_its_end(tried):
    state = MatterState.OPEN
    for verb, _side in tried:
        if (state, verb, Side.OWNER) in TRANSITIONS:
            state = next_state(state, verb, [Side.OWNER])
    assert state not in {MatterState.CLOSED, MatterState.WITHDRAWN}


@pytest.mark.parametrize("verb", [Verb.PASS, Verb.DECLINE])
@pytest.mark.parametrize("state", sorted(LIVE))
def test_what_is_passed_on_or_declined_waits_for_somebody_to_take_it(state, verb):
    assert next_state(state, verb, [Side.OWNER]) is MatterState.OPEN


def test_only_the_level_above_opens_what_was_signed():
    assert next_state(MatterState.CLOSED, Verb.RETURN, [Side.SIGNER]) is MatterState.TAKEN
    for side in (Side.ASKER, Side.OWNER):
        with pytest.raises(VerbError):
            next_state(MatterState.CLOSED, Verb.RETURN, [side])


def test_a_refusal_says_who_could_or_how_far_it_is():
    with pytest.raises(VerbError, match="Only who asked"):
        next_state(MatterState.ANSWERED, Verb.CLOSE, [Side.OWNER])
    with pytest.raises(VerbError, match="under way"):
        next_state(MatterState.TAKEN, Verb.TAKE, [Side.OWNER])


def test_nothing_but_a_note_is_left_once_it_is_withdrawn():
    assert verbs_at(MatterState.WITHDRAWN, list(Side)) == {Verb.NOTE}
