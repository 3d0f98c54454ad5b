"""A chain (接龙) as a roster understands it: what each entry comes to, before anything is written."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from geo.schema import Layer
from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.coverage.posts import read_posts, zone_chain
from services.i18n import Text, text
from services.rostering.drafts import roster_scope
from services.rostering.errors import ChainCommunityError
from services.rostering.generation import people_of_area
from services.rostering.ground import DutyGround, read_ground
from services.rostering.model import Roster, duty_from_row, shift_from_row
from services.rostering.shift_codes import open_shifts
from services.rules.norms import working_calendar
from services.rules.people import mask_name
from services.rules.roster.clash import DutyBreach, Stay
from services.rules.roster.duties import LIVE, Duty, DutyState, Shift
from services.rules.roster.posts import Post
from services.rules.roster.sign_up.clock import OpenShift
from services.rules.roster.sign_up.days import Period
from services.rules.roster.sign_up.entries import read_entries
from services.rules.roster.sign_up.lines import Chain, fold, parse
from services.rules.roster.sign_up.names import Register, RegisterPerson, plain_name
from services.rules.roster.sign_up.out import find_outdated_codes, find_pressure
from services.rules.roster.sign_up.sign_ups import EntryDecision, FormerSignUp, Ground, Reading, State, summarise
from services.rules.roster.sign_up.times import Timetable

_BUILDING: Final = re.compile(r"(\d{1,4})(?:[栋幢座#]|号楼)")
_OUTDATED: Final = text(
    "The codes {codes} of this chain stand for other shifts by now; whoever signs up by them is in doubt."
)
_ENTRY, _NAME, _CHAIN, _ALIAS = "sign-up entry", "sign-up name", "chain", "alias"


@dataclass(frozen=True, slots=True)
class PastedChain:
    """A chain as somebody pasted it, and what was decided about its entries."""

    words: str = field(repr=False)
    posted: date
    """The day on which people wrote: 今天 is that day."""
    community: str
    decisions: Mapping[int, EntryDecision] = field(default_factory=dict)
    """By place of the entry, from 0."""


@dataclass(frozen=True)
class ChainReading:
    """What a chain comes to."""

    pasted: PastedChain
    chain: Chain
    reading: Reading
    shifts: Mapping[str, int]
    """Numbers of the shifts by their codes."""
    timetable: Timetable
    register: Register = field(repr=False)
    """Who may be meant."""
    chain_hash: str
    """By what it is known again."""
    entry_hashes: tuple[str, ...]
    """By what its entries are known again, by place."""
    notes: tuple[Text, ...]

    def find_person(self, words: str) -> str | None:
        """Return the code of the only person whom a code or name stands for, None where it is not sure."""
        if words.strip() in self.register.people:
            return words.strip()
        match = self.register.find(fold(words.strip()))
        return match.people[0].code if match.how and match.people else None

    @property
    def summary(self) -> Text:
        """What became of the entries, in one line."""
        return summarise(self.chain, self.reading)

    @property
    def doubts(self) -> int:
        """How many entries are in doubt."""
        return self.reading.count(State.DOUBT)

    @property
    def changes(self) -> int:
        """How many people it puts in and takes out."""
        return sum(seat.heads for seat in self.reading.new_seats) + len(self.reading.cancelled)

    @property
    def is_new(self) -> bool:
        """Whether writing it leaves anything that is not there yet."""
        entries = self.reading.sign_ups
        return bool(self.changes) or any(not each.is_known and each.state is not State.DOUBT for each in entries)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the members that may be meant, masked, by code."""
        return {code: mask_name(person.name) for code, person in self.register.people.items()}

    @cached_property
    def open_shifts(self) -> Mapping[str, OpenShift]:
        """The shifts of the community by their codes."""
        return {shift.code: shift for shift in self.timetable.shifts}


def understand_chain(
    context: Context, tx: Transaction, roster: Roster, inputs: CoverageInputs, pasted: PastedChain
) -> ChainReading:
    """Return what a chain comes to, inside a transaction.

    Raises
    ------
    ChainCommunityError
        If the roster has no shifts in its community.
    ChainError
        If the text is too long to be one.
    """
    facts = _ChainFacts.read(context, tx, roster, inputs, pasted.community)
    chain = parse(pasted.words, {shift.post for shift in facts.open_shifts.values()})
    outdated = find_outdated_codes(fold(chain.title), facts.open_shifts.values())
    shifts = {
        number: replace(shift, code=f"#{number}") if shift.code in outdated else shift
        for number, shift in facts.open_shifts.items()
    }
    numbers = {shift.code: number for number, shift in shifts.items()}
    days = roster.dates
    timetable = Timetable(shifts.values(), Period(days[0], days[-1], pasted.posted, working_calendar(inputs.norms)))
    chain_hash = tx.sealed.hash_words(_CHAIN, fold(chain.title))

    def hash_entry(heading: str, words: str) -> str:
        return tx.sealed.hash_words(_ENTRY, f"{heading}\n{words}")

    register = _read_register(context, tx, roster, pasted.community)
    facts.prepare(_people_meant(chain, register, pasted.decisions))
    ground = Ground(
        timetable,
        register,
        lambda *asked: facts.find_breaches(numbers, *asked),
        facts.held({number: shift.code for number, shift in shifts.items()}),
        _former(tx, roster.id, pasted.community, chain_hash, {number: code for code, number in numbers.items()}),
        hash_entry,
        lambda name: hash_name(tx, name),
    )
    reading = read_entries(chain, ground, pasted.decisions)
    hashes = tuple(hash_entry(each.entry.heading, each.text) for each in reading.sign_ups)
    pressure = find_pressure(f"{chain.preamble}\n{chain.title}")
    notes = [*chain.notes, *([pressure] if pressure else [])]
    if outdated:
        notes.append(Text(_OUTDATED.id, {"codes": "、".join(sorted(outdated))}))
    return ChainReading(pasted, chain, reading, numbers, timetable, register, chain_hash, hashes, tuple(notes))


