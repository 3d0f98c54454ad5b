"""A planner at work in a browser: a team is dragged onto a weak grid, by mouse and by keys, and others see it."""

import re

import pytest
from playwright.sync_api import expect

from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from tests.serving import serving

pytestmark = pytest.mark.browser
QUERY = "window=tonight&mode=emergency"
WAIT_MS = 20_000
CONFIRMED = "window.gmShown && map.gmBoard.pending.length === 0"
PICK = """() => {
  const board = map.gmBoard, size = map.getSize(), shapes = map.gmZones.levels.find(l => l.name === "grids").shapes;
  for (const team of board.ground.teams) for (let i = 0; i < board.codes.length; i++) {
    if (board.movesOf(team).length || !(board.value(i) < -1) || team.size > 12) continue;
    const seen = board.preview(team, i, team.size), at = map.latLngToContainerPoint(shapes.anchor(i));
    if (seen.refused || seen.asks || at.x < 230 || at.x > size.x - 330 || at.y < 60 || at.y > size.y - 60) continue;
    return {team: team.code, name: team.name, people: team.size, grid: board.codes[i], gridName: board.names[i],
            home: board.codes[team.home], x: at.x, y: at.y, need: board.need(i)};
  }
}"""
SUPPLY = "code => map.gmBoard.supply(map.gmBoard.row.get(code))"


@pytest.fixture
def own_server(tmp_path):
    """Serve a demo of one's own: these tests send teams."""
    url = f"sqlite:///{tmp_path / 'own.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    with serving(tmp_path, "--store", url) as running:
        yield running.address


def open_page(page, address, path="reinforce"):
    page.goto(f"{address}/{path}?{QUERY}")
    page.wait_for_function("[...document.querySelectorAll('iframe')].some(f => f.contentWindow.GM)", timeout=WAIT_MS)
    return next(f for f in page.frames if "/component/" in f.url)


def open_planner(page, address):
    frame = open_page(page, address)
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    return frame


def lift(page, frame, pick):
    """Begin to drag the chip of a team and hold it over the grid."""
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    chip.scroll_into_view_if_needed()
    box, shown = chip.bounding_box(), page.locator("iframe[title*='folium']").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(shown["x"] + pick["x"] + 20, shown["y"] + pick["y"] + 20, steps=4)
    page.mouse.move(shown["x"] + pick["x"], shown["y"] + pick["y"], steps=3)


def wait_for_moves(frame, many):
    frame.wait_for_function(f"map.gmBoard.moves.length === {many} && map.gmBoard.pending.length === 0", timeout=WAIT_MS)


def tile(page, label):
    return page.locator(f".gm-tile[aria-label='{label}'] .gm-value")


def test_a_team_is_dragged_undone_redone_kept_sent_and_seen_by_others(page, own_server, outside, browser):
    frame = open_planner(page, own_server)
    pick = frame.evaluate(PICK)
    giver, receiver = frame.evaluate(SUPPLY, pick["home"]), frame.evaluate(SUPPLY, pick["grid"])
    place = frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")

    lift(page, frame, pick)
    label = frame.locator(".gm-ghost")
    expect(label).to_contain_text(pick["gridName"])
    expect(label).to_contain_text(re.compile(r"缺 \d+ → \d+.*出借方.*步行 \d+ 分钟"))
    page.mouse.up()
    wait_for_moves(frame, 1)
    assert frame.evaluate(SUPPLY, pick["home"]) == pytest.approx(giver - pick["people"])
    assert frame.evaluate(SUPPLY, pick["grid"]) == pytest.approx(receiver + pick["people"])
    expect(page.locator(".st-key-movesbox")).to_contain_text(pick["name"])
    expect(tile(page, "本方案派出")).to_contain_text(str(pick["people"]))
    assert frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]") == place

    page.locator(".st-key-undo button").click()
    wait_for_moves(frame, 0)
    expect(tile(page, "本方案派出")).to_have_text("0人")
    page.locator(".st-key-redo button").click()
    wait_for_moves(frame, 1)

    frame = open_planner(page, own_server)
    wait_for_moves(frame, 1)
    expect(page.locator(".st-key-movesbox")).to_contain_text(pick["name"])

    other = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    watcher = other.new_page()
    theirs = open_page(watcher, own_server, "situation")
    theirs.wait_for_function("window.GM && GM.paint", timeout=WAIT_MS)
    before = theirs.evaluate("GM.paint.levels.grids.figures.join()")
    page.locator(".st-key-commit button").click()
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)
    theirs.wait_for_function("before => GM.paint.levels.grids.figures.join() !== before", arg=before, timeout=6_000)
    other.close()
    assert outside.requests == []
    assert outside.errors == []


def test_a_team_is_sent_taken_back_and_sent_off_with_keys_alone(page, own_server):
    frame = open_planner(page, own_server)
    pick = frame.evaluate(PICK)
    choose(page, "队伍", pick["name"])
    choose(page, "网格", pick["gridName"])
    press(page, ".st-key-send button")
    wait_for_moves(frame, 1)
    press(page, f".st-key-back-{pick['team']}-{pick['grid']} button")
    wait_for_moves(frame, 0)
    press(page, ".st-key-undo button")
    wait_for_moves(frame, 1)
    press(page, ".st-key-commit button")
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)


def choose(page, label, name):
    """Choose in a list by typing."""
    box = page.locator(".st-key-sendform").get_by_label(label, exact=True)
    box.focus()
    page.keyboard.type(name)
    expect(page.get_by_role("option").first).to_contain_text(name)
    page.keyboard.press("Enter")


def press(page, selector):
    button = page.locator(selector).first
    expect(button).to_be_enabled(timeout=WAIT_MS)
    button.focus()
    page.keyboard.press("Enter")


def test_a_drop_too_far_away_asks_once_for_a_reason(page, own_server):
    frame = open_planner(page, own_server)
    pick = frame.evaluate(PICK.replace("seen.refused || seen.asks", "!seen.asks || seen.asks[0] !== 'outOfReach'"))
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text("太远")
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("有班车接送")
    dialog.get_by_role("button", name="仍要派出").click()
    wait_for_moves(frame, 1)


def test_the_same_drop_sent_twice_counts_once(page, own_server):
    frame = open_planner(page, own_server)
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
    wait_for_moves(frame, 1)
    expect(page.locator(".st-key-undo button")).to_be_enabled()
    page.locator(".st-key-undo button").click()
    wait_for_moves(frame, 0)
    expect(page.locator(".st-key-undo button")).to_be_disabled()


def test_a_team_dragged_back_to_the_tray_comes_home(page, own_server):
    frame = open_planner(page, own_server)
    pick = frame.evaluate(PICK)
    lift(page, frame, pick)
    page.mouse.up()
    wait_for_moves(frame, 1)
    badge = frame.locator(f".gm-team[data-team='{pick['team']}']").first.bounding_box()
    tray = frame.locator(".gm-tray footer").bounding_box()
    page.mouse.move(badge["x"] + 5, badge["y"] + 5)
    page.mouse.down()
    page.mouse.move(tray["x"] + 60, tray["y"] - 40, steps=5)
    page.mouse.up()
    wait_for_moves(frame, 0)


def test_a_finger_drags_a_team_too(page, own_server):
    frame = open_planner(page, own_server)
    pick = frame.evaluate(PICK)
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    chip.scroll_into_view_if_needed()
    box, shown = chip.bounding_box(), page.locator("iframe[title*='folium']").bounding_box()
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
    wait_for_moves(frame, 1)
