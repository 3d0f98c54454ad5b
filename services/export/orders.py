"""Orders to hand out: one for each team and one list for each receiving community, as text, XLSX and PDF."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

import pandas as pd

from services.accounts import Imprint
from services.clock import time_with_zone
from services.export.facts import imprint_rows, paper_mark
from services.export.paper import ORDERS
from services.export.tables import sheet_title, write_xlsx
from services.export.typesetting import Document, compile_pdf
from services.i18n import Text, text, translate
from services.planning.meeting_points import NOT_STATED
from services.planning.order_sheets import OrderLine
from services.planning.orders import OrderEvent
from services.rules.windows import MODE_NAMES
from services.wording import MARK, full_window, short_time


def team_text(line: OrderLine) -> str:
    """Return the order of one team as text for its chat group, in the current language."""
    head = translate("[Order {number}] {team}, {people} people", **_head(line))
    return "\n".join([head, *(f"{label}：{said}" for label, said in team_rows(line))])


def team_rows(line: OrderLine) -> list[tuple[str, str]]:
    """Return label and value of what a team must know; what is not known is left out."""
    rows = (
        (text("When"), full_window(line.window)),
        (text("Where"), _where(line)),
        (text("What for"), line.order.purpose),
        (text("Mode"), translate(MODE_NAMES[line.order.mode])),
        (text("Sent from"), _origin(line)),
        (text("Way"), _way(line)),
        (text("Leader"), _leader(line)),
        (text("Meeting point"), line.meeting_point.place),
        (text("Report to"), line.meeting_point.contact),
        (text("Bring along"), line.order.bring),
        (text("Relieves"), _relieves(line)),
        (text("Remark"), line.order.reason),
    )
    return [(translate(label), said) for label, said in rows if said]


def _origin(line: OrderLine) -> str:
    return translate("its own grid: called out there") if line.is_at_home else line.from_name


def ending_text(line: OrderLine) -> str:
    """Return what a team that was recalled or relieved is told, as text for its chat group, in the current language."""
    recall = text("[Recall {number}] {team}, {people} people")
    head = text("[Relief {number}] {team}, {people} people") if line.ending is OrderEvent.RELIEVED else recall
    said = [f"{label}：{value}" for label, value in ending_rows(line)]
    return "\n".join([translate(head, **_head(line)), *said])


def ending_rows(line: OrderLine) -> list[tuple[str, str]]:
    """Return label and value of what a team that was recalled or relieved must know; what is not known is left out."""
    point = line.meeting_point if line.is_held else NOT_STATED
    rows = (
        (text("When"), _until(line)),
        (text("Where"), _where(line)),
        (text("Taken over by"), line.relieved_by),
        (text("Meeting point"), point.place),
        (text("Report to"), point.contact),
        (text("What for"), line.order.purpose),
        (text("Why"), line.ending_reason),
    )
    return [(translate(label), said) for label, said in rows if said]


def _until(line: OrderLine) -> str:
    if not line.is_held:
        return translate("Does not set out; was ordered for {window}", window=full_window(line.window))
    return translate("Ends {until}; then everybody goes home", until=short_time(line.order.until))


def endings_text(lines: Iterable[OrderLine]) -> str:
    """Return what all who were recalled or relieved are told, blank lines between; empty where there is none."""
    return "\n\n".join(ending_text(line) for line in lines if line.ending)


def community_text(lines: Sequence[OrderLine]) -> str:
    """Return the list of one receiving community (``by_community``) as text, in the current language."""
    people = sum(line.order.people for line in lines)
    name = lines[0].community_name or translate("Without a community")
    head = translate(
        "[{community}] receives {teams} teams, {people} people", community=name, teams=len(lines), people=people
    )
    return "\n".join([head, *(f"{k}. {_list_row(line)}" for k, line in enumerate(lines, start=1))])


def by_community(lines: Iterable[OrderLine]) -> list[list[OrderLine]]:
    """Return the lines of each receiving community together; ``read_order_lines`` has them in that order."""
    return [list(group) for _, group in groupby(lines, key=lambda line: line.community_code)]


def orders_text(lines: Sequence[OrderLine]) -> str:
    """Return every order that holds and every list as one text, blank lines between."""
    held = [line for line in lines if line.is_held]
    parts = [*(team_text(line) for line in held), *(community_text(group) for group in by_community(held))]
    return "\n\n".join(parts) + "\n"


def orders_xlsx(
    lines: Sequence[OrderLine], made_at: datetime, *, fictitious: bool = False, imprint: Imprint | None = None
) -> bytes:
    """Return a workbook in the current language: a sheet of all teams, then one for each receiving community.

    Recalled and relieved ones are there, and say so. What no order states has no column.

    Raises
    ------
    TooManyRowsError
        If there are more orders than a sheet has rows.
    """
    frame = _frame(lines)
    stated = [name for name in frame if not len(lines) or (frame[name] != "").any()]
    sheets = {translate("By team"): frame[stated]}
    for group in by_community(lines):
        title = sheet_title(group[0].community_name or translate("Without a community"), sheets)
        sheets[title] = _frame(group)[stated]
    facts = [
        (translate("Classification"), translate(MARK)),
        *((translate(label), said) for label, said in _imprint_rows(imprint)),
        (translate("Orders"), str(len(lines))),
        (translate("Made at"), time_with_zone(made_at)),
    ]
    return write_xlsx(sheets, facts, made_at=made_at, fictitious=fictitious)


def orders_pdf(
    lines: Sequence[OrderLine], made_at: datetime, *, fictitious: bool = False, imprint: Imprint | None = None
) -> bytes:
    """Return a PDF in the current language: a page for each team, then the list of each receiving community.

    Teams that were recalled or relieved come first, with what they are told of that; lists leave out those that did not
    set out.
    """
    held = [line for line in lines if line.is_held]
    made = translate("Made at {time}", time=time_with_zone(made_at))
    content = {
        "mark": paper_mark(fictitious=fictitious),
        "made": " · ".join([*(said for _label, said in _imprint_rows(imprint)), made]),
        "title": translate("Order"),
        "orders": [_sheet(line) for line in sorted(lines, key=lambda line: line.ending is None)],
        "lists": [_list(group) for group in by_community(held)],
    }
    return compile_pdf(ORDERS, Document(made_at, content))


def _sheet(line: OrderLine) -> dict[str, object]:
    heading = {None: text("Order"), OrderEvent.RELIEVED: text("Relieve")}.get(line.ending, text("Recall"))
    return {
        "heading": f"{translate(heading)} {line.order.id}",
        "team": translate("{team}, {people} people", team=line.order.team_name, people=line.order.people),
        "rows": team_rows(line) if line.ending is None else ending_rows(line),
    }


def _imprint_rows(imprint: Imprint | None) -> list[tuple[Text, str]]:
    return [] if imprint is None else imprint_rows(imprint)


def _list(group: Sequence[OrderLine]) -> dict[str, object]:
    frame = _frame(group).drop(columns=[translate("Community")]).reset_index()
    name = group[0].community_name or translate("Without a community")
    kept = [translate(label) for label in _ON_LISTS]
    return {
        "title": translate("Teams received by {community}", community=name),
        "head": kept,
        "rows": [[str(cell) for cell in row] for row in frame[kept].itertuples(index=False)],
    }


def _frame(lines: Sequence[OrderLine]) -> pd.DataFrame:
    rows = [
        {
            "Number": line.order.id,
            "Community": line.community_name,
            "Where": _where(line),
            "Team": line.order.team_name,
            "People": line.order.people,
            "When": full_window(line.window),
            "What for": line.order.purpose,
            "From": _origin(line),
            "Way": _way(line),
            "Leader": line.leader,
            "Leader's role": line.leader_role,
            "Phone": line.phone,
            "Meeting point": line.meeting_point.place,
            "Report to": line.meeting_point.contact,
            "Bring along": line.order.bring,
            "Ended": _ending(line),
            "Remark": line.order.reason,
        }
        for line in lines
    ]
    frame = pd.DataFrame(rows, columns=list(_HEADERS))
    return frame.rename(columns={name: translate(label) for name, label in _HEADERS.items()}).set_index(
        translate(_HEADERS["Number"])
    )


_HEADERS: Final = {
    "Number": text("Number"),
    "Community": text("Community"),
    "Where": text("Where"),
    "Team": text("Team"),
    "People": text("People"),
    "When": text("When"),
    "What for": text("What for"),
    "From": text("Sent from"),
    "Way": text("Way"),
    "Leader": text("Leader"),
    "Leader's role": text("Leader role"),
    "Phone": text("Phone"),
    "Meeting point": text("Meeting point"),
    "Report to": text("Report to"),
    "Bring along": text("Bring along"),
    "Ended": text("Ended early"),
    "Remark": text("Remark"),
}
_ON_LISTS: Final = tuple(_HEADERS[name] for name in ("Where", "Team", "People", "When", "Leader", "Phone"))


def _head(line: OrderLine) -> dict[str, str | int]:
    return {"number": line.order.id, "team": line.order.team_name, "people": line.order.people}


def _where(line: OrderLine) -> str:
    """Return community, grid and estate; the community only where the grid's name does not begin with it."""
    community = "" if line.to_name.startswith(line.community_name) else line.community_name
    return " · ".join(part for part in (community, line.to_name, line.estate_name) if part)


def _way(line: OrderLine) -> str:
    if line.order.minutes is None or line.is_at_home:
        return ""
    return translate("about {minutes} min on foot", minutes=round(line.order.minutes))


def _leader(line: OrderLine) -> str:
    role = translate("({role})", role=line.leader_role) if line.leader_role else ""
    return f"{line.leader}{role} {line.phone}".strip()


def _ending(line: OrderLine) -> str:
    if line.ending is None:
        return ""
    words = text("relieved") if line.ending is OrderEvent.RELIEVED else text("recalled")
    return " · ".join(part for part in (translate(words), line.ending_reason) if part)


def _relieves(line: OrderLine) -> str:
    return "" if line.order.relieves is None else translate("order {number}", number=line.order.relieves)


def _list_row(line: OrderLine) -> str:
    who = translate("{team}, {people} people", team=line.order.team_name, people=line.order.people)
    parts = (_where(line), who, full_window(line.window), _leader(line), line.order.purpose)
    return " · ".join(part for part in parts if part)
