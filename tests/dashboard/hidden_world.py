"""Two towns that differ only in what is hidden, and everything that leaves the program about each of them."""

import io
import re
import zipfile
from datetime import datetime, timedelta

import pandas as pd
import pyogrio

from dashboard.kit.words import zone_facts
from dashboard.pages.situation.zone_table import table_rows, without_few
from dashboard.payloads.briefing import briefing_payload
from dashboard.payloads.drag import pack_ground
from dashboard.payloads.past_day import PastDay, day_payload
from dashboard.wall.shapes import ShapeStore
from geo.schema import ZONE_LAYERS, Layer
from services import briefing, coverage, planning
from services.accounts import Imprint
from services.briefing import BriefingRequest
from services.catalog.actions import Action, Role
from services.context import Context
from services.export.briefing import section_png, to_pdf, to_pptx
from services.export.briefing.content import briefing_content
from services.export.orders import endings_text, orders_pdf, orders_text, orders_xlsx
from services.export.situation import CoverageFile, export_coverage, look_at
from services.i18n import text
from services.planning import Move
from services.planning.order_sheets import read_order_lines
from services.planning.recruitment_calls import find_calls
from services.planning.service_overview import read_service_overview
from services.planning.worklist import Worklist, WorkOrder
from services.rules.areas import Area
from services.rules.classes import MapLayer, classify, make_scale
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import Actor
from services.rules.windows import HOUR, DayPart, Mode, Window
from tests.acting import act
from tests.services.briefing.conftest import frame, square

NOW = datetime(2026, 11, 25, 12)
WINDOWS = tuple(
    Window(NOW + timedelta(hours=start), NOW + timedelta(hours=start + length))
    for start, length in ((8, 1), (8, 12), (72, 24))
)
GRIDS = {
    "G1": "C1",
    "G2": "C1",
    "G3": "C1",
    "G4": "C2",
    "G5": "C2",
    "G6": "C3",
    "G7": "C4",
    "G8": "C4",
}
"""The community of each grid."""
ESTATES = {"E1": "G1", "E2": "G1", "E3": "G2", "E4": "G3", "E5": "G4", "E6": "G5", "E7": "G7", "E8": "G6"}
"""The grid of each estate. The people of the last one belong to the grid next to it."""
PEOPLE = {
    ("G1", "E1"): 9, ("G1", "E2"): 1, ("G2", "E3"): 5, ("G2", ""): 2, ("G3", "E4"): 2,
    ("G4", "E5"): 1, ("G4", ""): 4, ("G5", "E6"): 7, ("G5", "E8"): 2, ("G6", ""): 1,
    ("G7", "E7"): 2, ("G7", ""): 1, ("G8", ""): 12,
}  # fmt: skip
"""Members by grid and estate."""
NOWHERE = {"C1": 1, "C2": 2, "C3": 4}
"""Members who belong to no grid, by community."""
TEAMS = {"T1": ("G8", 6), "T2": ("G3", 3), "T3": ("G6", 2), "T4": ("G1", 8)}
FORMED = {"F00000000000a": "G3", "F00000000000b": "G3"}
"""The grid of each team of two that was formed on the spot: one who lives there stands in each while they last."""


def swapped(counts):
    """Return the counts of another town where every one is two and every two is one."""
    return {group: {1: 2, 2: 1}.get(count, count) for group, count in counts.items()}


def fill(office, people, nowhere):
    """Write the town; people of small groups state when they have time, which nobody is to find out either."""
    with act(office, Action.IMPORT) as work:
        tx = work.tx
        tx.upsert(Layer.DISTRICTS, frame({"D": {"name": "H 区", "parent_code": None}}, [square(0, 1000)]))
        tx.upsert(Layer.SUBDISTRICTS, frame({"S": {"name": "街道", "parent_code": "D"}}, [square(0, 1000)]))
        communities = sorted(set(GRIDS.values()))
        rows = {code: {"name": f"{code}社区", "parent_code": "S"} for code in communities}
        tx.upsert(Layer.COMMUNITIES, frame(rows, [square(200 * k, 200) for k in range(len(rows))]))
        stated = {
            code: {"name": f"{code}网格", "parent_code": up, "residents": 900 + 300 * k, "households": 300 + 90 * k}
            for k, (code, up) in enumerate(GRIDS.items())
        }
        tx.upsert(Layer.GRIDS, frame(stated, [square(100 * k) for k in range(len(stated))]))
        estates = {
            code: {"name": f"{code}小区", "parent_code": up, "residents": 300, "households": 100, "gates": 1}
            | {"managed": False, "mixed_use": True}
            for code, up in ESTATES.items()
        }
        places = [square(100 * list(GRIDS).index(up) + 40 * (k % 2), 30) for k, up in enumerate(ESTATES.values())]
        tx.upsert(Layer.ESTATES, frame(estates, places))
        teams = {code: (f"{code}队", home, "突击队", size) for code, (home, size) in TEAMS.items()}
        teams |= {code: ("现场队", home, "突击队", 2) for code, home in FORMED.items()}
        fields = ["name", "parent_code", "kind", "size"]
        tx.upsert(Layer.TEAMS, frame({code: dict(zip(fields, team, strict=True)) for code, team in teams.items()}))
        _write_members(tx, people, nowhere)
    _write_plans(office)


