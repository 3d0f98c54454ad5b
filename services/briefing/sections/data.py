"""Section 7: what the figures rest on: how old the data is, who has no grid, version, coordinates, norms, mode."""

from datetime import datetime
from typing import Final

from geo.schema import Layer
from services.briefing.inputs import BriefingInputs
from services.briefing.model import KeyFigure, Section, SectionName, Table, TableColumn, Tone
from services.briefing.words import count_noun
from services.clock import time_with_zone
from services.i18n import text, translate
from services.rules.norms import norms_version
from services.rules.rounding import round_alone, shown_text
from services.rules.windows import MODE_NAMES
from services.wording import MADE_UP, MARK, full_time, people_text, spoken_window

_COUNTS: Final = text(
    "1 and 2 are shown as <3 and count as one in totals, which can be smaller than those of the page Data; no names,"
    " telephone numbers, addresses"
)


def tell_data(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    return Section(
        SectionName.DATA,
        title=_title(briefing_inputs),
        lead=translate(MADE_UP) if briefing_inputs.fictitious else "",
        figures=_figures(briefing_inputs),
        table=_table(briefing_inputs),
    )


def age_text(data_at: datetime | None, now: datetime) -> str:
    """Return how long ago the data changed, in the largest unit that is whole.

    Examples
    --------
    >>> age_text(datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 12, 30))
    '3 小时前'
    """
    if data_at is None:
        return translate("not known")
    minutes = max(int((now - data_at).total_seconds() // 60), 0)
    if minutes < 1:
        return translate("just now")
    if minutes < 60:
        return count_noun(minutes, text("1 minute ago"), text("{count} minutes ago"))
    if minutes < 24 * 60:
        return count_noun(minutes // 60, text("1 hour ago"), text("{count} hours ago"))
    return count_noun(minutes // (24 * 60), text("1 day ago"), text("{count} days ago"))


def _title(briefing_inputs: BriefingInputs) -> str:
    unlocated = briefing_inputs.unlocated
    if not briefing_inputs.members and briefing_inputs.grids.empty:
        return translate("The store is empty: import grids, estates and members first")
    if not briefing_inputs.members:
        return translate("No members are stored: every figure of people is 0")
    count = people_text(unlocated)
    if not briefing_inputs.located:
        return translate("None of {people} members belongs to a grid: every figure of people is 0", people=count)
    return _age_title(briefing_inputs, unlocated)


def _age_title(briefing_inputs: BriefingInputs, unlocated: int) -> str:
    """Return how old the data is and who is not counted."""
    age = None if briefing_inputs.data_at is None else age_text(briefing_inputs.data_at, briefing_inputs.now)
    count = people_text(unlocated)
    if age is None and not unlocated:
        return translate("When the data changed is not known; every member belongs to a grid")
    if age is None:
        said = text("When the data changed is not known; {people} members belong to no grid (not counted)")
        return translate(said, people=count)
    if not unlocated:
        return translate("The data changed {age}; every member belongs to a grid", age=age)
    return translate("The data changed {age}; {people} members belong to no grid (not counted)", age=age, people=count)


def _figures(briefing_inputs: BriefingInputs) -> tuple[KeyFigure, ...]:
    unlocated = briefing_inputs.unlocated
    is_late = briefing_inputs.import_due is not None and briefing_inputs.now >= briefing_inputs.import_due
    changed = "" if briefing_inputs.data_at is None else full_time(briefing_inputs.data_at)
    return (
        KeyFigure(
            translate("Last change"),
            age_text(briefing_inputs.data_at, briefing_inputs.now),
            changed,
            Tone.BAD if is_late else Tone.PLAIN,
        ),
        KeyFigure(
            translate("Without a grid"),
            people_text(unlocated),
            translate("of {people} members", people=people_text(briefing_inputs.members)),
            Tone.BAD if unlocated else Tone.PLAIN,
        ),
        KeyFigure(translate("Grids"), f"{len(briefing_inputs.grids):,}"),
        KeyFigure(translate("Estates"), f"{len(briefing_inputs.tables[Layer.ESTATES]):,}"),
        KeyFigure(translate("Teams"), f"{briefing_inputs.teams:,}"),
    )


def _table(briefing_inputs: BriefingInputs) -> Table:
    rows = (
        (translate("Window"), spoken_window(briefing_inputs.window)),
        (translate("Mode"), translate(MODE_NAMES[briefing_inputs.mode])),
        (translate("Norms"), norms_version(briefing_inputs.coverage_inputs.norms)),
        *_range_row(briefing_inputs),
        (translate("Data version"), str(briefing_inputs.data_version)),
        (translate("Made at"), time_with_zone(briefing_inputs.now)),
        (translate("Coordinate system"), translate("WGS-84 / CGCS2000, longitude and latitude")),
        (translate("Numbers of people"), translate(_COUNTS)),
        (translate("Classification"), translate(MARK)),
    )
    return Table((TableColumn(translate("Item")), TableColumn(translate("Content"))), rows)


def _range_row(briefing_inputs: BriefingInputs) -> tuple[tuple[str, str], ...]:
    """Return how far the people missing depend on what the norms assume; nothing where nobody is missing."""
    if not briefing_inputs.headline.missing:
        return ()
    low, high = (shown_text(round_alone(each)) for each in briefing_inputs.norm_range.total(briefing_inputs.grids))
    missing = shown_text(briefing_inputs.headline.missing)
    words = text("{missing}; {low} to {high} with assumed norms up to 30% smaller or larger (9 of 10 draws)")
    return ((translate("Persons missing"), translate(words, missing=missing, low=low, high=high)),)
