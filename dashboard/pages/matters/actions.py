"""What the page 事项 keeps between runs, and what its buttons do."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final
from uuid import uuid4

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.streamlit import state
from services import matters
from services.i18n import text
from services.matters import MatterDraft, MatterView, SheetForm, SheetTask
from services.matters.texts import sign_text
from services.rules.areas import Area

NAME: Final = "matters"
TAB: Final = "matters-tab"
_OPEN: Final = "matters-open"
_SHEET: Final = "matters-sheet"


class Tab(StrEnum):
    """What the list shows."""

    WAITING = "waiting"
    OWN = "own"
    SHEETS = "sheets"
    ALL = "all"


def shown_matter(views: Sequence[MatterView]) -> MatterView | None:
    """Return the matter that is open: the one that was chosen, else the only one there is."""
    number = state.saved_value(_OPEN)
    chosen = next((view for view in views if view.id == number), None)
    return chosen or (views[0] if len(views) == 1 else None)


def open_matter(word: str) -> None:
    """Open a matter; chosen again it is closed."""
    state.keep(_OPEN, None if state.saved_value(_OPEN) == int(word) else int(word))


def shown_sheet(tasks: Sequence[SheetTask]) -> SheetTask | None:
    """Return the sheet that is open: the one that was chosen, else the only one there is."""
    word = state.saved_value(_SHEET)
    chosen = next((task for task in tasks if sheet_word(task) == word), None)
    return chosen or (tasks[0] if len(tasks) == 1 else None)


def sheet_word(task: SheetTask) -> str:
    """Return the word by which a sheet is chosen."""
    return f"{task.kind.code}|{task.zone}"


def open_sheet(word: str) -> None:
    """Open a sheet; chosen again it is closed."""
    state.keep(_SHEET, None if state.saved_value(_SHEET) == word else word)


def is_sheet_chosen() -> bool:
    """Return whether somebody chose a sheet."""
    return state.saved_value(_SHEET) is not None


def is_chosen() -> bool:
    """Return whether somebody chose a matter, so that it is to be brought into view."""
    return state.saved_value(_OPEN) is not None


def ask(draft: MatterDraft) -> None:
    """Ask for something, and open it."""
    with attempt(NAME) as tell:
        number = matters.ask_matter(cache.context(), draft, event_id=uuid4().hex)
        state.keep(_OPEN, number)
        tell(text("Matter {number} is asked.", number=number))


def close(number: int, satisfied: str) -> None:
    """Confirm that a matter is done, satisfied or not."""
    with attempt(NAME) as tell:
        matters.close_matter(cache.context(), number, satisfied=satisfied)
        tell(text("Confirmed: this matter is done."))


def pass_on(number: int, owner: str, reason: str) -> None:
    """Pass a matter on to somebody of the list."""
    with attempt(NAME) as tell:
        matters.pass_matter(cache.context(), number, owner, reason=reason)
        tell(text("Passed on; the clock runs on."))


def fill(form: SheetForm, values: Mapping[str, str | int | None], *, is_draft: bool) -> None:
    """Fill a sheet in, or save it as a draft, unless somebody else has changed it since it was shown."""
    with attempt(NAME) as tell:
        matters.fill_sheet(
            cache.context(),
            form.kind.code,
            form.zone.code,
            values,
            period=form.period,
            revision=form.revision,
            is_draft=is_draft,
        )
        tell(text("The draft is saved.") if is_draft else text("Filled in; the level above signs it."))


def sign(kind_code: str, area: Area, period: str) -> None:
    """Sign the sheets of the level below."""
    with attempt(NAME) as tell:
        tell(sign_text(matters.sign_sheets(cache.context(), kind_code, str(area), period=period)))
