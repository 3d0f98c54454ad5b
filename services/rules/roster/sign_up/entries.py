"""From the entries of a chain to seats: who takes which shift, who is in reserve, and what the clerk has to decide.

Entries = placed + reserve + doubt + guest + dropped, always (ROSTER §7.2, §7.4). What was read before and is pasted
again changes nothing. First come, first served; who came first keeps the seat while it is not clear who it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.i18n import Text, text
from services.rules.roster.clash import DutyBreach
from services.rules.roster.sign_up.clock import OpenShift
from services.rules.roster.sign_up.drafts import Draft, describe_shift, find_doubt, read_drafts
from services.rules.roster.sign_up.lines import Chain
from services.rules.roster.sign_up.names import How, hide_phones
from services.rules.roster.sign_up.sign_ups import (
    DoubtChoice,
    EntryDecision,
    EntryDoubt,
    FormerSignUp,
    Ground,
    Reading,
    Seat,
    SignUp,
    State,
)
from services.rules.roster.sign_up.words import find_words


def read_entries(chain: Chain, ground: Ground, decisions: Mapping[int, EntryDecision] | None = None) -> Reading:
    """Return what a chain comes to.

    Parameters
    ----------
    chain
        From ``lines.parse``.
    ground
        Shifts, people, and what is there already.
    decisions
        By place of the entry in the chain, from 0.
    """
    drafts = read_drafts(chain, ground, decisions or {})
    seating = _Seating(ground, drafts)
    sign_ups = tuple(seating.sign_up(draft) for draft in drafts)
    return Reading(sign_ups, _vanished(sign_ups, ground))


class _Seating:
    """The seats of a roster while a chain is gone through from its beginning."""

    def __init__(self, ground: Ground, drafts: Iterable[Draft]) -> None:
        self._ground = ground
        self._filled = {shift.code: shift.filled for shift in ground.timetable.shifts}
        self._given: dict[str, list[str]] = {}
        """Shifts of each person by this chain, those that the roster had already among them."""
        self._cancelled: set[tuple[str, str]] = set()
        self._revoked: set[str] = set()
        """People who take back further down what they wrote."""
        self._withdrawals = [
            (draft.place, draft.person.code, {shift.code for shift in draft.timing.shifts})
            for draft in drafts
            if draft.person and draft.answer.is_withdrawal and not draft.former and not find_doubt(draft)
        ]

    def sign_up(self, draft: Draft) -> SignUp:
        person = draft.person.code if draft.person else None
        match = draft.match
        blank = SignUp(
            draft.entry, hide_phones(match.name), draft.kept_text, State.DROPPED, person, match.how, match.score,
            notes=draft.timing.notes, words=find_words(draft, self._ground.timetable),
        )  # fmt: skip
        if draft.decision.is_dropped or draft.decision.is_time:
            return replace(blank, notes=())
        if draft.former:
            return self._repeat(blank, draft.former)
        if doubt := find_doubt(draft):
            self._hold(draft)
            return replace(blank, state=State.DOUBT, doubt=doubt)
        if draft.answer.is_withdrawal:
            return self._withdraw(draft, blank)
        return self._seat(draft, blank)

    def _repeat(self, blank: SignUp, former: FormerSignUp) -> SignUp:
        is_reserve = former.state is State.RESERVE
        seats = tuple(Seat(shift, former.person, 1, is_reserve, is_new=False) for shift in former.shifts)
        if former.person:
            self._given.setdefault(former.person, []).extend(former.shifts)
        how = blank.how if blank.person == former.person else How.CHOSEN
        return replace(blank, state=former.state, person=former.person, how=how, seats=seats, notes=(), is_known=True)

    def _hold(self, draft: Draft) -> None:
        """Keep a seat for somebody who came first and is not known yet."""
        if draft.match.how or draft.entry.doubt or draft.is_asked or draft.timing.doubt:
            return
        if not (draft.answer.is_withdrawal or draft.answer.is_if_needed or draft.answer.is_instead):
            for shift in draft.timing.shifts[: 1 if draft.answer.is_any else None]:
                self._filled[shift.code] += 1 + draft.answer.guests

    def _withdraw(self, draft: Draft, blank: SignUp) -> SignUp:
        person = blank.person or ""
        pairs = [(person, shift.code) for shift in draft.timing.shifts]
        ends = [pair for pair in pairs if pair in self._ground.duties and pair not in self._cancelled]
        for pair in ends:
            self._filled[pair[1]] -= self._ground.duties[pair] is State.PLACED
        self._cancelled |= set(ends)
        note = () if ends or person in self._revoked else (text("There is nothing to cancel."),)
        return replace(blank, cancelled=tuple(shift for _, shift in ends), notes=note)

    def _seat(self, draft: Draft, blank: SignUp) -> SignUp:
        person = blank.person
        shifts = self._drop_withdrawn(draft)
        if draft.answer.is_any:
            shifts = self._pick(draft, shifts)
        fresh = [shift for shift in shifts if shift.code not in self._given.get(person or "", ())]
        if not fresh:
            sentence = text("It is withdrawn further down.") if not shifts else text("It stands further up already.")
            return replace(blank, notes=(sentence,))
        breaches = self._find_breaches(person, fresh) if person else {}
        if draft.decision.is_overruled:
            breaches = {shift: hard for shift, each in breaches.items() if (hard := _hard(each))}
        if breaches:
            return replace(blank, state=State.DOUBT, doubt=_doubt_breaches(draft, fresh, breaches))
        seats = tuple(seat for shift in fresh for seat in self._take(draft, shift))
        states = {seat.is_reserve for seat in seats if seat.person == person}
        state = State.GUEST if not person else State.RESERVE if states == {True} else State.PLACED
        return replace(blank, state=state, seats=seats, notes=(*blank.notes, *_note_reserve(draft, seats, fresh)))

    def _drop_withdrawn(self, draft: Draft) -> list[OpenShift]:
        """Return the shifts that the person does not take back further down."""
        later = [codes for place, code, codes in self._withdrawals if place > draft.place and code == _code(draft)]
        shifts = [shift for shift in draft.timing.shifts if not any(shift.code in codes for codes in later)]
        if len(shifts) < len(draft.timing.shifts):
            self._revoked.add(_code(draft))
        return shifts

    def _pick(self, draft: Draft, shifts: Sequence[OpenShift]) -> list[OpenShift]:
        """Return the shift that somebody gets who takes any: where they stand already, else where there is room."""
        code = _code(draft)
        there = [s for s in shifts if self._is_there(code, s) or s.code in self._given.get(code, ())]
        allowed = [s for s in shifts if not (code and self._find_breaches(code, [s]))]
        free = [s for s in allowed if self._room(s)]
        return [*there, *free, *allowed, *shifts][:1]

    def _find_breaches(self, person: str, shifts: Sequence[OpenShift]) -> dict[str, Sequence[DutyBreach]]:
        """Return what speaks against shifts that the person does not have yet, by shift."""
        codes = dict.fromkeys([*self._given.get(person, ()), *(shift.code for shift in shifts)])
        found = {
            shift.code: self._ground.find_breaches(person, shift.code, tuple(c for c in codes if c != shift.code))
            for shift in shifts
            if not self._is_there(person, shift)
        }
        return {code: breaches for code, breaches in found.items() if breaches}

    def _is_there(self, person: str, shift: OpenShift) -> bool:
        pair = person, shift.code
        return pair in self._ground.duties and pair not in self._cancelled

    def _room(self, shift: OpenShift) -> int:
        return max(shift.seats - self._filled[shift.code], 0)

    def _take(self, draft: Draft, shift: OpenShift) -> Iterable[Seat]:
        """Yield the seats that an entry takes in a shift, or its places in the reserve."""
        code = _code(draft)
        if code:
            self._given.setdefault(code, []).append(shift.code)
            if self._is_there(code, shift):
                is_reserve = self._ground.duties[code, shift.code] is State.RESERVE
                yield Seat(shift.code, code, 1, is_reserve, is_new=False)
            else:
                yield from self._fill(draft, shift, code, 1)
        yield from self._fill(draft, shift, None, draft.answer.guests + (not code))

    def _fill(self, draft: Draft, shift: OpenShift, code: str | None, heads: int) -> Iterable[Seat]:
        here = 0 if draft.answer.is_if_needed else min(self._room(shift), heads)
        self._filled[shift.code] += here
        parts = ((here, False), (heads - here, True))
        yield from (Seat(shift.code, code, count, is_reserve) for count, is_reserve in parts if count)


def _code(draft: Draft) -> str:
    return draft.person.code if draft.person else ""


def _hard(breaches: Iterable[DutyBreach]) -> list[DutyBreach]:
    """Return what nobody sets aside."""
    return [breach for breach in breaches if not breach.may_be_overruled]


def _doubt_breaches(
    draft: Draft, shifts: Sequence[OpenShift], breaches: Mapping[str, Sequence[DutyBreach]]
) -> EntryDoubt:
    against = [breach for found in breaches.values() for breach in found]
    allowed = tuple(shift.code for shift in shifts if shift.code not in breaches)
    choices = []
    if allowed:
        choices.append(DoubtChoice(text("Only the other shifts"), replace(draft.decision, shifts=allowed)))
    if not _hard(against):
        choices.append(DoubtChoice(text("All the same"), replace(draft.decision, is_overruled=True)))
    return EntryDoubt(tuple(breach.text for breach in against), tuple(choices))


def _note_reserve(draft: Draft, seats: Iterable[Seat], shifts: Sequence[OpenShift]) -> tuple[Text, ...]:
    if draft.answer.is_if_needed:
        return ()
    full = {seat.shift for seat in seats if seat.is_reserve and seat.is_new}
    return tuple(text("Reserve: {shift}", shift=describe_shift(shift)) for shift in shifts if shift.code in full)


def _vanished(sign_ups: Iterable[SignUp], ground: Ground) -> tuple[FormerSignUp, ...]:
    """Return who took a place in an earlier paste and stands nowhere in this one."""
    entries = [each for each in sign_ups if each.name]
    people = {each.person for each in entries if each.person}
    names = Counter(ground.hash_name(each.name) for each in entries if not each.person)
    out = []
    for each in ground.former:
        if each.state in {State.DOUBT, State.DROPPED} or each.person in people:
            continue
        names[each.name] -= 1
        if names[each.name] < 0:
            out.append(each)
    return tuple(out)
