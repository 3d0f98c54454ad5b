"""Beside the map: who is short of people, and the card of the zone that is chosen."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard import cache
from dashboard.cache import CoverageView
from dashboard.cache.rankings import (
    RANKING_NAMES,
    Ranking,
    RankingKind,
    ZoneLine,
    grids_short_for_hours,
    part_words,
    rankings,
)
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.words import (
    LEVEL_NAMES,
    SOURCE_NAMES,
    balance_words,
    coverage_words,
    has_nobody,
    zone_facts,
    zone_name,
)
from dashboard.kit.zone_tree import row_of
from dashboard.pages.situation.sections import open_table
from dashboard.pages.situation.subdivision import Subdivision, subdivide
from dashboard.streamlit import session, state
from dashboard.streamlit.state import View
from geo.chance import whole_heads
from geo.coverage import Status
from geo.schema import WIDE_LAYERS, Layer
from services import coverage
from services.i18n import Text, _, text
from services.rules.classes import LIKELY
from services.rules.need import item_columns
from services.rules.norms import Norms
from services.rules.privacy import sees_small_counts
from services.rules.rounding import balance_of, persons_text, round_alone, round_parts, shown_text
from services.rules.windows import Mode, Window
from services.wording import number, percent

PARTS_SHORT: Final[Mapping[Layer, Text]] = {
    Layer.DISTRICTS: text("Districts to reinforce"),
    Layer.SUBDISTRICTS: text("Sub-districts to reinforce"),
    Layer.COMMUNITIES: text("Communities to reinforce"),
}
_IN_TABLE: Final = "table"
_LIST: Final = "list"
_TITLES: Final[Mapping[RankingKind, Text]] = {
    RankingKind.MIXED: text("Mixed estates to reinforce"),
    RankingKind.GRIDS: text("Grids to reinforce"),
    RankingKind.UNSURE: text("Enough people on average, but not surely"),
    RankingKind.PARTS: text("Enough people on average, but not at all hours"),
}
_NONE: Final[Mapping[RankingKind, Text]] = {
    RankingKind.MIXED: text("No mixed estate is short of people in this window."),
    RankingKind.GRIDS: text("No grid is short of people in this window."),
    RankingKind.PARTS: text("Wherever the mean is enough, people are enough in every part of the day."),
    RankingKind.UNSURE: text("Wherever the mean is enough, enough people come with a chance of 80% or more."),
}
_TAKEN_OFF: Final = "supply_out"
_ALWAYS: Final = frozenset({"supply_members", "supply_roster"})
"""Shown where they are none, too."""


def show_side(view: View, coverage_view: CoverageView, mode: Mode, window: Window) -> None:
    """Show the card of what is chosen, below it who is short of people: parts of wide zones, then lists."""
    parts = [
        *_card(view, coverage_view, mode, window),
        *_subdivision(view, mode, window),
        *_ranking(view, mode, window),
    ]
    show_panel("zones", parts, _choose)


def _choose(word: str) -> None:
    """Take what was pressed: a zone, the table of a level, or another list."""
    kind, _colon, name = word.partition(":")
    if kind == _IN_TABLE:
        open_table(Layer(name))
    elif kind == _LIST:
        state.keep(_LIST, name)
    else:
        state.choose_word(word)


def _subdivision(view: View, mode: Mode, window: Window) -> list[Part]:
    """Return which parts of a wide zone lack most people: the worst in a sentence, then as a list."""
    divided = subdivide(mode, window, view.area_level, view.area_code, view.level)
    if divided is None:
        return []
    worst = [part("p", "gm-worst", divided.worst)] if divided.count else []
    title, none = _(PARTS_SHORT[divided.level]), _("None of them lacks people in this window.")
    return [*worst, *_zone_list(title, "gm-parts", divided, none)]


def _ranking(view: View, mode: Mode, window: Window) -> list[Part]:
    """Return a list of who is short of people, or may turn out to be, below the switch that chooses which."""
    lists = rankings(mode, window, view.area_level, view.area_code)
    kind = _chosen_list(lists)
    ranked = _zone_list(_(_TITLES[kind]), "gm-ranking", lists[kind], _(_NONE[kind]))
    return [_list_switch(lists, kind), *ranked]


def _chosen_list(lists: Mapping[RankingKind, Ranking]) -> RankingKind:
    """Return the list that was chosen, else the first that holds anybody."""
    kind = state.saved_value(_LIST)
    if kind in set(lists):
        return RankingKind(kind)
    return next((each for each, ranking in lists.items() if ranking.count), RankingKind.MIXED)


def _list_switch(lists: Mapping[RankingKind, Ranking], chosen: RankingKind) -> Part:
    pills = [
        choice(
            "",
            f"{_LIST}:{kind.value}",
            part("span", "", _(RANKING_NAMES[kind])),
            part("b", "", number(ranking.count)),
            pressed="true" if kind is chosen else "false",
        )
        for kind, ranking in lists.items()
    ]
    return part("div", "gm-lists", *pills)


def _zone_list(title: str, style: str, zones: Subdivision | Ranking, none: str) -> list[Part]:
    """Return the first zones that lack people and the way to all of them; a sentence where none does."""
    heading = _heading(title, _("{count} in all", count=number(zones.count)))
    if not zones.count:
        return [heading, part("p", "gm-note", none)]
    rows = [_row(f"{zones.level.value}:{line.code}", line) for line in zones.rows]
    return [heading, part("div", f"gm-rows {style}", *rows), *_whole_list(zones.level, zones.count, len(rows))]


def _whole_list(level: Layer, count: int, shown: int) -> list[Part]:
    """Return the way to the table where a list holds only the first."""
    if count <= shown:
        return []
    return [
        choice("gm-link gm-more", f"{_IN_TABLE}:{level.value}", _("See all {count} in the table", count=number(count)))
    ]


def _row(word: str, line: ZoneLine) -> Part:
    inside = [part("b", "", line.name), part("small", "", line.figure)]
    return choice("", word, *inside, *([part("span", "", line.why)] if line.why else ()))


def _heading(title: str, note: str) -> Part:
    return part("div", "gm-heading", part("h3", "", title), part("span", "", note))


def _card(view: View, picture: CoverageView, mode: Mode, window: Window) -> list[Part]:
    """Return what is known of the chosen zone: need by item, supply by source, its estates, who can help."""
    level, code = view.zone_level, view.zone_code
    if level is None or code not in picture.tables[level].index:
        return []
    row = row_of(picture.tables[level], code)
    closing = choice("gm-link", view.within or ":", _("Close"))
    inside = [
        part("div", "gm-card-head", _heading(zone_name(row), _(LEVEL_NAMES[level])), closing),
        _balance(row),
        *_chance(row),
        *_on_roster(row, is_wide=level in WIDE_LAYERS),
        *(_short_part(picture, code, mode, window) if level is Layer.GRIDS else ()),
        *_balance_bars(row, is_wide=level in WIDE_LAYERS),
        _facts(picture, level, code),
        *_nearest(picture, level, code),
        *(_estates(picture, code) if level is Layer.GRIDS else ()),
    ]
    return [part("div", "gm-card", *inside)]


def _balance(row: pd.Series) -> Part:
    tone = {"weak": "bad", "spare": "good"}.get(str(row["status"]), "even")
    words = [part("b", "", balance_words(row)), part("span", "", coverage_words(row))]
    if has_nobody(row):
        words.insert(1, part("b", "gm-nobody", _("nobody at all")))
    return part("p", f"gm-balance gm-{tone}", *words)


def _chance(row: pd.Series) -> list[Part]:
    """Return how likely it is that enough come to a grid or estate; where the mean hides that too few may, the mean."""
    if pd.isna(row["chance"]):
        return []
    heads, chance = number(float(whole_heads(row["need"]))), float(row["chance"])
    if chance < LIKELY and row["status"] != Status.WEAK:
        words = _(
            "Coverage {ratio}, but with a chance of {percent}% fewer than {heads} come",
            ratio=percent(row["ratio"]),
            percent=round(100 - 100 * chance),
            heads=heads,
        )
        return [part("p", "gm-chance gm-bad", words)]
    words = _("Chance that {heads} or more come: {percent}%", heads=heads, percent=round(100 * chance))
    return [part("p", "gm-chance", words)]


def _on_roster(row: pd.Series, *, is_wide: bool) -> list[Part]:
    """Return who is to stand here by rosters and who could still be called; nothing where no roster holds.

    Of wide zones who is on duty, too; of grids and estates the bars below tell it.
    """
    if not row["covered"]:
        return []
    asked, callable_, on_duty = (
        shown_text(round_alone(float(row[name]))) for name in ("asked", "callable", "supply_roster")
    )
    words = [_("To be confirmed {asked}; could still be called: {callable}", asked=asked, callable=callable_)]
    if is_wide:
        words.insert(0, _("On duty by roster: {people}", people=on_duty))
    if row["covered"] < 1:
        words.append(_("Rosters hold {percent}% of this window", percent=round(100 * row["covered"])))
    return [part("p", "gm-chance", " · ".join(words))]


def _short_part(picture: CoverageView, grid: str, mode: Mode, window: Window) -> list[Part]:
    """Return when a grid lacks people that has enough on average over the window; nothing for all others."""
    if not cache.has_parts(window):
        return []
    hidden = grids_short_for_hours(picture, cache.short_parts(mode, window))
    if grid not in hidden.index:
        return []
    row = row_of(hidden, grid)
    words = _(
        "Enough on average, but {count} missing {hours}", count=persons_text(row["part_gap"]), hours=part_words(row)
    )
    return [part("p", "gm-chance gm-bad", words)]


def _balance_bars(row: pd.Series, *, is_wide: bool) -> list[Part]:
    """Return the need by item, below it the supply by source; of wide zones what is met and to spare instead."""
    if pd.isna(row["need"]):
        return []
    balance = balance_of(row)
    longest = max(balance.need, balance.supply)
    need = _bars(_("Need by item"), need_parts(row, cache.coverage_inputs().norms), longest, "need")
    if is_wide:
        sums = {_("Need met"): balance.met, _("To spare elsewhere"): balance.surplus}
        return [*need, *_bars(_("Added up over its grids"), sums, longest, "supply")]
    return [*need, *_bars(_("Supply by source"), supply_parts(row), longest, "supply")]


def need_parts(row: pd.Series, norms: Norms) -> dict[str, float]:
    """Return the items of a zone's need in words, in persons as they add up to the need that is shown."""
    balance = balance_of(row)
    return _parts(row, item_columns(norms), balance.need, balance.decimals)


