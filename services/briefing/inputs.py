"""What the sections of a briefing are made from: read once, in one state of the data, the same for every language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.schema import Layer
from services.accounts import Imprint, fetch_imprint
from services.assignment import people_inside
from services.briefing.history import Headline, PreviousFigures, find_earlier, read_chosen
from services.briefing.plans import fetch_shown_plan
from services.briefing.request import BriefingRequest, CachedInputs
from services.briefing.team_names import parts_of_name
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.context import Context, Transaction
from services.coverage import (
    ComparisonKind,
    CoverageInputs,
    NormRange,
    SentPeople,
    count_weak_by_hour,
    coverage_tables,
    find_norm_range,
    headline_figures,
    inputs_within,
    load_whole,
    tables_within,
    underserved,
    zones_within,
)
from services.demo import FICTITIOUS_FACT
from services.planning import (
    Order,
    PeopleCounts,
    Plan,
    PlanningSnapshot,
    PlanState,
    count_order_people,
    load_snapshot,
    people_sent,
    sent_by_hour,
    sent_with_plan,
)
from services.planning.comparison import fetch_past, references_of
from services.planning.orders import fetch_orders, touching
from services.planning.presence import fetch_order_steps
from services.rostering.duty_summary import DutySummary, read_duty_summary
from services.rules.areas import Scope
from services.rules.small_counts import count_grouped
from services.rules.windows import HOUR, Mode, Window, hours_ahead
from services.settings import read_settings

HOURS: Final = 72
CHANGING: Final = (
    Action.IMPORT,
    Action.TAKE_BACK,
    Action.ASSIGN,
    Action.SETTLE_ADDRESS,
    Action.MAKE_DEMO,
    Action.FORM_TEAM,
    Action.COMMIT_PLAN,
    Action.RECALL,
)
"""What changes the data that a briefing tells of."""
MOST_SENDINGS: Final = 12
"""Moves that are listed."""


@dataclass(frozen=True, slots=True)
class TeamMove:
    """People of a team sent from a grid to a grid, by an order or by a plan."""

    team_code: str
    team_name: str
    """Empty where the team is no longer there."""
    people: int
    from_code: str
    to_code: str


@dataclass(frozen=True)
class BriefingInputs:
    """Everything a briefing tells of. Frames are shared: nobody changes them."""

    now: datetime
    window: Window
    mode: Mode
    coverage_inputs: CoverageInputs
    zones: Mapping[Layer, gpd.GeoDataFrame]
    base: Mapping[Layer, gpd.GeoDataFrame]
    tables: Mapping[Layer, pd.DataFrame]
    """Coverage of the window with the teams that orders have sent."""
    orders: tuple[Order, ...]
    """Those that hold at some time in the window."""
    order_people: PeopleCounts
    """How many people those orders sent, and how many of them are reported there."""
    orders_ahead: tuple[Order, ...]
    """Those that hold at some time in the next ``HOURS``."""
    plan: Plan | None
    snapshot: PlanningSnapshot | None
    """What the plan is looked at on, for a plan that is no order yet."""
    team_homes: Mapping[str, str]
    """The home grid of every team by code; empty where it has none."""
    persons: frozenset[str]
    """Names of persons that stand in names of teams."""
    earlier: PreviousFigures | None
    """What the figures are compared with."""
    unlocated: int
    """Members who belong to no grid, as they count (``services.rules.small_counts``)."""
    data_version: int
    data_at: datetime | None
    import_due: datetime | None
    """Until when the next import is expected; None where none is."""
    fictitious: bool
    imprint: Imprint
    teams: int
    """Teams at home in the area."""
    duties: DutySummary
    """What published rosters say of the next ``HOURS`` hours."""

    @property
    def grids(self) -> pd.DataFrame:
        """The coverage table of the grids."""
        return self.tables[Layer.GRIDS]

    @cached_property
    def located(self) -> int:
        """Members who belong to a grid, as they count."""
        return int(self.grids["members"].sum())

    @property
    def members(self) -> int:
        """All members as they count, so that the total does not tell what its parts hide."""
        return self.located + self.unlocated

    @cached_property
    def headline(self) -> Headline:
        """The four figures of the window."""
        return headline_of(self.grids)

    @cached_property
    def norm_range(self) -> NormRange:
        """How the total depends on what the norms assume."""
        return find_norm_range(self.coverage_inputs, self.mode, self.window)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """``coverage.underserved`` of the estates; of the grids where no estates are stored."""
        layer = Layer.ESTATES if len(self.tables[Layer.ESTATES]) else Layer.GRIDS
        return underserved(self.coverage_inputs, self.tables[layer], layer)

    @cached_property
    def weak_by_hour(self) -> pd.DataFrame:
        """``start end weak`` of each of the next ``HOURS``."""
        ahead = hours_ahead(self.now, HOURS)
        sent: Sequence[SentPeople] = sent_by_hour(self.orders_ahead, ahead) if self.orders_ahead else ()
        return count_weak_by_hour(self.coverage_inputs, self.mode, self.now, HOURS, sent=sent)

    @cached_property
    def is_draft(self) -> bool:
        """Whether the moves shown are those of a plan that has not been committed."""
        return self.snapshot is not None

    @cached_property
    def sendings(self) -> tuple[TeamMove, ...]:
        """The moves that the briefing shows, most people first."""
        return tuple(sorted(self._sendings(), key=lambda k: (-k.people, k.to_code, k.team_code)))

    @cached_property
    def grids_without(self) -> pd.DataFrame:
        """The coverage table of the grids without the moves that the briefing shows."""
        if self.is_draft:
            return self.grids
        others = () if self.plan is None else tuple(o for o in self.orders if o.plan_id != self.plan.id)
        if len(others) == len(self.orders):
            return self.grids
        return self._tables_with(people_sent(others, self.window))[Layer.GRIDS]

    @property
    def grids_with(self) -> pd.DataFrame:
        """The coverage table of the grids with the moves that the briefing shows."""
        return self.tables_with[Layer.GRIDS]

    @cached_property
    def tables_with(self) -> Mapping[Layer, pd.DataFrame]:
        """The coverage tables with the moves that the briefing shows."""
        if self.plan is None or self.snapshot is None:
            return self.tables
        return self._tables_with(sent_with_plan(self.snapshot, self.plan))

    def name_of_grid(self, code: str) -> str:
        """Return the name of a grid, its code where it has none or is not there."""
        return self.grid_names.get(code) or code

    @cached_property
    def grid_names(self) -> Mapping[str, str]:
        """The name of each grid by its code."""
        return {str(code): str(name) for code, name in self.grids["name"].items()}

    @cached_property
    def community_of_grid(self) -> Mapping[str, str]:
        """The name of the community of each grid by the grid's code; grids without one are left out."""
        communities = self.tables[Layer.COMMUNITIES]["name"].to_dict()
        parents = self.grids["parent_code"].dropna()
        return {str(code): str(communities[up] or up) for code, up in parents.items() if up in communities}

    def middles(self, codes: Iterable[str]) -> dict[str, tuple[float, float]]:
        """Return longitude and latitude inside each of some grids; those without outline are left out."""
        asked = sorted(set(codes) & set(self.zones[Layer.GRIDS].index))
        points = self.zones[Layer.GRIDS].geometry.loc[asked].representative_point()
        return {code: (p.x, p.y) for code, p in zip(asked, points, strict=True) if p is not None and not p.is_empty}

    def _tables_with(self, sent: SentPeople) -> Mapping[Layer, pd.DataFrame]:
        return coverage_tables(self.coverage_inputs, self.mode, self.window, sent)

    def _sendings(self) -> list[TeamMove]:
        if self.plan is None or self.snapshot is None:
            shown = [o for o in self.orders if self.plan is None or o.plan_id == self.plan.id]
            # Whoever led a team that is gone is not known any more, so its name might be theirs.
            names = {o.team_code: o.team_name if o.team_code in self.team_homes else "" for o in shown}
            return [TeamMove(o.team_code, names[o.team_code], o.people, o.from_code, o.to_code) for o in shown]
        teams, moves = self.snapshot.teams, self.plan.moves
        stated = {code: (team.name, team.home_code) for code, team in teams.items()}
        known = [(move, *stated.get(move.team_code, ("", ""))) for move in moves]
        return [TeamMove(m.team_code, name, m.people, home, m.grid_code) for m, name, home in known]


