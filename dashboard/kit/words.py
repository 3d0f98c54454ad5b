"""How numbers, times and zones are said to people, in the current language. Pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeVar

import pandas as pd

from geo.coverage import Status
from geo.schema import Layer
from services.i18n import Text, _, text
from services.rules.rounding import balance_of, shown_text
from services.rules.small_counts import FEWEST_TOLD
from services.wording import number, people_text, percent

K = TypeVar("K")

LEVEL_NAMES: Final[Mapping[Layer, Text]] = {
    Layer.DISTRICTS: text("District"),
    Layer.SUBDISTRICTS: text("Sub-district"),
    Layer.COMMUNITIES: text("Community"),
    Layer.GRIDS: text("Grid"),
    Layer.ESTATES: text("Estate"),
}
STATUS_NAMES: Final[Mapping[str, Text]] = {
    "weak": text("Weak"),
    "enough": text("Enough"),
    "spare": text("To spare"),
    "no_need": text("No need"),
    "no_data": text("No data"),
}
SOURCE_NAMES: Final[Mapping[str, Text]] = {
    "supply_members": text("Own members"),
    "supply_in": text("Sent here"),
    "supply_out": text("Sent away"),
}
_DAY: Final = timedelta(days=1)


def zone_facts(row: pd.Series, *, is_exact: bool = True) -> list[tuple[str, str]]:
    """Return what is known of a zone besides need and supply, from its row in a coverage table.

    Unless it is to be exact, one or two members are told as "<3".
    """
    members, per_1000 = number(row["members"]), number(row["density_per_1000"], 1)
    if not is_exact and 0 < row["members"] < FEWEST_TOLD:
        members, per_1000 = people_text(row["members"]), "–"
    residents = row["residents"]
    share = row["outsiders"] / residents if pd.notna(residents) and residents > 0 else None
    return [
        (_("Residents"), number(residents)),
        (_("Households"), number(row["households"])),
        (_("From elsewhere"), percent(share)),
        (_("Members"), members),
        (_("Members per 1,000"), per_1000),
        (_("Area"), _("{area} km²", area=number(row["area_km2"], 2))),
    ]


def balance_words(row: pd.Series) -> str:
    """Return how many are missing or to spare."""
    balance = balance_of(row)
    match Status(str(row["status"])):
        case Status.WEAK:
            return _("{number} missing", number=shown_text(balance.gap))
        case Status.SPARE:
            return _("{number} to spare", number=shown_text(balance.surplus))
        case Status.ENOUGH:
            return _("Just enough")
        case status:
            return _(STATUS_NAMES[status])


def has_nobody(row: pd.Series) -> bool:
    """Return whether a single grid or estate lacks people and nobody at all is there, as figures are shown."""
    return str(row["status"]) == Status.WEAK and pd.notna(row["ratio"]) and not balance_of(row).supply


def coverage_words(row: pd.Series) -> str:
    """Return what is met of the need: of a single grid or estate also its coverage ratio."""
    if pd.isna(row["need"]):
        return _(STATUS_NAMES[Status.NO_DATA])
    balance = balance_of(row)
    need = shown_text(balance.need)
    if pd.notna(row["ratio"]):
        ratio, supply = percent(row["ratio"]), shown_text(balance.supply)
        return _("Coverage {ratio}: {supply} there, {need} needed", ratio=ratio, supply=supply, need=need)
    met, share = shown_text(balance.met), percent(row["share_met"])
    return _("Need {need}, met {met} ({share})", need=need, met=met, share=share)


def zone_name(row: pd.Series) -> str:
    """Return the name of a zone, or its code where it has none."""
    return str(row["name"]) if pd.notna(row["name"]) and row["name"] else str(row.name)


def tell_apart(labels: Mapping[K, str]) -> dict[K, str]:
    """Return labels of which no two are the same: those that came more than once have their key behind.

    Streamlit finds what was chosen by its label: of two equal ones it would take the wrong one.

    Examples
    --------
    >>> tell_apart({"G1": "North", "G2": "South", "G3": "North"})
    {'G1': 'North（G1）', 'G2': 'South', 'G3': 'North（G3）'}
    """
    times = Counter(labels.values())
    return {key: f"{label}（{key}）" if times[label] > 1 else label for key, label in labels.items()}