def supply_parts(row: pd.Series) -> dict[str, float]:
    """Return the sources of the supply of a grid or estate in words, as they add up; people sent away are taken off."""
    balance = balance_of(row)
    names = {column: _(name) for column, name in SOURCE_NAMES.items()}
    if not row["covered"]:
        return _parts(row, names, balance.supply, balance.decimals)
    estimated = row["supply_members"] - row["supply_roster"]
    names = {"supply_roster": _("On duty by roster"), "estimated": _("Own members, estimated")} | names
    del names["supply_members"]
    return _parts(pd.concat([row, pd.Series({"estimated": estimated})]), names, balance.supply, balance.decimals)


def _parts(row: pd.Series, names: Mapping[str, str], total: float, decimals: int) -> dict[str, float]:
    exact = [(-1 if column == _TAKEN_OFF else 1) * float(row[column]) for column in names]
    (parts,) = round_parts([exact], [total], [decimals]).tolist()
    shown = zip(names.items(), parts, strict=True)
    return {name: part for (column, name), part in shown if part or column in _ALWAYS}


def _bars(title: str, parts: Mapping[str, float], longest: float, tone: str) -> list[Part]:
    lines = [_bar(label, persons, longest, tone) for label, persons in parts.items()]
    return [part("div", "gm-bars", part("h4", "", title), *lines)] if lines else []


