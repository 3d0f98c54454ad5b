"""What the page 值守 keeps between runs, and what its buttons do."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import uuid4

from dashboard import cache
from dashboard.kit.outcome import attempt, keep_refusal
from dashboard.streamlit import state
from services import rostering
from services.context import Context
from services.coverage import CoverageInputs
from services.i18n import Text, text
from services.rostering import DutyRefusedError, Roster, RosterSettings, RosterState
from services.rules.areas import Area
from services.rules.roster.duties import DUTY_STATE_NAMES, DutyState
from services.rules.windows import Mode, Window
from services.wording import number

NAME: Final = "roster"
CHOICE: Final = "roster-choice"
_ROSTER: Final = "roster-open"
COMMUNITY: Final = "roster-community"
DAY: Final = "roster-day"
_SHIFT: Final = "roster-shift-shown"
_SLOT: Final = "roster-slot"
_QUESTION: Final = "roster-question"

Change = Callable[[Context, CoverageInputs, str], object]
"""A change of a roster: given who makes it, the inputs of coverage and why a rule is set aside."""


@dataclass(frozen=True, slots=True)
class ReasonQuestion:
    """A change that breaks rules which a reason sets aside."""

    change: Change
    outcome: Text
    sentences: tuple[Text, ...]


def shown_roster() -> int | None:
    """Return the number of the roster that is open, None for none."""
    opened: int | None = state.saved_value(_ROSTER)
    return opened


def open_chosen() -> None:
    """Open the roster that was chosen. A name that changed meanwhile comes as a text, which is no choice."""
    chosen = state.widget_value(CHOICE)
    if chosen is None or isinstance(chosen, int):
        state.keep(_ROSTER, chosen)
        close_shift()


def shown_shift() -> int | None:
    """Return the number of the shift that is chosen, None for none."""
    shift: int | None = state.saved_value(_SHIFT)
    return shift


def question() -> ReasonQuestion | None:
    """Return the change that waits for a reason, None for none."""
    waiting: ReasonQuestion | None = state.saved_value(_QUESTION)
    return waiting


def forget_question() -> None:
    """Leave the change that waits for a reason."""
    state.forget(_QUESTION)


def shown_slot(windows: Collection[Window]) -> Window | None:
    """Return the shift of the day that is chosen of those there are, whatever the post; None for none."""
    slot: Window | None = state.saved_value(_SLOT)
    if slot is None or slot not in windows or slot.start.date() != state.saved_value(DAY):
        return None
    return slot


def choose_slot(slot: Window | None) -> None:
    """Choose a shift of a day, whatever the post; chosen again, or None, leaves it."""
    if slot is None or slot == shown_slot([slot]):
        state.forget(_SLOT)
        return
    state.keep(_SLOT, slot)
    if slot.start.date() != state.saved_value(DAY):
        close_shift()
    state.keep(DAY, slot.start.date())


def close_shift() -> None:
    """Choose no shift, as when another roster, community or day is looked at."""
    state.forget(_SHIFT)


def press(word: str) -> None:
    """Do what a cell or a button says."""
    what, _colon, rest = word.partition(":")
    first, _colon, second = rest.partition(":")
    match what:
        case "cell":
            state.keep(COMMUNITY, first)
            state.keep(DAY, date.fromisoformat(second))
            close_shift()
        case "shift":
            state.keep(_SHIFT, None if shown_shift() == int(first) else int(first))
        case "put":
            put(int(first), second)
        case "team" | "unit":
            code, _colon, heads = second.partition(":")
            put_group(int(first), what, code, int(heads))
        case "reserve":
            put(int(first), second, DutyState.RESERVE)
        case "out":
            take_out(int(first))
        case "state":
            set_state(int(second), DutyState(first))
        case "drop":
            _drop(rest)


def put(shift_id: int, member_code: str, duty_state: DutyState | None = None) -> None:
    """Put somebody into a shift."""
    roster_id = _roster()
    seating = rostering.Seating(shift_id, member_code, duty_state)

    def change(context: Context, inputs: CoverageInputs, reason: str) -> object:
        return rostering.put_duties(context, roster_id, [seating], inputs, event_id=new_event(), reason=reason)

    _try(change, text("{member} is in the shift.", member=member_code))


def put_group(shift_id: int, kind: str, code: str, heads: int | None = None) -> None:
    """Put people of a team or unit into a shift, as many as seats are open and it has unless it is said how many.

    Parameters
    ----------
    kind
        ``team`` or ``unit``.
    """
    roster_id, group = _roster(), _find_group(shift_id, kind, code)
    people = heads or (group.most(_open_seats(shift_id)) if group else 1)
    team, unit = (code, "") if kind == "team" else ("", code)
    seating = rostering.Seating(shift_id, team_code=team, unit_code=unit, heads=people)

    def change(context: Context, inputs: CoverageInputs, reason: str) -> object:
        return rostering.put_duties(context, roster_id, [seating], inputs, event_id=new_event(), reason=reason)

    _try(change, text("{n} people of {group} are in the shift.", n=people, group=group.name if group else code))


def _find_group(shift_id: int, kind: str, code: str) -> rostering.GroupCandidate | None:
    groups = rostering.find_groups(cache.context(), _roster(), shift_id, cache.coverage_inputs(), limit=10_000)
    return next((each for each in groups if (each.layer, each.code) == (f"{kind}s", code)), None)


def _open_seats(shift_id: int) -> int:
    board = cache.roster_board(_roster())
    return next((board.open_seats(shift) for shift in board.shifts if shift.id == shift_id), 0)


def move(duty_id: int, shift_id: int) -> None:
    """Move somebody to another shift."""
    roster_id = _roster()

    def change(context: Context, inputs: CoverageInputs, reason: str) -> object:
        return rostering.move_duty(context, roster_id, duty_id, shift_id, inputs, event_id=new_event(), reason=reason)

    _try(change, text("Moved."))


def swap(one: int, other: int) -> None:
    """Let two people take each other's shift."""
    roster_id = _roster()

    def change(context: Context, inputs: CoverageInputs, reason: str) -> object:
        return rostering.swap_duties(context, roster_id, (one, other), inputs, event_id=new_event(), reason=reason)

    _try(change, text("Swapped."))


