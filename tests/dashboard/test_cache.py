"""What is kept is handed out by role and area: to somebody it may not be shown to it is as if it were not there."""

from datetime import datetime, timedelta

import pytest

from dashboard import cache
from dashboard.map.packing import PackedLayer
from dashboard.streamlit import session
from dashboard.web.blobs import BlobStore
from geo.schema import Layer
from services import briefing, planning, rostering
from services.briefing import BriefingRequest
from services.catalog.actions import Action, Role
from services.context import RefusedError, open_context
from services.coverage import load_inputs
from services.rostering import PastedChain, RosterSettings
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.classes import MapLayer
from services.rules.roles import ALLOWED, Actor
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode, Window

EVENING = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
WHEN = Mode.ROUTINE, EVENING

CALLS = {
    "coverage_inputs": (Action.VIEW_COVERAGE, cache.coverage_inputs),
    "planning_snapshot": (Action.PLAN, lambda: cache.planning_snapshot(*WHEN)),
    "cold_spots": (Action.VIEW_COVERAGE, lambda: cache.cold_spots(*WHEN)),
    "declared_mode": (Action.VIEW_COVERAGE, cache.declared_mode),
    "frozen_briefing": (Action.VIEW_BRIEFING, lambda: cache.frozen_briefing(1, "zh")),
    "ground_url": (Action.PLAN, lambda: cache.ground_url(*WHEN)),
    "layer_frame": (Action.VIEW_COVERAGE, lambda: cache.layer_frame(Layer.GRIDS)),
    "live_briefing": (Action.VIEW_BRIEFING, lambda: cache.live_briefing(BriefingRequest(EVENING, Mode.ROUTINE))),
    "norm_range": (Action.VIEW_COVERAGE, lambda: cache.norm_range(*WHEN)),
    "order_grids_url": (Action.VIEW_ORDERS, lambda: cache.order_grids_url(())),
    "order_progress": (Action.VIEW_ORDERS, lambda: cache.order_progress(EVENING)),
    "orders_map": (Action.VIEW_ORDERS, cache.orders_map),
    "outlook": (Action.VIEW_COVERAGE, lambda: cache.outlook(Mode.ROUTINE, EVENING.start)),
    "packed_layer": (Action.VIEW_COVERAGE, lambda: cache.packed_layer(Layer.GRIDS)),
    "past_day": (Action.VIEW_BRIEFING, lambda: cache.past_day(EVENING.start.date() - timedelta(days=30), "zh")),
    "coverage_view": (Action.VIEW_COVERAGE, lambda: cache.coverage_view(*WHEN)),
    "people_counts": (Action.VIEW_COVERAGE, lambda: cache.people_counts(EVENING)),
    "planning_map": (Action.PLAN, cache.planning_map),
    "reasons": (Action.VIEW_COVERAGE, lambda: cache.reasons(open_picture().ranking)),
    "service_overview": (Action.VIEW_ORDERS, lambda: cache.service_overview(EVENING)),
    "rosters": (Action.VIEW_ROSTER, cache.rosters),
    "packages": (Action.VIEW_PACKAGES, cache.packages),
    "package_inputs": (Action.ANSWER_PACKAGE, cache.package_inputs),
    "pairings": (Action.VIEW_PACKAGES, cache.pairings),
    "roster_board": (Action.VIEW_ROSTER, lambda: cache.roster_board(1)),
    "seat_candidates": (Action.KEEP_ROSTER, lambda: cache.seat_candidates(1, first_shift(), 5)),
    "chain_reading": (Action.KEEP_ROSTER, lambda: cache.chain_reading(1, pasted_chain())),
    "claim_tables": (Action.VIEW_CLAIMS, cache.claim_tables),
    "claim_overview": (Action.VIEW_CLAIMS, cache.claim_overview),
    "handover": (Action.VIEW_ROSTER, lambda: cache.handover(EVENING.start)),
    "communities_map": (Action.VIEW_COVERAGE, cache.communities_map),
    "scales": (Action.VIEW_COVERAGE, lambda: cache.scales(MapLayer.GAP, *WHEN)),
    "has_parts": (Action.VIEW_COVERAGE, lambda: cache.has_parts(EVENING)),
    "short_parts": (Action.VIEW_COVERAGE, lambda: cache.short_parts(*WHEN)),
    "static_map": (Action.VIEW_COVERAGE, cache.static_map),
    "walk": (Action.PLAN, lambda: cache.walk(*WHEN)),
    "window_orders": (Action.VIEW_ORDERS, lambda: cache.window_orders(EVENING)),
    "weak_by_hour": (Action.VIEW_COVERAGE, lambda: cache.weak_by_hour(Mode.ROUTINE, EVENING.start)),
}
"""What hands out something of the data, with what a role must allow for it."""
FREE = {
    *("MAP_LAYERS", "CoverageView", "Prospect"),
    *("data_version", "orders_version", "shown_version", "versions", "versions_now", "last_seen"),  # numbers that grow
    *("counted_by", "presence"),  # how people count in what is asked for
    "order_grids",  # of orders that whoever asks sees already
    *("area_names", "own_area_name", "imprint", "paper_area_name"),  # of the own roles
    *("context", "geometry_url", "tiles"),
    *("inputs_of_area", "view_of_area"),  # for what is made here for everybody, limited before anybody sees it
}