def _write_plans(office):
    """Send teams for the long window, have them answer, and leave a draft for the short one."""
    sent = planning.create_plan(office, WINDOWS[1], Mode.EMERGENCY, event_id="sent")
    for number, move in enumerate((Move("T1", "G6", 6), Move("F00000000000a", "G5", 2), Move("T3", "G7", 2))):
        planning.send(office, sent.id, move, event_id=f"sent-{number}")
    orders = planning.commit_plan(office, sent.id).orders
    for step in (OrderStep.RECEIVED, OrderStep.SET_OUT, OrderStep.ARRIVED):
        planning.report_orders(office, [order.id for order in orders[: 4 - step.step]], step)
    for number, area in enumerate((Area(), Area(Layer.SUBDISTRICTS, "S"), Area(Layer.COMMUNITIES, "C1"))):
        there = office.within(area)
        draft = planning.create_plan(there, WINDOWS[0], next(iter(Mode)), event_id=f"draft-{number}")
        planning.send(there, draft.id, Move("T4", "G2", 8), event_id=f"draft-{number}-T4")
        planning.send(there, draft.id, Move("F00000000000b", "G2", 2), event_id=f"draft-{number}-F")


def _write_members(tx, people, nowhere):
    groups = [(grid, estate, GRIDS[grid], count) for (grid, estate), count in people.items() for _ in range(count)]
    groups += [(None, "", community, count) for community, count in nowhere.items() for _ in range(count)]
    codes = [f"M{k:03d}" for k in range(len(groups))]
    rows = {
        code: {"name": "某人", "community_code": community}
        | {f"available_{part}": 1.0 if count < 3 else None for part in DayPart}
        for code, (_grid, _estate, community, count) in zip(codes, groups, strict=True)
    }
    tx.upsert(Layer.MEMBERS, frame(rows))
    homes = [(grid, estate or None) for grid, estate, _community, _count in groups]
    assigned = pd.DataFrame(homes, columns=["grid_code", "estate_code"], index=pd.Index(codes, name="member_code"))
    tx.replace_assignments(assigned.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False))
    at_home = {home: [code for code, (grid, *_) in zip(codes, homes, strict=True) if grid == home] for home in GRIDS}
    for team, home in FORMED.items():
        tx.teams.add_members(team, [(code, "member") for code in at_home[home][:1]])
        at_home[home] = at_home[home][1:]


def viewers(office):
    """Return those who do not look after the people of the town, by what they are called."""
    places = {
        "district": (Role.DISTRICT_COMMANDER, Area()),
        "commander": (Role.SUBDISTRICT_COMMANDER, Area(Layer.SUBDISTRICTS, "S")),
        "neighbour": (Role.SUBDISTRICT_COMMANDER, Area(Layer.COMMUNITIES, "C1")),
        "screen": (Role.SCREEN, Area()),
    }
    return {name: Context(office._store, Actor(name, *place), office.clock) for name, place in places.items()}


def exports(context, kind):
    """Return a coverage export of every level in each window and mode: its content, without when it was packed."""
    for window, mode in zip(WINDOWS, Mode, strict=True):
        situation = look_at(context, window, mode)
        for level in ZONE_LAYERS:
            if len(situation.tables[level]):
                yield f"{level} {mode}", content_of(export_coverage(context, situation, kind, level), kind)


def content_of(body, kind):
    """Return what stands in a file."""
    if kind is CoverageFile.XLSX:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return {name: book.read(name) for name in book.namelist() if not name.startswith("docProps")}
    if kind is CoverageFile.GPKG:
        layers = {name: pyogrio.read_dataframe(body, layer=name) for name, _kind in pyogrio.list_layers(body)}
        return {name: rows.drop(columns="update_time", errors="ignore").to_csv() for name, rows in layers.items()}
    return body


def pages(context):
    """Return what the pages, the map and the planner's browser are given."""
    coverage_inputs = coverage.load_inputs(context)
    for window, mode in zip(WINDOWS, Mode, strict=True):
        situation = look_at(context, window, mode)
        for level, table in situation.tables.items():
            for layer in MapLayer:
                shown = classify(make_scale(layer, situation.tables[Layer.GRIDS], level), table)
                yield f"map {layer} {level} {mode}", repr(shown)
            yield f"table {level} {mode}", without_few(table_rows(table)).to_csv()
            facts = [zone_facts(row, is_exact=False) for _code, row in table.iterrows()]
            yield f"facts {level} {mode}", repr(facts)
            yield f"coverage {level} {mode}", table.to_csv()
        yield f"headlines {mode}", repr(situation.headlines)
        ranking = [
            coverage.reason_text(row, coverage_inputs.norms)
            for layer in (Layer.ESTATES, Layer.GRIDS)
            for _code, row in coverage.underserved(coverage_inputs, situation.tables[layer], layer).iterrows()
        ]
        yield f"reasons {mode}", repr(ranking)
        yield f"hours {mode}", coverage.count_weak_by_hour(coverage_inputs, mode, NOW).to_csv()


