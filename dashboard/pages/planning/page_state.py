"""What a planner has open: window, mode, the plan, and what the map, the form and the table do to it."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from dashboard import cache
from dashboard.streamlit import state
from services import planning
from services.errors import ServiceError
from services.i18n import Text, current_language, use_language
from services.planning import Move, MovePreview, Plan, PlanningSnapshot, PlanSettings, PlanState
from services.rules.windows import Mode, Window, format_window, parse_window

_DONE: Final = "reinforce-done"
_NOTICE: Final = "reinforce-notice"
_ASK: Final = "reinforce-ask"
_SESSION: Final = "reinforce-session"
_LAST: Final = "reinforce-last"
_TEAM: Final = "reinforce-team"
_LANGUAGE: Final = "reinforce-language"
_REMEMBERED: Final = 200
"""Events of the map whose ids are told to the browser as dealt with."""
NO_SETTINGS: Final = PlanSettings()


@dataclass(frozen=True, slots=True)
class PlanningView:
    """A window and mode with the plan that is open for them; None until something is done."""

    mode: Mode
    window: Window
    plan: Plan | None
    snapshot: PlanningSnapshot
    """What planning looks at, as it was when the page was opened."""
    language: str

    @property
    def key(self) -> str:
        """Window and mode as one word, by which the map says where something was done."""
        return f"{self.mode.value}|{format_window(self.window)}"

    @property
    def settings(self) -> PlanSettings:
        """What the planner allows."""
        return self.plan.settings if self.plan else NO_SETTINGS

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves of the plan; those of a plan that was sent are orders already."""
        return self.plan.moves if self.plan and self.plan.state is PlanState.DRAFT else ()

    @property
    def sketch(self) -> Plan:
        """The plan to which a move would be added: the draft, or an empty one where there is none yet."""
        if self.plan is not None and self.is_draft:
            return self.plan
        return planning.sketch_plan(self.snapshot, self.settings)

    @property
    def is_over(self) -> bool:
        """Whether the window is over, so that nobody can be sent in it any more."""
        return self.window.end <= self.snapshot.now

    @property
    def is_draft(self) -> bool:
        """Whether there is a plan that can be changed."""
        return self.plan is not None and self.plan.state is PlanState.DRAFT


@dataclass(frozen=True, slots=True)
class Notice:
    """What the planner is told about the last thing done."""

    number: int = 0
    texts: tuple[Text, ...] = ()
    tone: str = "refused"


@dataclass(frozen=True, slots=True)
class MoveQuestion:
    """A move that breaks rules which a reason sets aside, or brings many more people than are missing."""

    move: Move
    preview: MovePreview
    instead_of: str = ""
    """The grid from where it is sent on, if any."""


def open_view(mode: Mode, window: Window) -> PlanningView:
    """Return what is open: the plan of the address if it is of this window and mode, else the draft changed last."""
    view = view_of(mode, window)
    state.write_plan_id(view.plan.id if view.plan else None)
    state.keep(_LANGUAGE, current_language())
    return view


def view_of(mode: Mode, window: Window) -> PlanningView:
    """Return what would be open in a window and mode."""
    context, plan_id = cache.context(), state.read_plan_id()
    fitting = planning.find_plans(context, window=window, mode=mode)
    drafts = [entry for entry in fitting if entry.state is PlanState.DRAFT]
    entry = next((entry for entry in fitting if entry.id == plan_id), drafts[0] if drafts else None)
    plan = planning.read_plan(context, entry.id) if entry else None
    return PlanningView(mode, window, plan, cache.planning_snapshot(mode, window), current_language())


def new_event() -> str:
    """Return an id for something done in Python; the browser makes its own for drops."""
    return secrets.token_urlsafe(12)


def take_map(key: str, planning_view: PlanningView) -> bool:
    """Take what the map ``key`` told (drops, a team or a grid that was chosen); return whether it was new.

    Called when the map tells something and at the start of every run: a run that is cut short by the next one loses
    its callback.
    """
    use_language(planning_view.language)
    told = state.map_report(key)
    if not told or told.get("seq") == state.saved_value(_LAST):
        return False
    state.keep(_LAST, told.get("seq"))
    for event in told.get("events", ()):
        _take_event(_view_of(event, planning_view), event)
    if "team" in told:
        choose_team(str(told["team"]))
    elif "code" in told:
        state.take_pick(key)
    return True


def _view_of(event: Mapping[str, Any], planning_view: PlanningView) -> PlanningView:
    """Return what was open when something was done: the connection may come back after window or mode were changed."""
    mode, _bar, window = str(event.get("desk", planning_view.key)).partition("|")
    if f"{mode}|{window}" == planning_view.key:
        return planning_view
    try:
        return open_view(Mode(mode), parse_window(window, planning_view.snapshot.now))
    except ValueError:
        return planning_view


def _take_event(planning_view: PlanningView, event: Mapping[str, Any]) -> None:
    """Deal with something done on the map, once; it counts as dealt with even where it was refused.

    What somebody else did in this browser before they signed out is left undone. A run may be stopped at any look at
    the session, as when the connection breaks: it is noted only after it was done, comes again if need be, and a plan
    takes one event once.
    """
    event_id = str(event.get("id", ""))
    if not event_id or event_id in done_events():
        return
    if event.get("by", planner()) == planner():
        _do(planning_view, event, event_id)
    state.keep(_DONE, (*done_events(), event_id)[-_REMEMBERED:])