def first_shift():
    return rostering.read_shifts(cache.context(), 1)[0].id


def pasted_chain():
    board = rostering.read_board(cache.context(), 1, cache.coverage_inputs())
    community = next(iter(board.posts.values())).community_code
    return PastedChain("1. 大螃蟹 A1", board.roster.period.start.date(), community)


def open_picture():
    return cache.view_of_area(EVERYWHERE, *WHEN)


def test_everything_that_is_kept_has_a_line():
    assert set(CALLS) | FREE == set(cache.__all__)


@pytest.fixture
def act_as(monkeypatch):
    def act(role, area=EVERYWHERE):
        monkeypatch.setattr(session, "actor", lambda: Actor("someone", role, area))

    return act


@pytest.fixture
def filled(own_demo):
    """Return a store that holds a frozen briefing and a roster with shifts, both number 1."""
    office = open_context(own_demo)
    assert briefing.freeze(office, BriefingRequest(EVENING, Mode.ROUTINE)) == 1
    day = office.clock().date()
    assert rostering.create_roster(office, EVERYWHERE, day, 1, Mode.ROUTINE, event_id="x").id == 1
    settings = RosterSettings(Pattern.EIGHT_HOURS, DayHours(8, 16), ())
    rostering.generate_shifts(office, 1, load_inputs(office), settings, event_id="first shifts")
    return office


@pytest.mark.parametrize("name", CALLS)
def test_what_was_made_for_one_role_is_refused_to_another(filled, act_as, name):
    action, call = CALLS[name]
    for role in sorted(Role, key=lambda role: action not in ALLOWED[role]):  # those who may first: they fill the cache
        act_as(role)
        if action in ALLOWED[role]:
            call()
        else:
            with pytest.raises(RefusedError):
                call()


def test_what_was_frozen_for_everything_is_refused_to_a_part_of_it(filled, act_as):
    with filled._store.read() as tx:
        part = Area(Layer.COMMUNITIES, tx.read_codes(Layer.COMMUNITIES)[0])
    act_as(Role.SCREEN)
    assert cache.frozen_briefing(1, "zh").number == 1
    act_as(Role.SCREEN, part)
    with pytest.raises(OutsideAreaError):
        cache.frozen_briefing(1, "zh")


def test_a_draft_that_was_shown_to_whoever_planned_it_is_refused_to_the_screen(filled, act_as):
    plan = planning.create_plan(filled, EVENING, Mode.ROUTINE, event_id="draft")
    request = BriefingRequest(EVENING, Mode.ROUTINE, plan_id=plan.id)
    act_as(Role.PLANNER)
    assert cache.live_briefing(request).sections
    for role in (Role.SCREEN, Role.SECRETARY):
        act_as(role)
        with pytest.raises(RefusedError):
            cache.live_briefing(request)


def test_what_is_kept_of_rosters_is_made_anew_once_anything_was_written(filled, act_as):
    act_as(Role.PLANNER)
    before, reading = cache.seat_candidates(1, first_shift(), 1), cache.chain_reading(1, pasted_chain())
    assert cache.seat_candidates(1, first_shift(), 1) is before
    assert cache.chain_reading(1, pasted_chain()) is reading
    assert cache.packages() is cache.packages()
    member = before[0].candidate.member_code
    start = filled.clock()
    rostering.note_absence(filled, member, start - timedelta(days=1), start + timedelta(days=3))
    after = cache.seat_candidates(1, first_shift(), 1)
    assert [each.candidate.member_code for each in after] != [member]
    assert cache.chain_reading(1, pasted_chain()) is not reading


def test_names_on_a_board_that_was_shown_to_the_office_are_not_shown_to_whoever_sees_counts_alone(filled, act_as):
    act_as(Role.PLANNER)
    made = rostering.create_roster(filled, EVERYWHERE, EVENING.start.date(), 1, Mode.ROUTINE, event_id="named")
    inputs = cache.coverage_inputs()
    rostering.generate_shifts(filled, made.id, inputs, RosterSettings(), event_id="shifts")
    shift = next(shift for shift in rostering.read_shifts(filled, made.id) if shift.seats)
    person = rostering.find_candidates(filled, made.id, shift.id, inputs)[0]
    seating = rostering.Seating(shift.id, person.candidate.member_code)
    rostering.put_duties(filled, made.id, [seating], inputs, event_id="put", reason="asked")
    assert list(cache.roster_board(made.id).names.values()) == [person.name]
    for role in (Role.SCREEN, Role.DISTRICT_COMMANDER):
        act_as(role)
        seen = cache.roster_board(made.id)
        assert (seen.figures.filled, seen.names) == (1, {})
        assert {duty.member_code for duty in seen.duties} == {""}


def test_an_address_whose_content_was_thrown_away_is_made_again(filled, act_as, monkeypatch):
    act_as(Role.PLANNER)
    shelf = BlobStore(max_bytes=1)
    monkeypatch.setattr("dashboard.cache.planning.BLOBS", shelf)
    first = cache.ground_url(*WHEN)
    assert cache.ground_url(*WHEN) == first
    shelf.put(PackedLayer("t", b"123", 1))
    assert not shelf.holds([first])
    second = cache.ground_url(*WHEN)
    assert second != first
    assert shelf.get(second.removeprefix("/preview/").removesuffix(".bin"), session.actor())