def _bar(label: str, persons: float, longest: float, tone: str) -> Part:
    share = min(abs(persons) / longest, 1.0) if longest else 0.0
    filled = part("b", f"gm-{tone}", width=f"{100 * share:.0f}%")
    return part("div", "gm-bar", part("span", "", label), part("i", "", filled), part("em", "", shown_text(persons)))


def _facts(picture: CoverageView, level: Layer, code: str) -> Part:
    table, is_exact = picture.tables[level].loc[[code]], sees_small_counts(session.actor())
    if is_exact:
        table = coverage.with_exact_members(cache.coverage_inputs(), level, table)
    told = zone_facts(row_of(table, code), is_exact=is_exact)
    return part(
        "dl", "gm-facts", *(part("div", "", part("dt", "", word), part("dd", "", value)) for word, value in told)
    )


def _nearest(picture: CoverageView, level: Layer, code: str) -> list[Part]:
    ranking = {Layer.ESTATES: picture.ranking, Layer.GRIDS: picture.weak_grids}.get(level)
    if ranking is None or code not in ranking.index:
        return []
    found = row_of(ranking, code)
    if pd.isna(found["nearest_m"]):
        return []
    name, giver = str(found["nearest_name"] or found["nearest_code"]), str(found["nearest_code"])
    distance = coverage.distance_text(float(found["nearest_m"]))
    words = _("Nearest to spare: {name}, {distance}", name=name, distance=distance)
    return [choice("gm-nearest", f"{level.value}:{giver}", words)]


def _estates(picture: CoverageView, grid: str) -> list[Part]:
    estates = picture.tables[Layer.ESTATES]
    own = coverage.by_gap(cache.coverage_inputs(), estates[estates["parent_code"] == grid], Layer.ESTATES)
    lines = (
        _row(f"{Layer.ESTATES.value}:{code}", ZoneLine(str(code), zone_name(row), balance_words(row), ""))
        for code, row in own.iterrows()
    )
    return [_heading(_("Its estates"), str(len(own))), part("div", "gm-rows gm-estates", *lines)]
