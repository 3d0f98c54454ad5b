"""The planner's page without a browser: choose, send, take back, propose, send off."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.map.packing import PackedLayer
from dashboard.pages.planning.page_state import PlanningView
from dashboard.pages.planning.recruitment_calls import find_calls
from dashboard.pages.planning.search import search_for
from dashboard.payloads.drag import make_ground, pack_ground
from geo.schema import Layer
from services import planning
from services.context import open_context
from services.i18n import _
from services.planning.order_sheets import read_order_lines
from services.planning.recruitment_calls import NOBODY_ASKED
from services.planning.worklist import OPEN_REASON_TEXTS, Worklist
from services.rules.windows import Mode, parse_window
from tests.dashboard.panels import parts_of, said

WINDOW = "tonight"


@pytest.fixture
def ground(own_demo):
    """Return the board of the sample in the evening of an emergency."""
    context = open_context(own_demo)
    return cache.planning_snapshot(Mode.EMERGENCY, parse_window(WINDOW, context.clock()))


@pytest.fixture
def page(own_demo):
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30)
    app.query_params["window"], app.query_params["mode"] = WINDOW, Mode.EMERGENCY.value
    app.run()
    app.switch_page("pages/planning/reinforce.py").run()
    assert not app.exception
    return app


def allowed_move(snapshot):
    """Return the first move that breaks no rule."""
    sketch = PlanningView(snapshot.mode, snapshot.window, None, snapshot, "zh").sketch
    for code, team in snapshot.teams.items():
        for grid in snapshot.grids.index[snapshot.grids["gap"] > 0]:
            move = planning.Move(code, str(grid), team.size)
            seen = planning.preview(snapshot, sketch, move)
            if seen.is_allowed and not seen.is_excessive:
                return move
    raise AssertionError("the sample has no allowed move")


def send(page, move):
    page.session_state["reinforce-team"] = move.team_code  # as a press on it in the tray does
    page.run()
    page.selectbox(key="target").set_value(move.grid_code).run()
    page.button(key="send").click().run()
    assert not page.exception


def send_out(page):
    """Send the draft through its review."""
    page.button(key="commit").click().run()
    page.button(key="send-out").click().run()
    assert not page.exception


def drafts(own_demo):
    return planning.list_plans(open_context(own_demo), planning.PlanState.DRAFT)


def test_an_empty_store_says_what_to_do(empty):
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30).run()
    app.switch_page("pages/planning/reinforce.py").run()
    assert not app.exception


def test_nothing_is_written_before_the_first_move(page, own_demo):
    assert drafts(own_demo) == []


def test_nothing_is_proposed_for_a_window_that_is_over(page):
    page.query_params["window"] = "2024-01-05T20:00/2024-01-05T24:00"
    page.run()
    assert not page.exception
    assert page.button(key="propose").disabled
    assert "这个时段已经过去，请选择还没有结束的时段。" in " ".join(str(part.proto.body) for part in page.get("html"))


def test_a_team_is_sent_with_the_form_and_stays_after_a_reload(page, own_demo, ground):
    move = allowed_move(ground)
    send(page, move)
    assert [m.key for m in drafts(own_demo)[0].moves] == [move.key]
    page.run()
    assert page.button(key=f"back-{move.team_code}-{move.grid_code}")


def test_undo_and_redo_walk_through_the_steps(page, own_demo, ground):
    send(page, allowed_move(ground))
    page.button(key="undo").click().run()
    assert drafts(own_demo)[0].moves == ()
    page.button(key="redo").click().run()
    assert len(drafts(own_demo)[0].moves) == 1


def test_clearing_takes_every_move_out_and_one_undo_brings_them_back(page, own_demo, ground):
    send(page, allowed_move(ground))
    page.button(key="clear").click().run()
    assert drafts(own_demo)[0].moves == ()
    page.button(key="undo").click().run()
    assert len(drafts(own_demo)[0].moves) == 1


def test_a_pinned_move_stays_when_a_proposal_is_accepted(page, own_demo, ground):
    move = allowed_move(ground)
    send(page, move)
    page.button(key=f"pin-{move.team_code}-{move.grid_code}").click().run()
    page.button(key="propose").click().run()
    if any(button.key == "propose-stop" for button in page.button):  # still looking: the best so far will do
        page.button(key="propose-stop").click().run()
    page.button(key="accept-all").click().run()
    assert not page.exception
    moves = drafts(own_demo)[0].moves
    assert move.key in {m.key for m in moves}
    assert len(moves) > 1


def test_committing_makes_orders_that_the_situation_counts(page, own_demo, ground):
    move = allowed_move(ground)
    before = ground.figures(move.grid_code)[1]
    send(page, move)
    send_out(page)
    picture = cache.coverage_view(Mode.EMERGENCY, ground.window)
    assert picture.tables["grids"].loc[move.grid_code, "supply"] == pytest.approx(before + move.people)
    assert drafts(own_demo) == []


def sent_orders(own_demo, ground):
    return planning.orders_here(open_context(own_demo), ground.window)


def test_a_plan_that_was_just_sent_is_taken_back_as_a_whole(page, own_demo, ground):
    move = allowed_move(ground)
    send(page, move)
    send_out(page)
    page.button(key="take-back-plan").click().run()
    assert not page.exception
    assert [m.key for m in drafts(own_demo)[0].moves] == [move.key]
    assert [order.until for order in sent_orders(own_demo, ground)] == [ground.window.start]


def test_the_review_asks_once_where_people_meet(page, own_demo, ground):
    move = allowed_move(ground)
    send(page, move)
    page.button(key="commit").click().run()
    page.text_input(key="review-place").set_value("社区服务站").run()
    page.text_input(key="review-contact").set_value("李四 13900004321").run()
    page.text_input(key="review-bring").set_value("雨衣").run()
    page.button(key="send-out").click().run()
    assert not page.exception
    context = open_context(own_demo)
    line = read_order_lines(context, sent_orders(own_demo, ground))[0]
    assert line.meeting_point == planning.MeetingPoint("社区服务站", "李四 13900004321")
    assert line.order.bring == "雨衣"
    again = planning.create_plan(context, ground.window, ground.mode, event_id="again")
    planning.send(context, again.id, move, event_id="again-send")
    review = planning.review_sending(context, ground, planning.read_plan(context, again.id))
    assert dict(review.without_meeting_point) == {}


def test_the_review_shows_a_meeting_point_that_is_known_and_changes_it(page, own_demo, ground):
    move = allowed_move(ground)
    context = open_context(own_demo)
    planning.note_meeting_points(context, {(Layer.GRIDS, move.grid_code): planning.MeetingPoint("旧址", "李四")})
    send(page, move)
    page.button(key="commit").click().run()
    page.toggle(key="review-stated").set_value(True).run()
    page.text_input(key=f"place-grids-{move.grid_code}").set_value("新址").run()
    page.button(key="send-out").click().run()
    assert not page.exception
    line = read_order_lines(context, sent_orders(own_demo, ground))[0]
    assert line.meeting_point == planning.MeetingPoint("新址", "李四")


def test_ticked_orders_are_recalled_together_and_stay_to_be_seen(page, own_demo, ground):
    send(page, allowed_move(ground))
    send_out(page)
    page.button(key="orders-tick-all").click().run()
    page.button(key="orders-recall").click().run()
    page.text_input(key="recall-reason").set_value("雨停了")
    next(button for button in page.button if button.label.startswith("召回 1 个派单")).click().run()
    assert not page.exception
    now = open_context(own_demo).clock()
    assert {order.state(now) for order in sent_orders(own_demo, ground)} == {planning.OrderState.RECALLED}
    assert "已召回" in said(parts_of(page, "window-order-rows"))


def test_the_list_of_weak_grids_names_the_worst_first_with_who_could_go_or_why_nobody(page, ground):
    worklist = Worklist(ground, PlanningView(ground.mode, ground.window, None, ground, "zh").sketch)
    words = said(parts_of(page, "worklist-rows"))
    shown = worklist.weak_grids()[:20]
    assert sorted(shown, key=lambda grid: words.index(grid.name)) == list(shown)
    found = [worklist.teams_for(grid.code) for grid in shown]
    assert all(each.best.team.name in words for each in found if each.best)
    assert all(str(_(OPEN_REASON_TEXTS[each.reason])) in words for each in found if each.reason)
    assert any(each.best for each in found)


def test_the_second_of_two_planners_is_told_and_keeps_the_rest(page, own_demo, ground):
    move = allowed_move(ground)
    send(page, move)
    context = open_context(own_demo)
    rival = planning.copy_plan(context, drafts(own_demo)[0].id, event_id="rival")
    planning.commit_plan(context, rival.id)
    page.run()
    assert page.button(key="commit").disabled
    page.button(key="drop-stopping").click().run()
    assert drafts(own_demo)[0].moves == ()


def test_of_two_plans_of_one_name_the_one_on_the_desk_stays_there(page, own_demo, ground):
    context = open_context(own_demo)
    move = allowed_move(ground)
    for k in (1, 2):
        made = planning.create_plan(context, ground.window, ground.mode, event_id=f"made-{k}")
        planning.rename_plan(context, made.id, "晚班", event_id=f"named-{k}")
    page.run()
    labels = page.selectbox(key="plan-choice").options
    assert len(set(labels)) == len(labels) == 2
    send(page, move)
    page.button(key="undo").click().run()
    page.button(key="redo").click().run()
    assert {plan.id: len(plan.moves) for plan in drafts(own_demo)} == {made.id: 1, made.id - 1: 0}


def test_the_ground_names_no_person(ground):
    made = make_ground(ground)
    assert len(made["need"]) == len(made["supply"]) == len(ground.grids)
    assert len(made["points"]) == 2 * len(ground.grids)
    leaders = {team.leader for team in ground.teams.values() if team.leader}
    assert leaders
    assert not any(leader in str(made["teams"]) for leader in leaders)


def test_the_same_ground_has_the_same_token(ground):
    one, other = pack_ground(ground), pack_ground(ground)
    assert isinstance(one, PackedLayer)
    assert (one.token, one.body) == (other.token, other.body)


def test_a_search_gives_what_was_found_when_it_is_stopped(ground):
    sketch = PlanningView(ground.mode, ground.window, None, ground, "zh").sketch
    search = search_for(ground, sketch, 30.0)
    search.cancel()
    search.start()
    assert search.wait(20)
    assert search.result().cost.value <= search.result().before


def test_what_goes_wrong_in_a_search_is_raised_where_its_result_is_asked_for(ground):
    def fail(*_arguments, **_options):
        raise ValueError("broken")

    search = search_for(ground, None, 1.0, fail).start()
    assert search.wait(5)
    with pytest.raises(ValueError, match="broken"):
        search.result()


def test_a_call_asks_no_grid_for_people_it_needs_itself(ground):
    planning_view = PlanningView(ground.mode, ground.window, None, ground, "zh")
    surplus = ground.grids["surplus"].fillna(0).to_numpy()
    asked = {}
    for call in find_calls(planning_view, NOBODY_ASKED):
        asked[call.giver] = asked.get(call.giver, 0) + call.persons
    assert all(people <= surplus[giver] + 1e-9 for giver, people in asked.items())
