"""The board: communities by days, and the posts of a community by the shifts of a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import show_note
from dashboard.pages.roster import actions
from services.i18n import _
from services.rostering import RosterBoard
from services.rostering.duty_words import hour_words
from services.rules.roster.duties import DutyState, Shift
from services.rules.roster.posts import Post, PostKind
from services.rules.roster.slots import SlotFigures
from services.rules.windows import Window
from services.wording import day_name, number

MOST_COLUMNS = 12


def show_communities(board: RosterBoard, communities: Mapping[str, str]) -> None:
    """Show how many seats are taken in each community on each day; a click opens that day."""
    days = board.roster.dates
    seats: dict[tuple[str, date], int] = defaultdict(int)
    filled: dict[tuple[str, date], int] = defaultdict(int)
    for shift in board.shifts:
        if (post := board.posts.get(shift.post_code)) is not None:
            key = post.community_code, shift.window.start.date()
            seats[key] += shift.seats
            filled[key] += min(board.seats_by_shift.get(shift.id, 0), shift.seats)
    style = f"gm-board gm-days gm-columns-{min(len(days), MOST_COLUMNS)}"
    head = [part("span", "gm-corner", _("Community")), *(part("span", "gm-head", day_words(day)) for day in days)]
    rows = [part("div", "gm-row gm-top", *head)]
    for code, name in sorted(communities.items(), key=lambda each: each[1]):
        cells = [_day_cell(code, day, filled[code, day], seats[code, day], f"{name} {day_words(day)}") for day in days]
        rows.append(part("div", "gm-row", part("span", "gm-name", name), *cells))
    show_panel("roster-communities", [part("div", style, *rows, list="1", columns=str(len(days)))], actions.press)


def _day_cell(code: str, day: date, filled: int, seats: int, when: str) -> Part:
    return _cell(f"cell:{code}:{day}", filled, seats, seats_sentence(when, filled, seats))


def show_communities_by_shift(board: RosterBoard, communities: Mapping[str, str], slot: Window) -> None:
    """Show how many seats are taken in each community in the shifts of the day of one of them; a click opens it."""
    day = slot.start.date()
    windows = [each.window for each in board.slots[""] if each.window.start.date() == day]
    head = [part("span", "gm-corner", _("Community")), *(_time_head(window, slot) for window in windows)]
    rows = [part("div", "gm-row gm-top", *head)]
    for code, name in sorted(communities.items(), key=lambda each: each[1]):
        own = {each.window: each for each in board.slots.get(code, ())}
        cells = [_slot_cell(own.get(window), code, name, window) for window in windows]
        rows.append(part("div", "gm-row", part("span", "gm-name", name), *cells))
    style = f"gm-board gm-days gm-columns-{min(len(windows), MOST_COLUMNS)}"
    show_panel("roster-communities", [part("div", style, *rows, list="1", columns=str(len(windows)))], actions.press)


def _slot_cell(slot: SlotFigures | None, code: str, name: str, window: Window) -> Part:
    seats, filled = (slot.seats, slot.filled) if slot else (0, 0)
    label = seats_sentence(f"{name} {day_words(window.start.date())} {hour_words(window)}", filled, seats)
    return _cell(f"cell:{code}:{window.start.date()}", filled, seats, label)


def seats_sentence(when: str, filled: int, seats: int) -> str:
    """Return how many seats there are and how many of them are taken, for whoever does not see it."""
    return _(
        "{when}: {seats} seats, {filled} taken, {open} open",
        when=when,
        seats=number(seats),
        filled=number(filled),
        open=number(seats - filled),
    )


def _time_head(window: Window, slot: Window | None) -> Part:
    return part("span", "gm-head gm-chosen" if window == slot else "gm-head", hour_words(window))


def show_board(board: RosterBoard, community: str, day: date, slot: Window | None = None) -> None:
    """Show the posts of a community with the shifts of a day, one of them marked, and who stands in them."""
    shifts = [
        shift
        for shift in board.shifts
        if shift.window.start.date() == day
        and (post := board.posts.get(shift.post_code)) is not None
        and post.community_code == community
    ]
    if not shifts:
        show_note(_("Nobody is needed here on this day."))
        return
    times = sorted({shift.window for shift in shifts})
    by_post: dict[str, dict[Window, Shift]] = defaultdict(dict)
    for shift in shifts:
        by_post[shift.post_code][shift.window] = shift
    codes = sorted(by_post, key=lambda code: _post_order(board.posts[code]))
    page = [code for _place, code in show_pages("roster-posts", codes)]
    head = [part("span", "gm-corner", _("Post")), *(_time_head(each, slot) for each in times)]
    rows = [part("div", "gm-row gm-top", *head)]
    rows += [_post_row(board, code, by_post[code], times) for code in page]
    style = f"gm-board gm-columns-{min(len(times), MOST_COLUMNS)}"
    show_panel("roster-board", [part("div", style, *rows, list="1", columns=str(len(times)))], actions.press)


def _post_order(post: Post) -> tuple[bool, str, str, str]:
    return post.kind is PostKind.ROAMING, post.zone_code, post.kind, post.code


def day_words(day: date) -> str:
    """Return a day with its name: ``11-30 周一``."""
    return f"{day:%m-%d} {day_name(day)}"


def _post_row(board: RosterBoard, code: str, shifts: Mapping[Window, Shift], times: Sequence[Window]) -> Part:
    post = board.posts[code]
    cells = [_shift_cell(board, post.name, shifts.get(window), window) for window in times]
    units = dict.fromkeys(filter(None, (unit_words(board, shift) for shift in shifts.values())))
    marks = [part("small", "gm-quiet", f" {words}") for words in units]
    return part("div", "gm-row", part("span", "gm-name", post.name, *marks), *cells)


def unit_words(board: RosterBoard, shift: Shift) -> str:
    """Return which unit has taken over a shift: ``◇ 承包:医保办``; nothing where none has."""
    package = board.package_of(shift)
    if package is None:
        return ""
    return "◇ " + _("package: {unit}", unit=board.units.get(package.unit_code, package.unit_code))


def _shift_cell(board: RosterBoard, post_name: str, shift: Shift | None, window: Window) -> Part:
    if shift is None:
        return choice(
            "gm-cell gm-none",
            "none",
            "·",
            label=_("{post}, {time}: nobody is needed", post=post_name, time=hour_words(window)),
        )
    filled = board.seats_by_shift.get(shift.id, 0)
    marks = [duty.state for duty in board.by_shift.get(shift.id, ())]
    extra = "?" * any(mark is DutyState.ASKED for mark in marks) + "⟲" * any(
        mark is DutyState.RESERVE for mark in marks
    )
    unit = unit_words(board, shift)
    extra += "◇" * bool(unit)
    label = _(
        "{post}, {time}: {open} of {seats} seats open",
        post=post_name,
        time=hour_words(window),
        open=board.open_seats(shift),
        seats=shift.seats,
    )
    return _cell(
        f"shift:{shift.id}",
        filled,
        shift.seats,
        f"{label} {unit}".strip(),
        extra=extra,
        pressed=shift.id == actions.shown_shift(),
    )


def _cell(word: str, filled: int, seats: int, label: str, *, extra: str = "", pressed: bool = False) -> Part:
    tone = "gm-none" if not seats else "gm-full" if filled >= seats else "gm-part" if filled else "gm-open"
    words = f"{number(filled)}/{number(seats)}{extra}"
    return choice(f"gm-cell {tone}", word, words, label=label, pressed="true" if pressed else "false", drop=word)
