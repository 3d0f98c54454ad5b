"""A planner at work in a browser: a team is dragged onto a weak grid, by mouse and by keys, and others see it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.planning import (
    PICK,
    SUPPLY,
    WAIT_MS,
    choose,
    drag,
    figure,
    lift,
    open_page,
    open_planner,
    press,
    wait_for_moves,
)
from tests.browser.signing import let_in

pytestmark = pytest.mark.browser
ON_ESTATE = """() => {
  const board = map.gmBoard, level = map.gmZones.levels.find(l => l.name === "estates"), {shapes} = level;
  for (let k = 0; k < shapes.zones.n; k++) for (const team of board.ground.teams) {
    const i = board.ground.estateGrid[k];
    if (i < 0 || !(board.value(i) < -1) || team.size > 12 || team.home === i) continue;
    const seen = board.preview(team, i, team.size);
    if (seen.refused || seen.asks) continue;
    map.setView(shapes.anchor(k), level.minZoom + 0.5, {animate: false});
    return {k, team: team.code, name: team.name, grid: board.codes[i], gridName: board.names[i],
            estate: shapes.zones.codes[k], estateName: shapes.zones.names[k]};
  }
}"""
PLACE_OF_ESTATE = """k => {
  const {shapes} = map.gmZones.levels.find(l => l.name === "estates");
  const {x, y} = map.latLngToContainerPoint(shapes.anchor(k));
  return {x, y};
}"""

ON = """pick => {
  const board = map.gmBoard, size = map.getSize(), shapes = map.gmZones.levels.find(l => l.name === "grids").shapes;
  for (let i = 0; i < board.codes.length; i++) {
    if (board.codes[i] === pick.grid || !(board.value(i) < -0.1)) continue;
    const seen = board.preview(board.teams.get(pick.team), i, 3, pick.grid);
    const at = map.latLngToContainerPoint(shapes.anchor(i));
    if (seen.refused || seen.asks || at.x < 230 || at.x > size.x - 330 || at.y < 90 || at.y > size.y - 60) continue;
    return {grid: board.codes[i], x: at.x, y: at.y};
  }
}"""
PLANNED = "map.gmBoard.plan.moves.map(move => [move.team, move.grid, move.people])"


def test_a_team_is_dragged_undone_redone_kept_sent_and_seen_by_others(page, evening, outside, browser):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    giver, receiver = frame.evaluate(SUPPLY, pick["home"]), frame.evaluate(SUPPLY, pick["grid"])
    place = frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")

    lift(page, frame, pick)
    label = frame.locator(".gm-ghost")
    expect(label).to_contain_text(pick["gridName"])
    expect(label).to_contain_text(re.compile(r"缺 [\d.]+ → [\d.]+.*出借方.*步行 \d+ 分钟"))
    page.mouse.up()
    wait_for_moves(page, 1)
    lost = frame.evaluate("code => map.gmBoard.teams.get(code).lost", pick["team"])
    assert frame.evaluate(SUPPLY, pick["home"]) == pytest.approx(giver - lost)
    assert frame.evaluate(SUPPLY, pick["grid"]) == pytest.approx(receiver + pick["people"])
    expect(page.locator(".st-key-movesbox")).to_contain_text(pick["name"])
    expect(figure(frame, "本方案派出")).to_contain_text(str(pick["people"]))
    assert frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]") == place

    page.locator(".st-key-undo button").click()
    wait_for_moves(page, 0)
    expect(figure(frame, "本方案派出")).to_have_text("0人")
    page.locator(".st-key-redo button").click()
    wait_for_moves(page, 1)

    frame = open_planner(page, evening)
    wait_for_moves(page, 1)
    expect(page.locator(".st-key-movesbox")).to_contain_text(pick["name"])

    other = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    watcher = let_in(other.new_page())
    theirs = open_page(watcher, evening, "situation")
    theirs.wait_for_function("window.GM && GM.paint", timeout=WAIT_MS)
    before = theirs.evaluate("GM.paint.levels.grids.figures.join()")
    page.locator(".st-key-commit button").click()
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)
    theirs.wait_for_function("before => GM.paint.levels.grids.figures.join() !== before", arg=before, timeout=6_000)
    other.close()
    assert outside.requests == []
    assert outside.errors == []


def test_a_team_is_sent_taken_back_and_sent_off_with_keys_alone(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    choose(page, "队伍", pick["name"])
    choose(page, "网格", pick["gridName"])
    press(page, ".st-key-send button")
    wait_for_moves(page, 1)
    press(page, f".st-key-back-{pick['team']}-{pick['grid']} button")
    wait_for_moves(page, 0)
    press(page, ".st-key-undo button")
    wait_for_moves(page, 1)
    press(page, ".st-key-commit button")
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)


def test_a_drop_too_far_away_asks_once_for_a_reason(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK.replace("seen.refused || seen.asks", "!seen.asks || seen.asks[0] !== 'outOfReach'"))
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text("太远")
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("有班车接送")
    dialog.get_by_role("button", name="仍要派出").click()
    wait_for_moves(page, 1)


def test_the_same_drop_sent_twice_counts_once(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    event = {
        "id": "twice",
        "kind": "send",
        "team": pick["team"],
        "grid": pick["grid"],
        "estate": "",
        "people": pick["people"],
    }
    frame.evaluate("event => { GM.report({events: [event]}); GM.report({events: [event, event]}); }", event)
    wait_for_moves(page, 1)
    expect(page.locator(".st-key-undo button")).to_be_enabled()
    page.locator(".st-key-undo button").click()
    wait_for_moves(page, 0)
    expect(page.locator(".st-key-undo button")).to_be_disabled()


def test_a_team_dragged_back_to_the_tray_comes_home(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    drag(page, frame, pick)
    wait_for_moves(page, 1)
    badge = frame.locator(f".gm-team[data-team='{pick['team']}']").first.bounding_box()
    tray = frame.locator(".gm-tray footer").bounding_box()
    page.mouse.move(badge["x"] + 5, badge["y"] + 5)
    page.mouse.down()
    page.mouse.move(tray["x"] + 60, tray["y"] - 40, steps=5)
    page.mouse.up()
    wait_for_moves(page, 0)


def test_a_finger_drags_a_team_too(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    chip.scroll_into_view_if_needed()
    box, shown = chip.bounding_box(), page.locator("iframe[src*='folium']").bounding_box()
    start = (box["x"] + 40, box["y"] + 15)
    end = (shown["x"] + pick["x"], shown["y"] + pick["y"])
    finger = page.context.new_cdp_session(page)

    def touch(kind, *points):
        touches = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", start)
    for step in range(1, 9):
        touch("touchMove", (start[0] + (end[0] - start[0]) * step / 8, start[1] + (end[1] - start[1]) * (step - 1) / 7))
    expect(frame.locator(".gm-ghost")).to_contain_text(pick["gridName"])
    touch("touchEnd")
    wait_for_moves(page, 1)


def test_the_figures_follow_a_drop_before_the_server_answers_and_agree_with_its_answer(page, evening):
    frame = open_planner(page, evening)
    figures = frame.locator(".gm-figures")
    before, pick = figures.inner_text(), frame.evaluate(PICK)
    frame.evaluate("window.told = GM.report; GM.report = () => {}")
    drag(page, frame, pick)
    expect(figure(frame, "本方案派出")).to_have_text(f"{pick['people']}人")
    alone = figures.inner_text()
    assert alone != before
    frame.evaluate("GM.report = window.told; GM.report({})")
    wait_for_moves(page, 1)
    assert figures.inner_text() == alone


def test_what_the_browser_counts_is_what_the_server_counts(page, evening):
    frame = open_planner(page, evening)
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 1)
    counted, told = frame.evaluate("[map.gmBoard.totals(), map.gmBoard.plan.figures]")
    rounding = 0.1 * counted["people"]  # the browser knows ways in tenths of minutes, rounded up
    assert 0 <= counted.pop("travel") - told["travel"] <= rounding
    assert {name: told[name] for name in counted} == pytest.approx(counted, abs=0.05)


def test_a_team_is_dropped_onto_an_estate_and_the_move_names_its_grid(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(ON_ESTATE)
    frame.wait_for_function("map.gmZones.state.level?.name === 'estates'")
    pick |= frame.evaluate(PLACE_OF_ESTATE, pick["k"])
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text(f"{pick['estateName']}（{pick['gridName']}）")
    page.mouse.up()
    wait_for_moves(page, 1)
    move = frame.evaluate("map.gmBoard.plan.moves[0]")
    assert (move["grid"], move["estate"]) == (pick["grid"], pick["estate"])


def test_some_people_of_a_team_go_and_are_sent_on_and_the_rest_stay_at_home(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK.replace("team.size > 12", "team.size < 4 || !team.name.includes('志愿')"))
    choose(page, "队伍", pick["name"])
    many = page.locator(".st-key-sendform").get_by_role("spinbutton")
    many.fill("3")
    many.press("Enter")
    frame.wait_for_function("map.gmBoard.plan.part && map.gmBoard.plan.part.people === 3", timeout=WAIT_MS)
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text(f"{pick['name']} 3 人")
    page.mouse.up()
    wait_for_moves(page, 1)
    faces = frame.locator(f".gm-team[data-team='{pick['team']}'] i")
    assert sorted(faces.all_inner_texts()) == sorted(["3", str(pick["people"] - 3)])
    expect(frame.locator(f".gm-chip[data-team='{pick['team']}']")).to_contain_text(f"{pick['people']} 人中的 3 人")
    on = frame.evaluate(ON, pick)
    badge = frame.locator(f".gm-team[data-team='{pick['team']}'][data-tone='planned']").bounding_box()
    shown = page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.move(badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2)
    page.mouse.down()
    page.mouse.move(shown["x"] + on["x"] + 9, shown["y"] + on["y"] + 9, steps=3)
    page.mouse.move(shown["x"] + on["x"], shown["y"] + on["y"])
    page.mouse.up()
    sent_on = [pick["team"], on["grid"], 3]
    frame.wait_for_function(f"() => JSON.stringify({PLANNED}) === '{json.dumps([sent_on], separators=(',', ':'))}'")
