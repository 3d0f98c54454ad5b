"""What the entries of a chain say, before anybody has a seat: who, when, and what of it is in doubt (ROSTER §7.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from services.i18n import Text, text
from services.rules.people import mask_name
from services.rules.roster.sign_up.answers import SignUpAnswer, read_answer
from services.rules.roster.sign_up.clock import OpenShift, write_hours
from services.rules.roster.sign_up.lines import Chain, Entry, NumberDoubt, fold
from services.rules.roster.sign_up.names import How, NameMatch, Register, RegisterPerson, hide_phones
from services.rules.roster.sign_up.sign_ups import DoubtChoice, EntryDecision, EntryDoubt, FormerSignUp, Ground, State
from services.rules.roster.sign_up.times import Times, Timetable, Timing

MOST_CHOICES: Final = 9
_LONGEST_TITLE: Final = 2000
_NUMBERS: Final[Mapping[NumberDoubt, Text]] = {
    NumberDoubt.NUMBER_OR_TIME: text("Is this the number of an entry or a time?"),
    NumberDoubt.OUT_OF_ORDER: text("Its number does not go on from the one before."),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry whose words were read and who takes no seat yet."""

    place: int
    entry: Entry
    words: str
    match: NameMatch
    answer: SignUpAnswer
    own_times: Times
    timing: Timing
    decision: EntryDecision
    former: FormerSignUp | None = None
    is_asked: bool = False
    """The number of this entry or of the one below is in doubt."""

    @property
    def person(self) -> RegisterPerson | None:
        """Who it is, where that is sure and the person is in the register."""
        return self.match.people[0] if self.match.how and self.match.people else None

    @property
    def kept_text(self) -> str:
        """What may be kept of the words: telephone numbers are masked."""
        return hide_phones(self.words)


def read_drafts(chain: Chain, ground: Ground, decisions: Mapping[int, EntryDecision]) -> list[Draft]:
    """Return what each entry of a chain says; decisions are by place of the entry, from 0."""
    title = ground.timetable.read(fold(chain.title)[:_LONGEST_TITLE])
    headings = {heading: ground.timetable.read(heading) for heading in {entry.heading for entry in chain.entries}}
    former: dict[str, list[FormerSignUp]] = {}
    for each in ground.former:
        former.setdefault(each.text, []).append(each)
    drafts = []
    for place, entry in enumerate(chain.entries):
        below = chain.entries[place + 1].text if decisions.get(place + 1, EntryDecision()).is_time else ""
        words = f"{entry.text}\n{below}".strip()
        draft = _read_draft(place, entry, words, ground, (headings[entry.heading], title), decisions)
        earlier = former.get(ground.hash_entry(entry.heading, draft.kept_text), [])
        is_known = earlier and earlier[0].state is not State.DOUBT and _is_no_change(draft.decision, earlier[0].state)
        drafts.append(replace(draft, former=earlier.pop(0)) if is_known else draft)
    return [
        replace(draft, is_asked=below.entry.doubt is NumberDoubt.NUMBER_OR_TIME and below.decision == EntryDecision())
        for draft, below in pairwise(drafts)
    ] + drafts[-1:]


def _is_no_change(decision: EntryDecision, state: State) -> bool:
    """Return whether a decision leaves an entry as it is: none does, and a guest who is called one again."""
    return decision == EntryDecision() or (state is State.GUEST and decision == EntryDecision(is_guest=True))


def find_doubt(draft: Draft) -> EntryDoubt | None:
    """Return what has to be asked about the words of an entry, the first thing only; null where all is clear."""
    checks = (_doubt_number, _doubt_who, _doubt_answer, _doubt_when)
    return next((doubt for check in checks if (doubt := check(draft))), None)


def choose_shifts(draft: Draft, shifts: Iterable[OpenShift]) -> tuple[DoubtChoice, ...]:
    """Return a choice for each shift, at most nine."""
    return tuple(
        DoubtChoice(describe_shift(shift), replace(draft.decision, shifts=(shift.code,)))
        for shift in [*shifts][:MOST_CHOICES]
    )


