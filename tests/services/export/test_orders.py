"""Orders to hand out say who, where, when, what for and whom to call; nothing in them is run."""

import io
import re
import subprocess
import zlib
from dataclasses import replace
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook

from services.export.orders import (
    by_community,
    community_text,
    ending_text,
    endings_text,
    orders_pdf,
    orders_text,
    orders_xlsx,
    team_text,
)
from services.i18n import use_language
from services.planning import MeetingPoint, Order, OrderEvent
from services.planning.order_sheets import OrderLine
from services.rules.windows import Mode, Window

NOON = datetime(2026, 11, 25, 12)
START, END = datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 22)


def line(number, team, community="雅瑶社区", **changed):
    order = Order(
        number, 1, f"T{number}", team, 12, "G1", "G2", "", START, END, END, Mode.EMERGENCY, "守门、登记", 6.4, "", None,
        NOON, "local",
    )  # fmt: skip
    facts = {
        "order": order, "window": Window(START, END), "kind": "突击队", "leader": "张三丰", "leader_role": "网格长",
        "phone": "13800001234", "from_name": "一格", "to_name": "二格", "estate_name": "云港花园",
        "community_code": community, "community_name": community,
    }  # fmt: skip
    return OrderLine(**facts | changed)


LINES = [line(1, "一队"), line(2, "二队"), line(3, "三队", "合和社区")]


def read(book):
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_the_order_of_a_team_says_all_it_must_know():
    assert team_text(line(7, "一队")).splitlines() == [
        "【派单 7】一队，12 人",
        "时间：2026-11-25 周三 18:00–22:00",
        "地点：雅瑶社区 · 二格 · 云港花园",
        "任务：守门、登记",
        "状态：应急",
        "出发：一格",
        "路程：步行约 6 分钟",
        "队长：张三丰（网格长） 13800001234",
    ]


def test_the_reason_that_set_a_rule_aside_stands_in_the_order():
    order = replace(line(7, "一队").order, reason="有班车接送")
    assert team_text(line(7, "一队", order=order)).splitlines()[-1] == "备注：有班车接送"


def test_the_community_is_not_said_twice():
    said = team_text(line(7, "一队", to_name="雅瑶社区第2网格", estate_name=""))
    assert "地点：雅瑶社区第2网格\n" in said


def test_what_nobody_stated_is_left_out():
    order = replace(line(7, "一队").order, purpose="", minutes=None)
    bare = line(7, "一队", order=order, leader="", leader_role="", phone="", estate_name="", from_name="")
    assert [row.split("：")[0] for row in team_text(bare).splitlines()[1:]] == ["时间", "地点", "状态"]


def test_a_relief_names_the_order_it_relieves():
    assert "换下：派单 3" in team_text(line(7, "一队", order=replace(line(7, "一队").order, relieves=3)))


def test_who_is_called_out_at_home_is_not_sent_from_anywhere():
    order = line(7, "一队").order
    home = line(7, "一队", order=replace(order, from_code=order.to_code))
    assert "出发：本网格（在本网格叫到岗）" in team_text(home)
    assert "步行" not in team_text(home)
    row = read(orders_xlsx([home], NOON))["按队伍"]
    assert "本网格（在本网格叫到岗）" in row[1]
    assert "路程" not in row[0]


def test_an_order_says_where_to_meet_whom_to_report_to_and_what_to_bring():
    order = replace(line(7, "一队").order, bring="身份证、雨衣")
    said = team_text(line(7, "一队", order=order, meeting_point=MeetingPoint("北门岗亭", "李四 13900004321")))
    assert said.splitlines()[-3:] == ["集合地点：北门岗亭", "向谁报到：李四 13900004321", "携带物品：身份证、雨衣"]


def test_whoever_is_called_back_is_told_when_from_where_and_why():
    order = replace(line(7, "一队").order, until=START.replace(hour=20))
    point = MeetingPoint("北门岗亭", "李四 13900004321")
    ended = {"order": order, "ending": OrderEvent.RECALLED, "ending_reason": "雨停了", "meeting_point": point}
    assert ending_text(line(7, "一队", **ended)).splitlines() == [
        "【召回 7】一队，12 人",
        "时间：11-25 20:00 结束，随后返回",
        "地点：雅瑶社区 · 二格 · 云港花园",
        "集合地点：北门岗亭",
        "向谁报到：李四 13900004321",
        "任务：守门、登记",
        "理由：雨停了",
    ]


def test_whoever_had_not_set_out_is_told_to_stay():
    order = replace(line(7, "一队").order, until=START)
    said = ending_text(line(7, "一队", order=order, ending=OrderEvent.RECALLED, ending_reason="取消"))
    assert "时间：不必出发（原定 2026-11-25 周三 18:00–22:00）" in said