def gather(context: Context, request: BriefingRequest) -> BriefingInputs:
    """Return what a briefing is made from, read in one transaction (the layers too, unless the request shares them).

    Raises
    ------
    UnknownPlanError
        If there is no such plan.
    OutsideAreaError
        If the plan is of a wider or another area than the actor's.
    UnsentPlanError
        If the plan was not sent and the actor may not plan.
    UnknownBriefingError, OtherAreaError, SnapshotDamagedError
        If the briefing to compare with is not there, tells of another area or cannot be read.
    NormsError
        If the norms cannot be used.
    RefusedError
        If the actor may not see briefings.
    """
    scope = context.scope(Action.VIEW_BRIEFING)
    now, shared = context.clock(), inputs_in_scope(request.cached_inputs or _read_layers(context), scope)
    ahead = hours_ahead(now, HOURS)
    with context.look(Action.VIEW_BRIEFING) as tx:
        orders = tuple(touching(scope, fetch_orders(tx, request.window)))
        plan = None if request.plan_id is None else fetch_shown_plan(context, tx, request.plan_id)
        homes = tx.read_layer(Layer.TEAMS, columns=["parent_code"])["parent_code"].fillna("")
        tables = shared.tables or coverage_tables(
            shared.coverage_inputs, request.mode, request.window, people_sent(orders, request.window)
        )
        briefing_inputs = BriefingInputs(
            now=now,
            window=request.window,
            mode=request.mode,
            coverage_inputs=shared.coverage_inputs,
            zones=shared.zones,
            base=shared.base,
            tables=tables,
            orders=orders,
            order_people=count_order_people(fetch_order_steps(tx, orders)),
            orders_ahead=tuple(touching(scope, fetch_orders(tx, Window(ahead[0].start, ahead[-1].end)))),
            plan=plan,
            snapshot=None,
            team_homes={str(code): str(home) for code, home in homes.items()},
            persons=frozenset(),
            earlier=_earlier(tx, request, shared.coverage_inputs, now, scope),
            unlocated=_count_unlocated(context, tx, tables[Layer.GRIDS].index)
            if shared.unlocated is None
            else shared.unlocated,
            data_version=tx.data_version(),
            data_at=_changed_at(tx),
            import_due=_import_due(tx, now),
            fictitious=tx.records.read_fact(FICTITIOUS_FACT) is not None,
            imprint=fetch_imprint(tx, context.actor),
            teams=int(scope.inside(Layer.TEAMS, homes.index).sum()),
            duties=read_duty_summary(context, tx, shared.coverage_inputs, Window(now, now + HOURS * HOUR)),
        )
    if plan is not None and plan.state is not PlanState.COMMITTED:
        briefing_inputs = replace(
            briefing_inputs,
            snapshot=load_snapshot(
                context, briefing_inputs.coverage_inputs, briefing_inputs.window, briefing_inputs.mode
            ),
        )
    return replace(briefing_inputs, persons=_persons_in_names(context, briefing_inputs))