def take_out(duty_id: int) -> None:
    """Take somebody out of a shift."""
    with attempt(NAME) as tell:
        rostering.take_out(cache.context(), _roster(), [duty_id], event_id=new_event())
        tell(text("Taken out."))


def set_state(duty_id: int, duty_state: DutyState) -> None:
    """Note how far a duty is agreed."""
    with attempt(NAME) as tell:
        rostering.set_duty_state(cache.context(), _roster(), [duty_id], duty_state, event_id=new_event())
        tell(text("Noted: {state}.", state=DUTY_STATE_NAMES[duty_state]))


def confirm(duty_ids: Collection[int], people: int) -> None:
    """Note that those of some duties said yes, so many people."""
    with attempt(NAME) as tell:
        rostering.set_duty_state(cache.context(), _roster(), duty_ids, DutyState.CONFIRMED, event_id=new_event())
        tell(text("{n} person-shifts are noted as confirmed; the map counts them.", n=people))


def step_back() -> None:
    """Undo the last step."""
    with attempt(NAME) as tell:
        rostering.undo_roster(cache.context(), _roster(), cache.coverage_inputs(), event_id=new_event())
        tell(text("The last step is undone."))


def step_on() -> None:
    """Do the step again that was undone last."""
    with attempt(NAME) as tell:
        rostering.redo_roster(cache.context(), _roster(), cache.coverage_inputs(), event_id=new_event())
        tell(text("The step is done again."))


def answer(reason: str) -> None:
    """Make the change that waited, for a reason."""
    waiting = question()
    forget_question()
    if waiting is not None:
        with attempt(NAME) as tell:
            waiting.change(cache.context(), cache.coverage_inputs(), reason)
            tell(waiting.outcome)


def create(area: Area, start: date, days: int, mode: Mode, name: str) -> Roster | None:
    """Make a roster and open it; None where it is refused."""
    with attempt(NAME) as tell:
        made = rostering.create_roster(cache.context(), area, start, days, mode, event_id=new_event(), name=name)
        tell(text("“{name}” is made. Generate its shifts next.", name=made.name))
        state.keep(_ROSTER, made.id)
        return made
    return None


def generate(settings: RosterSettings) -> None:
    """Make the shifts of the open roster."""
    with attempt(NAME) as tell:
        made = rostering.generate_shifts(
            cache.context(), _roster(), cache.coverage_inputs(), settings, event_id=new_event()
        )
        tell(text("{count} shifts with {seats} seats are there.", count=made.shifts, seats=number(made.seats)))


def publish() -> None:
    """Publish the open roster."""
    with attempt(NAME) as tell:
        done = rostering.publish_roster(cache.context(), _roster(), cache.coverage_inputs(), event_id=new_event())
        told = text(
            "Published: {people} of {seats} seats are taken, {waiting} people are to confirm.",
            people=number(done.people),
            seats=number(done.seats),
            waiting=done.to_confirm,
        )
        missing = rostering.missing_words(done.missing)
        tell(text("{sentence} Missing: {people}.", sentence=told, people=missing) if missing else told)


def close() -> None:
    """Close the open roster."""
    with attempt(NAME) as tell:
        done = rostering.close_roster(cache.context(), _roster(), event_id=new_event())
        tell(text("“{name}” is closed.", name=done.name))


def is_draft(roster: Roster) -> bool:
    """Return whether a roster is not published yet."""
    return roster.state is RosterState.DRAFT


def _drop(words: str) -> None:
    """Do what was dragged onto what: a person or a duty onto a shift, a duty onto another or out."""
    dragged, _sign, target = words.partition(">")
    kind, _colon, code = dragged.partition(":")
    where, _colon, number = target.partition(":")
    if where == "out" and kind == "duty":
        take_out(int(code))
    elif where == "shift" and kind == "member":
        put(int(number), code)
    elif where == "shift" and kind in {"team", "unit"}:
        put_group(int(number), kind, code)
    elif where == "shift":
        move(int(code), int(number))
    elif where == "duty" and code != number:
        swap(int(code), int(number))


def _try(change: Change, outcome: Text) -> None:
    """Make a change; where rules stand against it that a reason sets aside, ask for one."""
    with attempt(NAME) as tell:
        try:
            change(cache.context(), cache.coverage_inputs(), "")
            tell(outcome)
        except DutyRefusedError as error:
            if error.may_be_overruled:
                sentences = tuple(breach.text for breach in error.breaches)
                state.keep(_QUESTION, ReasonQuestion(change, outcome, sentences))
            else:
                keep_refusal(NAME, error)


def _roster() -> int:
    return shown_roster() or 0


def new_event() -> str:
    """Return what a change is known by, so that it is made once."""
    return uuid4().hex
