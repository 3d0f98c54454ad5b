"""How many people an estate or a grid needs, by item (DESIGN §6). Arrays in, arrays out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import Floats
from services.rules.norms import ItemNorms, Norms, day_factors, item_name
from services.rules.windows import Mode

NEED_SOURCES: Final = ("residents", "households", "outsiders", "blocks", "gates", "managed", "mixed_use")
"""The columns of zones that need follows from."""
ITEM_PREFIX: Final = "need_"
"""What stands before the code of an item in the name of its column."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What is known of ``n`` zones, each of shape (n,), NaN where nobody has said; ``is_carried`` is never null."""

    residents: Floats
    households: Floats
    outsiders: Floats
    blocks: Floats
    gates: Floats
    is_carried: NDArray[np.bool_]
    """Property management carries its share."""


def read_facts(zones: pd.DataFrame, norms: Norms) -> NeedFacts:
    """Return the facts of a frame of estates or grids; columns that are not there count as unknown.

    Property management carries its share where there is one (``managed`` is true) and the estate is not mixed; where
    nobody has said whether there is one, nobody is counted on.
    """
    return NeedFacts(
        residents=_column(zones, "residents"),
        households=_column(zones, "households"),
        outsiders=_column(zones, "outsiders"),
        blocks=_column(zones, "blocks"),
        gates=_column(zones, "gates"),
        is_carried=_flags(zones, "managed") & ~is_mixed(zones, norms),
    )


def is_mixed(estates: pd.DataFrame, norms: Norms) -> NDArray[np.bool_]:
    """Tell which estates are mixed (杂居小区): known to be without management, or mixed use with many outsiders.

    Many means a larger share of the residents than ``outsiders.more_than``. What nobody has said does not count.
    Returns shape (n,).
    """
    unmanaged = ~_flags(estates, "managed") & _column_known(estates, "managed")
    share = outsider_share(_column(estates, "outsiders"), _column(estates, "residents"))
    return unmanaged | (_flags(estates, "mixed_use") & (share > norms.outsiders.more_than.value))


def outsider_share(outsiders: Floats, residents: Floats) -> Floats:
    """Return outsiders ÷ residents, shape (n,), at most 1; NaN where either is unknown or nobody lives there."""
    known = np.where(residents > 0, residents, np.nan)
    return np.minimum(outsiders / known, 1.0)


def need_by_item(facts: NeedFacts, norms: Norms, mode: Mode) -> Floats:
    """Return the persons needed by item where its day factor is 1, shape (n, items).

    An item's driver (gates, households, residents) × persons for each, or ÷ how many there are one person for; times
    ``outsiders.factor`` where it says so and outsiders are more than ``outsiders.more_than`` of the residents. Property
    management takes its share, and so do others (``others.share``); of what is left, an item may take whole persons.

    A zone of which neither residents nor households are known is NaN throughout; one where nobody lives is 0. Unknown
    households are residents ÷ persons per household, unknown residents the reverse; unknown gates follow
    ``count_gates``.
    """
    households = count_households(facts, norms)
    residents = np.where(facts.residents > 0, facts.residents, households * norms.assumed.persons_per_household.value)
    many = outsider_share(facts.outsiders, residents) > norms.outsiders.more_than.value
    drivers: dict[str, Floats] = {
        "gates": count_gates(facts, norms),
        "households": households,
        "residents": residents,
    }
    more = np.where(many, norms.outsiders.factor.value, 1.0)
    columns = []
    for item in norms.items.values():
        need = _persons(item, drivers[item.driver], mode)
        need = need * more if item.more_for_outsiders else need
        need = need * np.where(facts.is_carried, 1 - _managed(item, mode), 1.0) * (1 - borne_by_others(norms, mode))
        columns.append(np.ceil(need - _ROUNDING) + 0.0 if _is_whole(item, mode) else need)
    return np.column_stack(columns)


def borne_by_others(norms: Norms, mode: Mode) -> float:
    """Return which share of every item people bear who are not on the roll, 0 to 1."""
    return 0.0 if norms.others is None else float(getattr(norms.others.share, mode.value).value)


