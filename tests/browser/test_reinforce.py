"""A planner at work in a browser: a team is dragged onto a weak grid, by mouse and by keys, and others see it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.planning import (
    PICK,
    SUPPLY,
    WAIT_MS,
    badges_of,
    choose,
    drag,
    figure,
    lift,
    open_page,
    open_planner,
    pick_team,
    press,
    send_out,
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
    if (board.codes[i] === pick.grid || !(board.value(i) < -0.1) || map.gmAround(shapes.anchor(i)).length > 1) continue;
    const seen = board.preview(board.teams.get(pick.team), i, 3, pick.grid);
    const at = map.latLngToContainerPoint(shapes.anchor(i));
    if (seen.refused || seen.asks || at.x < 230 || at.x > size.x - 330 || at.y < 90 || at.y > size.y - 60) continue;
    return {grid: board.codes[i], x: at.x, y: at.y};
  }
}"""
PLANNED = "map.gmBoard.plan.moves.map(move => [move.team, move.grid, move.people])"

WATCH_PATCHES = """() => { const {base} = map.gmSheets, patch = base.patch.bind(base);
  base.patch = (shapes, rows) => {
    window.gmPatched = [[...rows].map(i => map.gmBoard.codes[i]), map.gmBoard.pending.length];
    patch(shapes, rows);
  }; }"""


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
    send_out(page)
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)
    theirs.wait_for_function("before => GM.paint.levels.grids.figures.join() !== before", arg=before, timeout=6_000)
    other.close()
    assert outside.requests == []
    assert outside.errors == []