def plans(context):
    """Return what planning is looked at on, what is called for, and who serves where."""
    coverage_inputs = coverage.load_inputs(context)
    for window, mode in zip(WINDOWS, Mode, strict=True):
        snapshot = planning.load_snapshot(context, coverage_inputs, window, mode)
        yield f"ground {mode}", pack_ground(snapshot).body
        yield f"shares {mode}", repr((snapshot.home_shares, snapshot.presence.tolist()))
        yield f"tray {mode}", planning.team_table(snapshot).to_csv()
        yield f"calls {mode}", repr(find_calls(snapshot, snapshot.grids, (), 60.0))
        for plan in planning.find_plans(context, window=window, mode=mode):
            yield from _of_plan(context, snapshot, planning.read_plan(context, plan.id))
    yield "serving", repr(read_service_overview(context, Window(NOW, NOW + HOUR)))
    yield "formed", repr(planning.list_formed_teams(context))


def _of_plan(context, snapshot, plan):
    """Return the list of weak grids of a plan, its moves, its review, its figures and what is proposed on top of it."""
    worklist = Worklist(snapshot, plan)
    yield f"weak grids {plan.id}", repr([worklist.weak_grids(order) for order in WorkOrder])
    yield f"teams within reach {plan.id}", repr([worklist.teams_for(code) for code in GRIDS])
    yield f"idle {plan.id}", repr(worklist.count_idle())
    yield f"moves {plan.id}", repr([planning.preview(snapshot, plan, move) for move in plan.moves])
    yield f"review {plan.id}", repr(planning.review_sending(context, snapshot, plan))
    yield f"changes {plan.id}", repr(planning.review_plan(context, plan.id, snapshot.grids))
    figures = planning.figures_of(snapshot, plan)
    yield f"figures {plan.id}", (repr(figures), figures.by_hour.to_csv())
    proposal = planning.propose_plan(snapshot, plan)
    yield f"proposal {plan.id}", repr((proposal.moves, proposal.open, proposal.missing))


def orders(context):
    """Return the board of the orders, who was sent and who is there, and the papers of the orders."""
    for window in WINDOWS:
        progress = planning.read_progress(context, window, Patience(HOUR, HOUR))
        yield f"board {window}", repr(progress)
        yield f"people on the board {window}", repr(planning.count_progress_people(progress, window))
        lines = read_order_lines(context, planning.orders_here(context, window))
        yield f"lines {window}", repr(lines)
        yield f"texts {window}", orders_text(lines) + endings_text(lines)
        yield f"sheet {window}", content_of(orders_xlsx(lines, NOW, fictitious=False), CoverageFile.XLSX)
        yield f"paper {window}", orders_pdf(lines, NOW, fictitious=False)


def presences(context):
    """Return the situation with people counted as they were reported."""
    coverage_inputs = coverage.load_inputs(context)
    for window, mode in zip(WINDOWS, Mode, strict=True):
        steps = planning.read_order_steps(context, window)
        present = planning.people_present(steps, window)
        yield f"steps {window}", repr(steps)
        yield f"people {window}", repr(planning.count_order_people(steps))
        yield f"present {window}", repr(present)
        tables = coverage.coverage_tables(coverage_inputs, mode, window, present)
        for level, table in tables.items():
            yield f"as arrived {level} {mode}", table.to_csv()


def briefings(context):
    """Return every briefing as it is told and as the screen gets it, and a day hour by hour."""
    shelf = ShapeStore()
    for window, mode in zip(WINDOWS, Mode, strict=True):
        made = briefing.make_briefing(context, BriefingRequest(window, mode))
        yield f"screen {mode}", repr(briefing_payload(made, shelf.put))
        yield f"paper {mode}", repr(briefing_content(made))
        yield f"maps {mode}", [part.map.table.to_csv() for part in made.sections if part.map is not None]
    with zipfile.ZipFile(io.BytesIO(to_pptx(made))) as deck:
        yield "slides", {name: deck.read(name) for name in deck.namelist() if re.match("ppt/(slides|charts)/", name)}
    yield "document", to_pdf(made)
    yield "pictures", [section_png(made, section.name) for section in made.sections]
    day = briefing.replay(context, NOW.date())
    grids = look_at(context, WINDOWS[0], Mode.ROUTINE).zones[Layer.GRIDS].reindex(list(day.codes))
    yield "replay", repr(day_payload(PastDay(day, "zh", grids), shelf.put, Imprint(text("全区"), text("指挥"))))


def hidden_zones(level):
    """Return how many members the zones of a level have that are told of as "<3" only, by code."""
    counts = {}
    for (grid, estate), count in PEOPLE.items():
        code = {Layer.GRIDS: grid, Layer.ESTATES: estate}[level]
        if code:
            counts[code] = counts.get(code, 0) + count
    return {code: count for code, count in counts.items() if 0 < count < 3}
