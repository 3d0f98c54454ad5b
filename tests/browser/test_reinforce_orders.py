"""Besides dragging: orders relieved and recalled, two plans side by side, a team formed on the spot."""

import pytest
from playwright.sync_api import expect

from tests.browser.planning import (
    PICK,
    SUPPLY,
    WAIT_MS,
    drag,
    figure,
    lift,
    open_planner,
    press,
    send_out,
    wait_for_moves,
)

pytestmark = pytest.mark.browser

STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
"""The page while no run is under way, which would close a list that was just opened."""


def send_off(page, frame):
    """Send a team for good; return who went where."""
    pick = frame.evaluate(PICK)
    drag(page, frame, pick)
    wait_for_moves(page, 1)
    send_out(page)
    expect(page.locator(".st-key-orders")).to_contain_text(pick["name"], timeout=WAIT_MS)
    return pick


def write_in(page, field, name):
    """Write a name into a list and take it; a run that comes between closes the list, so it is opened again."""
    taken = page.get_by_role("option", name=name)
    for _attempt in range(5):
        field.fill("")
        field.press_sequentially(name)
        try:
            expect(taken).to_be_visible(timeout=2_000)
        except AssertionError:
            continue
        page.keyboard.press("Enter")
        return
    expect(taken).to_be_visible()


def open_order(page):
    press(page, ".st-key-orders .gm-more")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("换防")
    dialog.get_by_label("理由").press("Enter")
    return dialog


def test_a_sent_team_is_recalled_with_a_reason_and_free_again(page, evening):
    frame = open_planner(page, evening)
    pick = send_off(page, frame)
    chip = frame.locator(f".gm-chip[data-team='{pick['team']}']")
    expect(chip).to_contain_text("已派往")
    dialog = open_order(page)
    dialog.get_by_role("button", name="召回").click()
    expect(dialog).to_have_count(0, timeout=WAIT_MS)
    expect(chip).to_contain_text("空闲", timeout=WAIT_MS)
    expect(page.locator(".gm-ended")).to_contain_text("已召回")


def test_a_sent_team_is_relieved_by_another_which_is_sent_in_its_place(page, evening):
    frame = open_planner(page, evening)
    pick = send_off(page, frame)
    dialog = open_order(page)
    dialog.get_by_label("接替队伍").click()
    option = page.get_by_role("option").first
    relief = option.inner_text().split(" · ")[0]
    option.click()
    dialog.get_by_role("button", name="换班").click()
    expect(dialog).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator(".st-key-orders")).to_contain_text(relief, timeout=WAIT_MS)
    expect(frame.locator(f".gm-chip[data-team='{pick['team']}']")).to_contain_text("空闲", timeout=WAIT_MS)


def test_two_plans_of_a_window_stand_side_by_side(page, evening):
    frame = open_planner(page, evening)
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 1)
    page.get_by_role("button", name="方案管理").click()
    page.locator(".st-key-plan-copy button").click()
    frame.wait_for_function("map.gmBoard.plan.notice.id > 1 && map.gmBoard.moves.length === 1", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    drag(page, frame, frame.evaluate(PICK))
    wait_for_moves(page, 2)
    page.get_by_role("button", name="比较两个方案").or_(page.get_by_role("radio", name="比较两个方案")).first.click()
    compared = page.get_by_role("region", name="比较两个方案")
    expect(compared).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-testid='stVegaLiteChart']")).to_be_visible(timeout=WAIT_MS)
    expect(figure(frame, "本方案派出")).not_to_have_text("0人")


def test_a_team_formed_on_the_spot_stands_in_the_tray_and_can_be_sent(page, evening):
    frame = open_planner(page, evening)
    before = frame.evaluate("map.gmBoard.ground.teams.length")
    page.get_by_role("button", name="组队").or_(page.get_by_role("radio", name="组队")).first.click()
    form = page.locator(".st-key-forming")
    expect(page.locator(STILL)).to_be_visible(timeout=WAIT_MS)
    form.get_by_label("网格", exact=True).click()
    form.get_by_label("网格", exact=True).press("ArrowDown")
    page.get_by_role("option").first.click()
    expect(form).to_contain_text("还缺", timeout=WAIT_MS)
    expect(page.locator(STILL)).to_be_visible(timeout=WAIT_MS)
    write_in(page, form.get_by_label("社区干部", exact=True), "组长甲")
    expect(form).to_contain_text("1 人")
    expect(form).to_contain_text("其中 1 人为手工填写")
    expect(page.locator(STILL)).to_be_visible(timeout=WAIT_MS)
    form.get_by_label("队伍名称").fill("临时巡查队")
    form.get_by_role("button", name="组建").click()
    frame.wait_for_function("many => map.gmBoard.ground.teams.length === many + 1", arg=before, timeout=WAIT_MS)
    expect(frame.locator(".gm-chip", has_text="临时巡查队")).to_be_visible()

    pick = frame.evaluate(PICK.replace("team.size > 12", "team.name !== '临时巡查队'"))
    home = frame.evaluate(SUPPLY, pick["home"])
    lift(page, frame, pick)
    expect(frame.locator(".gm-ghost")).to_contain_text("其中 1 人不占出借方在册党员")
    page.mouse.up()
    wait_for_moves(page, 1)
    assert frame.evaluate(SUPPLY, pick["home"]) == home
    send_out(page)
    expect(page.locator(".st-key-orders")).to_contain_text("临时巡查队", timeout=WAIT_MS)
    expect(frame.locator(f".gm-chip[data-team='{pick['team']}']")).to_contain_text("已派往", timeout=WAIT_MS)