def _do(planning_view: PlanningView, event: Mapping[str, Any], event_id: str) -> None:
    match event.get("kind"):
        case "send":
            people = int(event["people"])
            move = Move(str(event["team"]), str(event["grid"]), people, str(event["estate"]))
            drop(planning_view, move, event_id, instead_of=str(event.get("from", "")))
        case "back":
            team, grid = str(event["team"]), str(event.get("grid", ""))
            edit(planning_view, planning.take_back, team, grid_code=grid, event_id=event_id)
        case "undo":
            edit(planning_view, planning.undo, event_id=event_id)
        case "redo":
            edit(planning_view, planning.redo, event_id=event_id)


def drop(
    planning_view: PlanningView, move: Move, event_id: str, *, instead_of: str = "", may_exceed: bool = False
) -> None:
    """Put a move into the plan, in place of that to the grid ``instead_of``; ask for a reason, or say why not.

    Where it brings many more people than are missing, it is asked about too, unless that was agreed to.
    """

    def try_it(plan_id: int) -> None:
        snapshot = cache.planning_snapshot(planning_view.mode, planning_view.window)
        dropped = planning.drop(
            *(cache.context(), snapshot, plan_id, move),
            event_id=event_id,
            instead_of=instead_of,
            may_exceed=may_exceed,
        )
        seen = dropped.preview
        if seen.needs_reason or (seen.is_allowed and seen.is_excessive and not may_exceed):
            state.keep(_ASK, MoveQuestion(move, seen, instead_of))
        elif not seen.is_allowed:
            tell(*seen.breach_texts)
        else:
            choose_team("")

    change(planning_view, try_it)


def answer(planning_view: PlanningView, question: MoveQuestion, *, reason: str = "", people: int = 0) -> None:
    """Drop a move again: with the reason that sets aside the rules it breaks, or with fewer people."""
    rules = tuple(breach.rule for breach in question.preview.breaches)
    move = replace(question.move, overruled=rules, reason=reason.strip(), people=people or question.move.people)
    drop(planning_view, move, new_event(), instead_of=question.instead_of, may_exceed=True)


def change(planning_view: PlanningView, act: Callable[[int], object]) -> None:
    """Do something to the draft, which is made where there is none; what is refused is told."""
    use_language(planning_view.language)
    with attempt():
        act(draft_of(planning_view).id)


def edit(
    planning_view: PlanningView, act: Callable[..., object], *args: Any, event_id: str = "", **options: Any
) -> None:
    """Change the draft by an act of ``services.planning``, under a new event where none is given."""
    change(
        planning_view,
        lambda plan_id: act(cache.context(), plan_id, *args, event_id=event_id or new_event(), **options),
    )


@contextmanager
def attempt() -> Iterator[None]:
    """Do what follows; what is refused is told instead of shown as a fault.

    Names that are made meanwhile are in the language of the page, which a callback of Streamlit does not know.
    """
    use_language(state.saved_value(_LANGUAGE) or current_language())
    tell()
    try:
        yield
    except ServiceError as error:
        tell(error.text)


def draft_of(planning_view: PlanningView) -> Plan:
    """Return the draft that is open as it stands, a new one where there is none."""
    context = cache.context()
    now = open_view(planning_view.mode, planning_view.window)
    if now.plan and now.is_draft:
        return now.plan
    made = planning.create_plan(
        context,
        planning_view.window,
        planning_view.mode,
        event_id=new_event(),
        settings=now.plan.settings if now.plan else NO_SETTINGS,
    )
    state.write_plan_id(made.id)
    return made


def question() -> MoveQuestion | None:
    """Return the move that waits for a reason."""
    found: MoveQuestion | None = state.saved_value(_ASK)
    return found


def forget_question() -> None:
    """Leave the move that waits for a reason undone."""
    state.forget(_ASK)


def tell(*said: Text, tone: str = "refused") -> None:
    """Keep what the planner is to be told; nothing takes away what was said before."""
    state.keep(_NOTICE, Notice(notice().number + 1, said, tone))


def notice() -> Notice:
    """Return what the planner is told."""
    found: Notice = state.saved_value(_NOTICE) or Notice()
    return found


def done_events() -> tuple[str, ...]:
    """Return the ids of the events of the map that are dealt with."""
    found: tuple[str, ...] = state.saved_value(_DONE) or ()
    return found


def session() -> str:
    """Return a word that tells this session's events from those of others."""
    if not state.saved_value(_SESSION):
        state.keep(_SESSION, secrets.token_hex(4))
    return str(state.saved_value(_SESSION))


def planner() -> str:
    """Return who plans, by which the map tells their drops from those of others in the same browser."""
    return cache.context().actor.name


def choose_team(code: str) -> None:
    """Choose a team, as a click on it in the tray does."""
    state.keep(_TEAM, code)


def chosen_team() -> str:
    """Return the code of the team that is chosen, or nothing."""
    return str(state.saved_value(_TEAM) or "")