def test_a_team_is_sent_taken_back_and_sent_off_with_keys_alone(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    pick_team(page, frame, pick["name"])
    choose(page, "网格", pick["gridName"])
    press(page, ".st-key-send button")
    wait_for_moves(page, 1)
    press(page, f".st-key-back-{pick['team']}-{pick['grid']} button")
    wait_for_moves(page, 0)
    press(page, ".st-key-undo button")
    wait_for_moves(page, 1)
    send_out(page)
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
    badge = badges_of(page, frame, pick["team"])[0]
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


def test_a_drop_paints_its_own_grids_alone_before_the_server_answers(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.evaluate(WATCH_PATCHES)
    drag(page, frame, pick)
    frame = wait_for_moves(page, 1)
    codes, pending = frame.evaluate("window.gmPatched")
    assert pick["grid"] in codes
    assert set(codes) <= {pick["grid"], pick["home"]}
    assert pending == 1


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
    pick_team(page, frame, pick["name"])
    many = page.locator(".st-key-sendform").get_by_role("spinbutton")
    many.fill("3")
    many.press("Enter")
    frame.wait_for_function("map.gmBoard.plan.part && map.gmBoard.plan.part.people === 3", timeout=WAIT_MS)
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text(f"{pick['name']} 3 人")
    page.mouse.up()
    wait_for_moves(page, 1)
    badges = badges_of(page, frame, pick["team"])
    assert sorted(badge["face"] for badge in badges) == sorted(["3", str(pick["people"] - 3)])
    expect(frame.locator(f".gm-chip[data-team='{pick['team']}']")).to_contain_text(f"{pick['people']} 人中的 3 人")
    on = frame.evaluate(ON, pick)
    badge = next(one for one in badges_of(page, frame, pick["team"]) if one["tone"] == "planned")
    shown = page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.move(badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2)
    page.mouse.down()
    page.mouse.move(shown["x"] + on["x"] + 9, shown["y"] + on["y"] + 9, steps=3)
    page.mouse.move(shown["x"] + on["x"], shown["y"] + on["y"])
    page.mouse.up()
    sent_on = [pick["team"], on["grid"], 3]
    frame.wait_for_function(f"() => JSON.stringify({PLANNED}) === '{json.dumps([sent_on], separators=(',', ':'))}'")


SPLIT = """pick => {
  const board = map.gmBoard, [move] = board.movesOf(board.teams.get(pick.team));
  const other = board.row.get(move.grid) ? 0 : 1;
  board.lay([...board.moves, {...move, grid: board.codes[other], people: 2}]);
  return [move.grid, board.codes[other]].map(code => board.names[board.row.get(code)]);
}"""


def test_a_team_that_is_split_says_once_where_its_people_go(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    drag(page, frame, pick)
    wait_for_moves(page, 1)
    first, second = frame.evaluate(SPLIT, pick)
    frame.get_by_label("搜索队伍").fill(pick["name"])
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    expect(chip).to_contain_text(f"拟派往{first} {pick['people']} 人、{second} 2 人")


AT_HOME = PICK.replace(
    "if (i === team.home) continue;", "if (i !== team.home || team.lost > 0.9 * team.size) continue;"
).replace("need: board.need(i)", "need: board.need(i), supply: board.supply(i), gain: board.gain(team, i, team.size)")
BETWEEN = """() => {
  const board = map.gmBoard, size = map.getSize();
  const around = (x, y) => map.gmAround(map.containerPointToLatLng([x, y])).map(place => place.i).sort().join();
  for (let x = 240; x < size.x - 340; x += 3) for (let y = 130; y < size.y - 240; y += 3) {
    const there = around(x, y), grids = there.split(",").map(Number);
    const isSteady = [[2, 0], [-2, 0], [0, 2], [0, -2]].every(([a, b]) => around(x + a, y + b) === there);
    if (grids.length !== 2 || !isSteady) continue;
    for (const team of board.ground.teams) {
      const seen = grids.map(i => board.preview(team, i, team.size));
      if (seen.some(one => one.refused || one.asks)) continue;
      return {team: team.code, x, y, grids: grids.map(i => board.codes[i]), names: grids.map(i => board.names[i])};
    }
  }
}"""


def test_a_drop_on_a_border_asks_which_grid_is_meant(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(BETWEEN)
    drag(page, frame, pick)
    menu = frame.get_by_role("dialog", name=re.compile("派到哪里"))
    expect(menu.get_by_role("button")).to_have_count(2)
    menu.get_by_role("button", name=re.compile(f"^{pick['names'][1]} ")).click()
    wait_for_moves(page, 1)
    assert frame.evaluate("map.gmBoard.plan.moves[0].grid") == pick["grids"][1]


def test_a_team_is_picked_and_placed_by_two_clicks(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    frame.locator(f".gm-chip[data-team='{pick['team']}']").click()
    expect(frame.locator(".gm-ghost")).to_contain_text(pick["name"])
    shown = page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.click(shown["x"] + pick["x"], shown["y"] + pick["y"])
    wait_for_moves(page, 1)
    assert frame.evaluate("map.gmBoard.plan.moves[0].grid") == pick["grid"]
    expect(frame.locator(".gm-ghost")).to_have_count(0)


def test_a_team_is_called_out_at_home(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(AT_HOME)
    frame.locator(f".gm-chip[data-team='{pick['team']}']").click()
    shown = page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.click(shown["x"] + pick["x"], shown["y"] + pick["y"])
    frame = wait_for_moves(page, 1)
    assert frame.evaluate("map.gmBoard.plan.moves[0].grid") == pick["grid"] == pick["home"]
    assert frame.evaluate(SUPPLY, pick["grid"]) == pytest.approx(pick["supply"] + pick["gain"], abs=1e-3)
    expect(page.locator(".st-key-movesbox")).to_contain_text("在本网格叫到岗")
    send_out(page)
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)


def test_a_badge_that_is_let_go_where_it_stood_calls_nobody_out(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(AT_HOME)
    box, shown = badges_of(page, frame, pick["team"])[0], page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(shown["x"] + pick["x"] + 20, shown["y"] + pick["y"] + 20, steps=4)
    page.mouse.move(shown["x"] + pick["x"], shown["y"] + pick["y"], steps=3)
    page.mouse.up()
    expect(frame.locator(".gm-ghost")).to_have_count(0)
    wait_for_moves(page, 0)


def test_a_team_that_was_picked_is_put_back_by_escape(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK)
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    chip.click()
    expect(frame.locator(".gm-ghost")).to_have_count(1)
    chip.press("Escape")
    expect(frame.locator(".gm-ghost")).to_have_count(0)
    wait_for_moves(page, 0)


def test_more_people_than_are_missing_are_asked_about(page, evening):
    frame = open_planner(page, evening)
    pick = frame.evaluate(PICK.replace("seen.refused || seen.asks", "!seen.asks || seen.asks[0] !== 'tooMany'"))
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text(re.compile(r"缺 [\d.]+ 人，派 \d+ 人：多 \d+ 人"))
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"派 {pick['people']} 人", timeout=WAIT_MS)
    dialog.get_by_role("button", name="全部派出").click()
    wait_for_moves(page, 1)


def test_undo_works_wherever_the_focus_is(page, evening):
    frame = open_planner(page, evening)
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 1)
    page.locator(".st-key-commit button").focus()
    page.keyboard.press("Control+z")
    wait_for_moves(page, 0)


def test_from_the_map_to_the_form_it_takes_at_most_thirty_stops(page, evening):
    frame = open_planner(page, evening)
    frame.locator(".leaflet-container").first.focus()
    is_there = "!!document.activeElement.closest('.st-key-sendform')"
    stops = 0
    while stops < 31 and not page.evaluate(is_there):
        page.keyboard.press("Tab")
        stops += 1
    assert stops <= 30


def test_the_best_team_goes_to_the_weakest_grid_by_enter(page, evening):
    frame = open_planner(page, evening)
    figure(frame, "薄弱网格").click()
    first = page.locator(".st-key-worklist .gm-work-head").first
    expect(first).to_be_focused()
    name = first.locator("b").inner_text()
    best = page.locator(".st-key-worklist .gm-work-team b").first.inner_text()
    page.keyboard.press("Enter")
    wait_for_moves(page, 1)
    expect(page.locator(".st-key-movesbox")).to_contain_text(best)
    expect(page.locator(".st-key-movesbox")).to_contain_text(name)


def test_a_grid_of_the_list_is_the_grid_of_the_map(page, evening):
    frame = open_planner(page, evening)
    row = page.locator(".st-key-worklist .gm-work-head").nth(2)
    name = row.locator("b").inner_text()
    row.click()
    frame.wait_for_function("map.gmZones.state.chosen !== null", timeout=WAIT_MS)
    assert frame.evaluate("map.gmBoard.names[map.gmZones.state.chosen.i]") == name
    expect(page.locator(".st-key-worklist .gm-work-head[aria-pressed=true]")).to_contain_text(name)
