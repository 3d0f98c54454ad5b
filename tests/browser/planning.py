"""What the tests of the planner's page share: opening it, finding a move that is allowed, dragging, waiting."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.waiting import map_frame

QUERY = "window=tonight&mode=emergency"
WAIT_MS = 40_000
CONFIRMED = "window.gmShown && map.gmBoard.pending.length === 0"
PICK = """() => {
  const board = map.gmBoard, size = map.getSize(), shapes = map.gmZones.levels.find(l => l.name === "grids").shapes;
  const place = i => map.latLngToContainerPoint(shapes.anchor(i));
  const open = [...board.codes.keys()].filter(i => {
    if (!(board.value(i) < -1)) return false;
    const at = place(i);
    if (at.x < 230 || at.x > size.x - 330 || at.y < 90 || at.y > size.y - 60) return false;
    return map.gmAround(shapes.anchor(i)).length <= 1;
  });
  for (const team of board.ground.teams) {
    if (team.size > 12 || board.movesOf(team).length) continue;
    for (const i of open) {
      if (i === team.home) continue;
      const seen = board.preview(team, i, team.size), at = place(i);
      if (seen.refused || seen.asks) continue;
      return {team: team.code, name: team.name, people: team.size, grid: board.codes[i], gridName: board.names[i],
              home: board.codes[team.home], x: at.x, y: at.y, need: board.need(i)};
    }
  }
}"""
SETTLED = """many => [...document.querySelectorAll("iframe")].some(frame => {
  const board = frame.contentWindow.map?.gmBoard;
  return board && board.plan && board.moves.length === many && board.pending.length === 0;
})"""
SUPPLY = "code => map.gmBoard.supply(map.gmBoard.row.get(code))"


@dataclass(frozen=True)
class Evening:
    """A window of its own for a test: plans and orders of one leave those of the others alone."""

    server: str
    query: str


def open_page(page, evening, path="reinforce"):
    page.goto(f"{evening.server}/{path}?{evening.query}")
    return map_frame(page)


def open_planner(page, evening):
    frame = open_page(page, evening)
    frame.wait_for_function(CONFIRMED, timeout=WAIT_MS)
    return frame


def lift(page, frame, pick):
    """Begin to drag the chip of a team and hold it over the place that was picked."""
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    chip.hover(position={"x": 40, "y": 15})  # waits until the tray no longer moves
    shown = page.locator("iframe[src*='folium']").bounding_box()
    page.mouse.down()
    page.mouse.move(shown["x"] + pick["x"] + 20, shown["y"] + pick["y"] + 20, steps=4)
    page.mouse.move(shown["x"] + pick["x"], shown["y"] + pick["y"], steps=3)


def drag(page, frame, pick):
    lift(page, frame, pick)
    page.mouse.up()


def wait_for_moves(page, many):
    """Return the frame of the map when its plan has so many moves, all of them dealt with.

    Streamlit may put the map into another frame when the connection is back, so it is looked for anew.
    """
    page.wait_for_function(SETTLED, arg=many, timeout=WAIT_MS)
    return map_frame(page)


def badges_of(page, frame, team):
    """Return where the badges of a team are on the page, with tone and face; the map draws them."""
    shown = page.locator("iframe[src*='folium']").bounding_box()
    found = frame.evaluate("team => map.gmBadges().filter(badge => badge.team === team)", team)
    return [badge | {"x": badge["x"] + shown["x"], "y": badge["y"] + shown["y"]} for badge in found]


def figure(frame, label):
    return frame.locator(f".gm-figure[aria-label='{label}'] b")


def choose(page, label, name):
    """Choose in a list by typing."""
    box = page.locator(".st-key-sendform").get_by_label(label, exact=True)
    box.focus()
    page.keyboard.type(name)
    expect(page.get_by_role("option").first).to_contain_text(name)
    page.keyboard.press("Enter")


def pick_team(page, frame, name):
    """Choose a team in the tray by keys: the one place where teams are chosen."""
    frame.get_by_label("搜索队伍").fill(name)
    chip = frame.locator(".gm-chip").first
    expect(chip).to_contain_text(name)
    chip.focus()
    chip.press("Enter")
    expect(page.locator(".st-key-chosen-team")).to_contain_text(name, timeout=WAIT_MS)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=WAIT_MS)


def send_out(page):
    """Go through the review of the plan and send it."""
    press(page, ".st-key-commit button")
    press(page, ".st-key-send-out button")


def press(page, selector):
    button = page.locator(selector).first
    expect(button).to_be_enabled(timeout=WAIT_MS)
    button.focus()
    page.keyboard.press("Enter")
