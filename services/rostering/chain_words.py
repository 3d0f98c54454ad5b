"""What became of the entries of a chain (接龙), in words: on the page and on the command line."""

from collections.abc import Mapping
from typing import Final

from services.i18n import Text, text, translate
from services.rostering.chain_reading import ChainReading
from services.rules.roster.sign_up.clock import write_hours
from services.rules.roster.sign_up.names import How
from services.rules.roster.sign_up.sign_ups import SignUp, State
from services.rules.roster.sign_up.words import find_unread

SIGN_UP_STATE_NAMES: Final[Mapping[State, Text]] = {
    State.PLACED: text("Placed"),
    State.RESERVE: text("Reserve"),
    State.DOUBT: text("In doubt"),
    State.GUEST: text("Guest"),
    State.DROPPED: text("Not counted"),
}
_HOW_NAMES: Final[Mapping[How, Text]] = {
    How.EXACT: text("the name"),
    How.PHONE: text("the telephone number"),
    How.ALIAS: text("a nickname used before"),
    How.CHOSEN: text("chosen by hand"),
    How.GUEST: text("not in the register"),
}


def person_words(chain: ChainReading, sign_up: SignUp) -> str:
    """Return who an entry is by: masked name and code; for people without a name how many; empty in doubt."""
    if sign_up.person:
        return f"{chain.names.get(sign_up.person, '')} {sign_up.person}".strip()
    heads = sum(seat.heads for seat in sign_up.seats)
    return translate("{n} people", n=heads) if heads else ""


def seat_words(chain: ChainReading, sign_up: SignUp) -> str:
    """Return the shifts that an entry takes and gives back."""
    taken = dict.fromkeys(seat.shift for seat in sign_up.seats)
    words = [shift_words(chain, code) for code in taken]
    words += [translate("{shift} given back", shift=shift_words(chain, code)) for code in sign_up.cancelled]
    return "、".join(words)


def shift_words(chain: ChainReading, code: str) -> str:
    """Return a shift by code, post, day and hours."""
    shift = chain.open_shifts[code]
    return f"{code} {shift.post} {shift.window.start:%m-%d} {write_hours(shift)}"


def reason_words(sign_up: SignUp) -> str:
    """Return why an entry became what it is: what is in doubt, by what somebody was known, what was noted."""
    if sign_up.doubt:
        return " ".join(translate(sentence) for sentence in sign_up.doubt.sentences)
    notes = [translate(note) for note in sign_up.notes]
    if sign_up.is_known:
        notes.append(translate("read before, unchanged"))
    elif sign_up.how and sign_up.state is not State.DROPPED:
        notes.append(translate("known by {how}", how=_HOW_NAMES[sign_up.how]))
    return "；".join(notes)


def unread_words(sign_up: SignUp) -> str:
    """Return what of an entry was not understood; empty where everything was."""
    words = find_unread(sign_up.text, sign_up.words)
    return translate("not understood: {words}", words="、".join(words)) if words else ""


def vanished_words(chain: ChainReading) -> str:
    """Return who stood in an earlier paste and does not in this one; empty for nobody."""
    names = [chain.names.get(each.person or "", "") or translate("a guest") for each in chain.reading.vanished]
    return "、".join(names)
