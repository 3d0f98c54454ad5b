"""Section 5: what published rosters ask for in the hours ahead, and what of it is open. Counts only."""

from services.briefing.inputs import HOURS, BriefingInputs
from services.briefing.model import KeyFigure, Section, SectionName, Table, TableColumn, Tone
from services.i18n import text, translate
from services.rostering.duty_summary import DutySummary, PackageTotals
from services.rules.norm_texts import DAY_PART_NAMES
from services.rules.roster.posts import POST_KIND_NAMES, PostKind
from services.rules.small_counts import is_small
from services.rules.windows import DayPart
from services.wording import people_text


def tell_roster(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    duties = briefing_inputs.duties
    if not duties.seats:
        return Section(SectionName.ROSTER, translate("No roster is published for the next {hours} hours", hours=HOURS))
    return Section(
        SectionName.ROSTER,
        title=_title(duties),
        lead=package_words(duties.packages),
        figures=_figures(duties),
        table=_table(duties),
    )


def package_words(packages: PackageTotals) -> str:
    """Return what units have taken over and how much of it is taken; nothing where they have taken over none.

    Examples
    --------
    >>> from services.i18n import use_language
    >>> use_language("en")
    >>> package_words(PackageTotals(3, 98, 69))
    '3 units have taken over 98 person-shifts, 69 of them are taken'
    """
    if not packages.seats:
        return ""
    return translate(
        "{n} units have taken over {seats} person-shifts, {filled} of them are taken",
        n=packages.units,
        seats=f"{packages.seats:,}",
        filled=people_text(packages.filled),
    )


def open_words(seats: int, filled: int) -> str:
    """Return how many seats are open; where one or two people alone are there, not so that they could be counted.

    Examples
    --------
    >>> open_words(10, 4), open_words(10, 9), open_words(10, 1), open_words(10, 0)
    ('6', '<3', '≥8', '10')
    """
    if filled < seats and is_small([filled]).any():
        return f"≥{max(seats - 2, 1):,}"
    return people_text(seats - filled)


def _title(duties: DutySummary) -> str:
    seats, filled = duties.count()
    if seats == filled:
        said = text("In the next {hours} hours all {seats} seats of rosters are taken")
        return translate(said, hours=HOURS, seats=f"{seats:,}")
    kind, part = max(duties.seats, key=lambda cell: (_open(duties, *cell), cell[0], cell[1]))
    return translate(
        "In the next {hours} hours {open} of {seats} seats of rosters are open, most at {kind} ({part})",
        hours=HOURS,
        open=open_words(seats, filled),
        seats=f"{seats:,}",
        kind=translate(POST_KIND_NAMES[kind]),
        part=translate(DAY_PART_NAMES[part]),
    )


def _open(duties: DutySummary, kind: PostKind | None = None, part: DayPart | None = None) -> int:
    seats, filled = duties.count(kind, part)
    return seats - filled


def _figures(duties: DutySummary) -> tuple[KeyFigure, ...]:
    seats, filled = duties.count()
    tone = Tone.BAD if filled < seats else Tone.GOOD
    return (
        KeyFigure(translate("Seats"), f"{seats:,}", translate("{n} rosters", n=duties.rosters)),
        KeyFigure(translate("Open seats"), open_words(seats, filled), translate("person-shifts"), tone),
        KeyFigure(translate("To be confirmed"), people_text(duties.to_confirm), translate("person-shifts")),
        KeyFigure(
            translate("Shifts without anybody"), f"{duties.empty:,}", tone=Tone.BAD if duties.empty else Tone.GOOD
        ),
    )


def _table(duties: DutySummary) -> Table:
    kinds = [kind for kind in PostKind if duties.count(kind)[0]]
    parts = [part for part in DayPart if duties.count(part=part)[0]]
    heads = [
        TableColumn(translate("Post")),
        *(TableColumn(translate(name), is_number=True) for name in (text("Seats"), text("Open"))),
        *(
            TableColumn(translate("Open, {part}", part=translate(DAY_PART_NAMES[part])), is_number=True)
            for part in parts
        ),
    ]
    rows = [_row(translate(POST_KIND_NAMES[kind]), duties, kind, parts) for kind in kinds]
    if len(kinds) > 1:
        rows.append(_row(translate("All posts"), duties, None, parts))
    return Table(tuple(heads), tuple(rows))


def _row(name: str, duties: DutySummary, kind: PostKind | None, parts: list[DayPart]) -> tuple[str, ...]:
    total = duties.count(kind)
    by_part = [duties.count(kind, part) for part in parts]
    cells = [open_words(*counted) if counted[0] else "—" for counted in by_part]
    return (name, f"{total[0]:,}", open_words(*total), *cells)