def _persons(item: ItemNorms, driver: Floats, mode: Mode) -> Floats:
    if item.persons_for_each is not None:
        return driver * float(getattr(item.persons_for_each, mode.value).value)
    return driver / float(getattr(item.one_for_every, mode.value).value)


def _is_whole(item: ItemNorms, mode: Mode) -> bool:
    return item.whole_persons is not None and getattr(item.whole_persons, mode.value).value > 0


def _managed(item: ItemNorms, mode: Mode) -> float:
    return 0.0 if item.managed_share is None else float(getattr(item.managed_share, mode.value).value)


def item_columns(norms: Norms) -> dict[str, str]:
    """Return the columns of the items of need in a coverage table, each with its name in the current language."""
    return {f"{ITEM_PREFIX}{code}": item_name(item) for code, item in norms.items.items()}


def item_columns_of(table: pd.DataFrame) -> list[str]:
    """Return which columns of a coverage table are items of its need."""
    return [name for name in table.columns if str(name).startswith(ITEM_PREFIX)]


def need_in_window(by_item: Floats, norms: Norms, share: Floats) -> Floats:
    """Return the mean need by item over a window, shape (n, items).

    ``by_item`` is what ``need_by_item`` returns, ``share`` the window's share by day part, shape (4,).
    """
    return by_item * (day_factors(norms) @ share)


def count_households(facts: NeedFacts, norms: Norms) -> Floats:
    """Return the households, shape (n,): as stated, else residents ÷ persons per household, else NaN.

    Stated as 0 where residents are known to live there, they are taken from the residents.
    """
    derived = facts.residents / norms.assumed.persons_per_household.value
    stated = facts.households
    return np.where((stated > 0) | np.isnan(derived), stated, derived)


def count_gates(facts: NeedFacts, norms: Norms) -> Floats:
    """Return the gates, shape (n,): as stated, else taken from the blocks, else from the households.

    One for every ``blocks_per_gate`` blocks begun, or for every ``households_per_gate`` households begun. Where
    nobody lives there is no gate to keep: 0, whatever is stated. NaN where it is not known whether anybody does.
    """
    households = count_households(facts, norms)
    by_blocks = np.ceil(facts.blocks / norms.assumed.blocks_per_gate.value - _ROUNDING)
    by_households = np.ceil(households / norms.assumed.households_per_gate.value - _ROUNDING)
    assumed = np.where(facts.blocks > 0, by_blocks, by_households)
    gates = np.where(np.isnan(facts.gates), assumed, facts.gates)
    return np.where(np.isnan(households), np.nan, np.where(households > 0, gates, 0.0))


def sum_into_grids(grid_need: Floats, estate_need: Floats, grid_of_estate: NDArray[np.intp]) -> Floats:
    """Return the need of grids: the sum over their estates, or their own where no estate of theirs has any data.

    Parameters
    ----------
    grid_need
        Need of the grids by their own residents, shape (n, items), NaN rows where unknown.
    estate_need
        Need of the estates, shape (m, items), NaN rows where unknown; those add nothing.
    grid_of_estate
        Position of each estate's grid, shape (m,), -1 where it has none.
    """
    used = (grid_of_estate >= 0) & ~np.isnan(estate_need).any(axis=1)
    where, count = grid_of_estate[used], len(grid_need)
    sums = [np.bincount(where, weights=column, minlength=count) for column in estate_need[used].T]
    has_estates = np.bincount(where, minlength=count) > 0
    return np.where(has_estates[:, None], np.column_stack(sums), grid_need)


def _column(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name]).to_numpy(dtype=np.float64, na_value=np.nan)


def _flags(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    if name not in frame:
        return np.zeros(len(frame), dtype=np.bool_)
    return frame[name].astype("boolean").fillna(value=False).to_numpy(dtype=np.bool_)


def _column_known(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    if name not in frame:
        return np.zeros(len(frame), dtype=np.bool_)
    return frame[name].notna().to_numpy(dtype=np.bool_)
