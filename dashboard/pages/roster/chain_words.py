"""Entries of a chain (接龙) as parts of a page: what was understood is underlined, and said."""

from collections.abc import Iterator, Mapping
from typing import Final

from dashboard.kit.html_tree import Part, choice, part
from services.i18n import _
from services.rostering import ChainReading
from services.rostering.chain_words import SIGN_UP_STATE_NAMES, person_words, reason_words, seat_words, unread_words
from services.rules.roster.sign_up.sign_ups import SignUp, State

_TONES: Final[Mapping[State, str]] = {
    State.PLACED: "gm-confirmed",
    State.RESERVE: "gm-asked",
    State.GUEST: "gm-asked",
    State.DOUBT: "gm-doubted",
}


def entry_head(sign_up: SignUp) -> Part:
    """Return an entry as it was written, with its number, its state, and what was understood underlined."""
    chip = part("em", f"gm-step {_TONES.get(sign_up.state, '')}", _(SIGN_UP_STATE_NAMES[sign_up.state]))
    words = part("b", "gm-entry", f"{sign_up.entry.number}. ", *_entry_words(sign_up))
    return part("p", "gm-order-head", words, chip)


def entry_part(reading: ChainReading, sign_up: SignUp, place: int, *, is_open: bool) -> Part:
    """Return an entry with what came of it; one in doubt has a button that opens its doubt."""
    facts = (person_words(reading, sign_up), seat_words(reading, sign_up), reason_words(sign_up), unread_words(sign_up))
    lines = [entry_head(sign_up), part("p", "gm-quiet", " · ".join(each for each in facts if each))]
    if sign_up.doubt and not is_open:
        label = _("Decide entry {n}", n=sign_up.entry.number)
        lines.append(part("div", "gm-says", choice("gm-say", str(place), _("Decide"), label=label)))
    return part("div", "gm-person gm-shown" if is_open else "gm-person", *lines)


def _entry_words(sign_up: SignUp) -> Iterator[Part]:
    end = 0
    for word in sign_up.words:
        if word.start > end:
            yield sign_up.text[end : word.start]
        yield part("i", f"gm-understood gm-of-{word.kind.value}", sign_up.text[word.start : word.end])
        end = word.end
    if end < len(sign_up.text):
        yield sign_up.text[end:]