def test_whoever_is_relieved_is_told_by_whom():
    order = replace(line(7, "一队").order, until=START.replace(hour=20))
    said = ending_text(line(7, "一队", order=order, ending=OrderEvent.RELIEVED, relieved_by="二队"))
    assert said.startswith("【换班 7】一队，12 人\n")
    assert "\n接替：二队\n" in said


def test_orders_that_were_called_off_stand_in_the_workbook_and_not_among_the_orders():
    off = replace(LINES[0].order, until=START)
    lines = [replace(LINES[0], order=off, ending=OrderEvent.RECALLED, ending_reason="取消"), *LINES[1:]]
    assert "派单 1】" not in orders_text(lines)
    sheet = read(orders_xlsx(lines, NOON))["按队伍"]
    assert [row[sheet[0].index("提前结束")] for row in sheet[1:]] == ["已召回 · 取消", "", ""]
    assert endings_text(lines).count("【") == 1


def test_each_receiving_community_has_a_list():
    first, second = by_community(LINES)
    assert community_text(first).splitlines()[0] == "【雅瑶社区】接收 2 支队伍，共 24 人"
    assert community_text(first).splitlines()[2].startswith("2. 雅瑶社区 · 二格 · 云港花园 · 二队，12 人 · 2026-11-25")
    assert community_text(second).splitlines()[0] == "【合和社区】接收 1 支队伍，共 12 人"


def test_the_whole_text_holds_every_order_and_every_list():
    assert orders_text(LINES).count("【") == 5


def test_the_workbook_has_all_teams_and_a_sheet_for_each_community():
    sheets = read(orders_xlsx(LINES, NOON))
    assert list(sheets) == ["按队伍", "雅瑶社区", "合和社区", "备注"] or list(sheets)[:3] == [
        "按队伍",
        "雅瑶社区",
        "合和社区",
    ]
    assert [len(sheets[name]) for name in ("按队伍", "雅瑶社区", "合和社区")] == [4, 3, 2]
    row = dict(zip(sheets["按队伍"][0], sheets["按队伍"][1], strict=True))
    assert (row["编号"], row["队伍"], row["人数"], row["联系电话"]) == (1, "一队", 12, "13800001234")


def test_the_workbook_has_no_column_of_what_no_order_states():
    bare = line(1, "一队", order=replace(LINES[0].order, purpose=""))
    brought = line(2, "二队", order=replace(bare.order, bring="雨衣"))
    assert "携带物品" not in read(orders_xlsx([bare], NOON))["按队伍"][0]
    sheets = read(orders_xlsx([bare, replace(brought, community_code="2", community_name="合和社区")], NOON))
    assert all("携带物品" in sheets[name][0] for name in ("按队伍", "雅瑶社区", "合和社区"))
    assert not {"任务", "集合地点", "提前结束"} & set(sheets["按队伍"][0])


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["甲/乙", "甲:乙"], ["甲 乙", "甲 乙 (2)"]),
        (["社" * 40, "社" * 40 + "二"], ["社" * 31, "社" * 25 + " (2)"]),
        (["", "按队伍"], ["未归社区", "按队伍 (2)"]),
    ],
)
def test_titles_of_sheets_are_allowed_and_different(names, titles):
    assert list(read(orders_xlsx([line(k, "一队", name) for k, name in enumerate(names)], NOON)))[1:3] == titles


def test_a_name_that_looks_like_a_formula_stays_text():
    row = read(orders_xlsx([line(1, "=1+1")], NOON))["按队伍"][1]
    assert "=1+1" in row


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_has_a_page_for_each_team_and_each_community(language):
    use_language(language)
    pdf = orders_pdf(LINES, NOON)
    assert pdf.startswith(b"%PDF")
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    objects = b"".join([pdf, *(zlib.decompress(part) for part in packed if part[:1] == b"x")])
    assert len(re.findall(rb"/Type\s*/Page\b", objects)) == len(LINES) + 2


@pytest.mark.parametrize("name", ["#panic(1)", "$x$ *粗* _斜_ `码`", ']#read("/etc/passwd")[', "\\u{1F600}", '"引号"'])
def test_texts_are_never_run_as_code_of_the_template(name):
    assert orders_pdf([line(1, name, name)], NOON).startswith(b"%PDF")


def test_the_pdf_tells_whoever_was_called_back_so_and_lists_only_who_set_out(program, tmp_path):
    off = replace(LINES[0].order, until=START)
    recalled = replace(LINES[0], order=off, ending=OrderEvent.RECALLED, ending_reason="雨停了")
    (tmp_path / "orders.pdf").write_bytes(orders_pdf([*LINES[1:], recalled], NOON))
    told = subprocess.run([program("pdftotext"), tmp_path / "orders.pdf", "-"], capture_output=True, check=True)
    words = told.stdout.decode()
    assert words.startswith("召回 1\n")
    assert "不必出发" in words
    assert "雨停了" in words
    assert words.count(LINES[0].order.team_name) == 1