def headline_of(grids: pd.DataFrame) -> Headline:
    """Return the four figures of a coverage table of grids."""
    figures = headline_figures(grids)
    weak, missing, spare = (figure.value or 0.0 for figure in (figures.weak, figures.missing, figures.spare))
    return Headline(figures.met.value, int(weak), missing, spare)


def inputs_in_scope(cached_inputs: CachedInputs, scope: Scope) -> CachedInputs:
    """Return what briefings share, limited to an area; roads and water are nobody's secret."""
    if scope.is_everything:
        return cached_inputs
    tables = None if cached_inputs.tables is None else tables_within(cached_inputs.tables, scope)
    return replace(
        cached_inputs,
        coverage_inputs=inputs_within(cached_inputs.coverage_inputs, scope),
        zones=zones_within(cached_inputs.zones, scope),
        tables=tables,
    )


def _earlier(
    tx: Transaction, request: BriefingRequest, coverage_inputs: CoverageInputs, now: datetime, scope: Scope
) -> PreviousFigures | None:
    """Return what a briefing is compared with: the one chosen, a frozen one, or the same hours as they were staffed."""
    if request.compare is not None:
        return read_chosen(tx, request.compare, scope.area)
    window, mode = request.window, request.mode
    if frozen := find_earlier(tx, coverage_inputs.norms, mode, window, now, scope.area):
        return frozen
    references = references_of(coverage_inputs, mode, fetch_past(tx, coverage_inputs.norms, window, scope))
    days = (each for each in references if each.comparison.against is ComparisonKind.DAY)
    return next((PreviousFigures(headline_of(each.grids), each.comparison.window, mode) for each in days), None)


def _read_layers(context: Context) -> CachedInputs:
    whole = context.unlimited()
    coverage_inputs, frames = load_whole(whole)
    with whole.look(Action.VIEW_COVERAGE) as tx:
        base = {layer: tx.read_layer(layer) for layer in BASE_LAYERS}
    return CachedInputs(coverage_inputs, frames.zones, base)


def _persons_in_names(context: Context, briefing_inputs: BriefingInputs) -> frozenset[str]:
    """Return the names of members, leaders and contacts that stand in the names of the teams that are told by name."""
    told = briefing_inputs.sendings[:MOST_SENDINGS]
    parts = {part for sending in told for part in parts_of_name(sending.team_name)}
    if not parts:
        return frozenset()
    with context.look(Action.VIEW_BRIEFING) as tx:
        return frozenset(tx.briefings.find_persons(parts))


def count_unlocated(context: Context, grids: pd.Index) -> int:
    """Return how many people of the actor's area are in none of some grids (codes); small groups are counted as such.

    Raises
    ------
    RefusedError
        If the actor may not see briefings.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        return _count_unlocated(context, tx, grids)


def _count_unlocated(context: Context, tx: Transaction, grids: pd.Index) -> int:
    people = people_inside(context, tx)
    unlocated = people[~people["grid_code"].isin(grids)]
    return count_grouped(unlocated["community_code"].fillna(""))


def _import_due(tx: Transaction, now: datetime) -> datetime | None:
    """Return until when the next import is expected, at once where there never was one; None where none is."""
    hours, at = read_settings().import_hours, tx.briefings.read_imported_at()
    if hours is None:
        return None
    return now if at is None else datetime.fromisoformat(at) + timedelta(hours=hours)


def _changed_at(tx: Transaction) -> datetime | None:
    at = tx.briefings.read_changed_at([action.value for action in CHANGING])
    return None if at is None else datetime.fromisoformat(at)