def describe_shift(shift: OpenShift) -> Text:
    """Return a shift in one line."""
    return text(
        "{code} {post} {day} {hours}",
        code=shift.code, post=shift.post, day=f"{shift.window.start:%m-%d}", hours=write_hours(shift),
    )  # fmt: skip


def _read_draft(
    place: int,
    entry: Entry,
    words: str,
    ground: Ground,
    around: tuple[Times, Times],
    decisions: Mapping[int, EntryDecision],
) -> Draft:
    decision = decisions.get(place, EntryDecision())
    match = _decide_who(ground.register.find(words), ground.register, decision)
    answer = read_answer(match.rest)
    if read_answer(entry.heading).is_if_needed:
        answer = replace(answer, is_if_needed=True)
    if ground.register.names_somebody(match.rest):
        answer = replace(answer, is_instead=True)
    own = ground.timetable.read(match.rest)
    timing = ground.timetable.find((own, *around), is_any=answer.is_any)
    if decision.shifts:
        timing = _decide_when(decision, ground.timetable)
        answer = replace(answer, is_any=False, is_unclear=False, is_instead=False)
    return Draft(place, entry, words, match, answer, own, timing, decision)


def _decide_who(match: NameMatch, register: Register, decision: EntryDecision) -> NameMatch:
    if decision.person in register.people:
        return replace(match, people=(register.people[decision.person or ""],), how=How.CHOSEN)
    is_new = not match.people and match.is_like_a_name
    return replace(match, people=(), how=How.GUEST) if decision.is_guest or is_new else match


def _decide_when(decision: EntryDecision, timetable: Timetable) -> Timing:
    return Timing(tuple(shift for shift in timetable.shifts if shift.code in decision.shifts))


def _doubt_number(draft: Draft) -> EntryDoubt | None:
    if draft.is_asked:
        return EntryDoubt((text("The line below may belong to it."),))
    if not draft.entry.doubt or draft.decision.is_entry:
        return None
    choices = [DoubtChoice(text("An entry of its own"), replace(draft.decision, is_entry=True))]
    if draft.entry.doubt is NumberDoubt.NUMBER_OR_TIME and draft.place:
        choices.append(DoubtChoice(text("A time of the entry above"), replace(draft.decision, is_time=True)))
    return EntryDoubt((_NUMBERS[draft.entry.doubt],), tuple(choices))


def _doubt_who(draft: Draft) -> EntryDoubt | None:
    match = draft.match
    if match.how:
        return None
    name = hide_phones(match.name)
    same = sum(person.name == match.people[0].name for person in match.people) if match.score == 100 else 0
    several = text("{count} people are called {name}.", count=same, name=name)
    sentence = several if same > 1 else text("It is not sure who “{name}” is.", name=name)
    choices = [DoubtChoice(_describe_person(each), replace(draft.decision, person=each.code)) for each in match.people]
    return EntryDoubt((sentence,), tuple(choices))


def _describe_person(person: RegisterPerson) -> Text:
    return text("{name} {unit} {grid}", name=mask_name(person.name), unit=person.unit, grid=person.grid)


def _doubt_answer(draft: Draft) -> EntryDoubt | None:
    if draft.answer.is_instead:
        sentence = text("It is in somebody's place, or with somebody else.")
    elif draft.answer.is_unclear or (draft.answer.is_if_needed and len(draft.timing.shifts) > 1):
        sentence = text("It can be read in two ways.")
    else:
        return None
    return EntryDoubt((sentence,), choose_shifts(draft, draft.timing.shifts))


def _doubt_when(draft: Draft) -> EntryDoubt | None:
    says_nothing = not draft.own_times.has_items and draft.own_times.days is None
    if not draft.timing.doubt or (draft.answer.is_withdrawal and says_nothing):
        return None
    return EntryDoubt((draft.timing.doubt,), choose_shifts(draft, draft.timing.shifts))