def _people_meant(chain: Chain, register: Register, decisions: Mapping[int, EntryDecision]) -> set[str]:
    """Return who is surely meant by some entry, or was chosen."""
    matches = [register.find(entry.text) for entry in chain.entries]
    sure = {match.people[0].code for match in matches if match.how and match.people}
    return sure | {each.person for each in decisions.values() if each.person in register.people and each.person}


def hash_name(tx: Transaction, name: str) -> str:
    """Return what is kept of the name of an entry."""
    return tx.sealed.hash_words(_NAME, plain_name(name))


def hash_alias(tx: Transaction, name: str) -> str:
    """Return by what a nickname is known again."""
    return tx.sealed.hash_words(_ALIAS, name)


@dataclass(frozen=True)
class _ChainFacts:
    """What stands in a roster for a chain of one of its communities."""

    posts: Mapping[str, Post]
    shifts: Mapping[int, Shift]
    duties: Sequence[Duty]
    open_shifts: Mapping[int, OpenShift]
    read_people: Callable[[Collection[str]], DutyGround]
    """From codes of members to what their duties are checked against."""
    _grounds: dict[str, DutyGround] = field(default_factory=dict, repr=False)

    @classmethod
    def read(
        cls, context: Context, tx: Transaction, roster: Roster, inputs: CoverageInputs, community: str
    ) -> "_ChainFacts":
        posts = read_posts(tx, zone_chain(inputs), roster_scope(context, tx, roster))
        stored_data = tx.rosters.read_shifts(roster.id)
        own = {code for code, post in posts.items() if post.community_code == community}
        shifts = [shift_from_row(row) for row in stored_data if row["post_code"] in own]
        there = map(duty_from_row, tx.rosters.read_duties_in([shift.id for shift in shifts]))
        duties = [duty for duty in there if duty.state in LIVE]
        known = open_shifts(shifts, posts, duties, community)
        if not known:
            names = inputs.levels[Layer.COMMUNITIES].facts["name"]
            of_roster = {row["post_code"] for row in stored_data} & posts.keys()
            here = sorted({posts[code].community_code for code in of_roster})
            raise ChainCommunityError({code: str(names.get(code, code)) for code in here})

        def read_people(codes: Collection[str]) -> DutyGround:
            return read_ground(context, tx, roster, inputs, codes, roster.period)

        return cls(posts, {shift.id: shift for shift in shifts}, duties, known, read_people)

    def prepare(self, codes: Collection[str]) -> None:
        """Read at once what the duties of some members are checked against."""
        self._grounds.update(dict.fromkeys(codes, self.read_people(codes)))

    def held(self, codes: Mapping[int, str]) -> dict[tuple[str, str], State]:
        """Return what members hold already, by code and shift."""
        return {
            (duty.member_code, codes[duty.shift_id]): (
                State.RESERVE if duty.state is DutyState.RESERVE else State.PLACED
            )
            for duty in self.duties
            if duty.member_code and duty.shift_id in codes
        }

    def find_breaches(
        self, numbers: Mapping[str, int], person: str, code: str, others: Sequence[str]
    ) -> Sequence[DutyBreach]:
        """Return what speaks against a person in a shift, beside others that the chain gives them."""
        if person not in self._grounds:
            self.prepare([person])
        ground = self._grounds[person]
        there = {duty.shift_id for duty in ground.duties.get(person, ())}
        besides = [self._stay(numbers[other]) for other in others if numbers[other] not in there]
        shift = self.shifts[numbers[code]]
        return ground.check(person, shift.window, self.posts[shift.post_code], (), besides)

    def _stay(self, number: int) -> Stay:
        shift = self.shifts[number]
        return Stay(shift.window, shift.post_code, self.posts[shift.post_code].name)


def _read_register(context: Context, tx: Transaction, roster: Roster, community: str) -> Register:
    """Return the people of a roster's area as chains may name them.

    Telephone numbers are opened only of those whose name others have too: their last digits tell them apart.
    """
    members = tx.rosters.read_names(people_of_area(context, tx, roster))
    count = Counter(plain_name(row["name"] or "") for row in members)
    doubles = [row["code"] for row in members if count[plain_name(row["name"] or "")] > 1]
    phones = tx.sealed.open_phones(Layer.MEMBERS, doubles)
    units = tx.plans.read_rows(Layer.UNITS, {row["unit_code"] for row in members if row["unit_code"]})
    people = [
        RegisterPerson(
            row["code"],
            row["name"] or "",
            str(units.get(row["unit_code"], {}).get("name") or ""),
            row["grid_code"] or "",
            _building(row["address"] or ""),
            row["phone_hash"] or "",
            phones.get(row["code"], "")[-4:],
        )
        for row in members
    ]
    return Register(
        people,
        aliases=tx.sign_ups.read_aliases(community),
        hash_phone=tx.sealed.fingerprint,
        hash_alias=lambda name: hash_alias(tx, name),
    )


def _building(address: str) -> str:
    found = _BUILDING.search(address)
    return found[1] if found else ""


def _former(
    tx: Transaction, roster_id: int, community: str, chain_hash: str, codes: Mapping[int, str]
) -> list[FormerSignUp]:
    return [
        FormerSignUp(
            row["entry_hash"],
            row["name_hash"],
            State(row["state"]),
            row["member_code"],
            tuple(codes[int(number)] for number in row["shift_ids"].split() if int(number) in codes),
        )
        for row in tx.sign_ups.read_entries(roster_id, community, chain_hash)
    ]
