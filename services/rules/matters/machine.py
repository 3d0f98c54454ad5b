"""The one state machine of matters: a table of state, verb and side; what people do is a row of it, or refused."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text


class MatterError(ServiceError, ValueError):
    """Base of what is refused of a matter."""


class MatterState(StrEnum):
    """How far a matter is."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What is done to a matter; the value stands in its history."""

    ASK = "ask"
    TAKE = "take"
    SAVE = "save"
    ANSWER = "answer"
    CLOSE = "close"
    RETURN = "return"
    PASS = "pass"  # noqa: S105 - a matter is passed on
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    NOTE = "note"


class Side(StrEnum):
    """On which side of a matter somebody stands."""

    ASKER = "asker"
    OWNER = "owner"
    SIGNER = "signer"
    """Who signs a sheet: the level above it."""


VERB_NAMES: Final[Mapping[Verb, Text]] = {
    Verb.ASK: text("asked"),
    Verb.TAKE: text("taken on"),
    Verb.SAVE: text("saved as a draft"),
    Verb.ANSWER: text("answered"),
    Verb.CLOSE: text("confirmed"),
    Verb.RETURN: text("sent back"),
    Verb.PASS: text("passed on"),
    Verb.DECLINE: text("not ours: moved up"),
    Verb.WITHDRAW: text("taken back by who asked"),
    Verb.REMIND: text("reminded"),
    Verb.NOTE: text("note"),
}
"""As the history of a matter says it."""
STATE_NAMES: Final[Mapping[MatterState, Text]] = {
    MatterState.OPEN: text("nobody has taken it"),
    MatterState.TAKEN: text("under way"),
    MatterState.ANSWERED: text("to be confirmed"),
    MatterState.CLOSED: text("done"),
    MatterState.WITHDRAWN: text("taken back"),
}
SIDE_NAMES: Final[Mapping[Side, Text]] = {
    Side.ASKER: text("who asked"),
    Side.OWNER: text("who is to do it"),
    Side.SIGNER: text("the level above, which signs"),
}
LIVE: Final = frozenset({MatterState.OPEN, MatterState.TAKEN})
"""Somebody still has to do it."""
_OPEN, _TAKEN, _ANSWERED, _CLOSED = MatterState.OPEN, MatterState.TAKEN, MatterState.ANSWERED, MatterState.CLOSED
TRANSITIONS: Final[Mapping[tuple[MatterState, Verb, Side], MatterState]] = {
    (_OPEN, Verb.TAKE, Side.OWNER): _TAKEN,
    (_TAKEN, Verb.SAVE, Side.OWNER): _TAKEN,
    (_TAKEN, Verb.ANSWER, Side.OWNER): _ANSWERED,
    (_ANSWERED, Verb.ANSWER, Side.OWNER): _ANSWERED,
    **{(state, verb, Side.OWNER): _OPEN for state in (_OPEN, _TAKEN) for verb in (Verb.PASS, Verb.DECLINE)},
    **{(_ANSWERED, Verb.CLOSE, side): _CLOSED for side in (Side.ASKER, Side.SIGNER)},
    **{(_ANSWERED, Verb.RETURN, side): _TAKEN for side in (Side.ASKER, Side.SIGNER)},
    (_CLOSED, Verb.RETURN, Side.SIGNER): _TAKEN,
    **{(state, Verb.WITHDRAW, Side.ASKER): MatterState.WITHDRAWN for state in (_OPEN, _TAKEN)},
    **{(state, Verb.REMIND, Side.ASKER): state for state in (_OPEN, _TAKEN)},
    **{(state, Verb.NOTE, side): state for state in MatterState for side in Side},
}
"""What leads where; everything else is refused. Who is to do a matter never confirms it."""


class VerbError(MatterError):
    """Something that the state of a matter, or the side, does not allow."""

    def __init__(self, verb: Verb, state: MatterState, sides: Collection[Side]) -> None:
        able = [side for (at, what, side) in TRANSITIONS if (at, what) == (state, verb)]
        if able and not set(able) & set(sides):
            message = text("Only {side} can do this here.", side=SIDE_NAMES[able[0]])
        else:
            message = text("This cannot be done now: the matter is “{state}”.", state=STATE_NAMES[state])
        super().__init__(message)


def next_state(state: MatterState, verb: Verb, sides: Collection[Side]) -> MatterState:
    """Return where a verb leads from a state, for somebody who stands on these sides.

    Raises
    ------
    VerbError
        If the table has no such row.

    Examples
    --------
    >>> next_state(MatterState.OPEN, Verb.TAKE, [Side.OWNER])
    <MatterState.TAKEN: 'taken'>
    """
    for side in sides:
        if (state, verb, side) in TRANSITIONS:
            return TRANSITIONS[state, verb, side]
    raise VerbError(verb, state, sides)


def verbs_at(state: MatterState, sides: Collection[Side]) -> frozenset[Verb]:
    """Return what somebody on these sides can do to a matter in a state."""
    return frozenset(verb for (at, verb, side) in TRANSITIONS if at is state and side in sides)


def replay(events: Iterable[tuple[Verb, Side]]) -> MatterState:
    """Return the state that a history leads to; it begins with ``Verb.ASK``."""
    state = _OPEN
    for verb, side in events:
        if verb is not Verb.ASK:
            state = next_state(state, verb, [side])
    return state
