"""What comes of the entries of a chain: seats, doubts with their choices, decisions of the clerk. Plain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.i18n import Text, text
from services.rules.roster.clash import DutyBreach
from services.rules.roster.sign_up.lines import Chain, Entry
from services.rules.roster.sign_up.names import How, Register, plain_name
from services.rules.roster.sign_up.times import Timetable


class State(StrEnum):
    """What becomes of an entry."""

    PLACED = "placed"
    RESERVE = "reserve"
    DOUBT = "doubt"
    GUEST = "guest"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class EntryDecision:
    """What the clerk said about an entry; later ones hold what earlier ones did."""

    person: str | None = None
    """Code."""
    shifts: tuple[str, ...] = ()
    """Codes, instead of what the entry says."""
    is_guest: bool = False
    is_dropped: bool = False
    is_entry: bool = False
    """Its number is one, whatever it looks like."""
    is_time: bool = False
    """It belongs to the entry above."""
    is_overruled: bool = False
    """In spite of what speaks against it and may be set aside."""


@dataclass(frozen=True, slots=True)
class DoubtChoice:
    """One answer to a doubt."""

    text: Text
    decision: EntryDecision


@dataclass(frozen=True, slots=True)
class EntryDoubt:
    """What the clerk is asked. As a guest (``EntryDecision.is_guest``) and dropped are possible besides, always."""

    sentences: tuple[Text, ...]
    choices: tuple[DoubtChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody, or people without a name, in a shift."""

    shift: str
    person: str | None
    heads: int
    is_reserve: bool
    is_new: bool = True
    """False where the roster has it already."""


class WordKind(StrEnum):
    """What a word of an entry was understood as."""

    PERSON = "person"
    SHIFT = "shift"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class UnderstoodWord:
    """A word of an entry, from one code point of ``SignUp.text`` to another."""

    start: int
    end: int
    kind: WordKind


@dataclass(frozen=True, slots=True)
class SignUp:
    """What came of an entry."""

    entry: Entry
    name: str
    text: str
    """What may be kept: telephone numbers masked."""
    state: State
    person: str | None = None
    how: How | None = None
    score: float = 0.0
    """How sure the name is, 0 to 100."""
    seats: tuple[Seat, ...] = ()
    cancelled: tuple[str, ...] = ()
    """Shifts whose duty of this person ends."""
    doubt: EntryDoubt | None = None
    notes: tuple[Text, ...] = ()
    is_known: bool = False
    """It stood in an earlier paste."""
    words: tuple[UnderstoodWord, ...] = ()
    """In order, none over another."""


@dataclass(frozen=True, slots=True)
class FormerSignUp:
    """What an earlier paste of this chain left, after the clerk's decisions."""

    text: str
    """As ``Ground.hash_entry`` has it."""
    name: str
    """As ``Ground.hash_name`` has it."""
    state: State
    person: str | None = None
    shifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What entries are read against."""

    timetable: Timetable
    register: Register
    find_breaches: Callable[[str, str, tuple[str, ...]], Sequence[DutyBreach]]
    """From a person, a shift and the shifts this chain gives the person besides to what speaks against it."""
    duties: Mapping[tuple[str, str], State] = field(default_factory=dict)
    """What the roster holds, from wherever, by person and shift: placed or reserve. Counted in ``filled``."""
    former: Sequence[FormerSignUp] = ()
    hash_entry: Callable[[str, str], str] = lambda _heading, words: words
    """From the heading of an entry and ``SignUp.text`` to what is kept of them."""
    hash_name: Callable[[str], str] = plain_name
    """From ``SignUp.name`` to what is kept of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A chain as it was understood."""

    sign_ups: tuple[SignUp, ...]
    vanished: tuple[FormerSignUp, ...] = ()
    """They stood in an earlier paste and do not in this one: to be asked, no withdrawal."""

    @property
    def new_seats(self) -> tuple[Seat, ...]:
        """What is to be written."""
        return tuple(seat for each in self.sign_ups for seat in each.seats if seat.is_new)

    @property
    def cancelled(self) -> tuple[tuple[str, str], ...]:
        """Duties that end, by person and shift."""
        return tuple((each.person or "", shift) for each in self.sign_ups for shift in each.cancelled)

    def count(self, state: State) -> int:
        """Return how many entries are in a state."""
        return sum(each.state is state for each in self.sign_ups)


def summarise(chain: Chain, reading: Reading) -> Text:
    """Return in one line what became of a chain."""
    counts = {state.value: reading.count(state) for state in State}
    return text(
        "{total} entries: placed {placed}, reserve {reserve}, in doubt {doubt}, guests {guest}, dropped {dropped}; "
        "places kept free {blanks}, examples {examples}",
        total=len(reading.sign_ups), blanks=chain.blanks, examples=int(bool(chain.example)), **counts,
    )  # fmt: skip
