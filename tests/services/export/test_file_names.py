"""What files are called."""

from dataclasses import replace
from datetime import datetime

import pytest

from geo.schema import Layer
from services.briefing import SectionName
from services.export.file_names import (
    briefing_file_name,
    coverage_file_name,
    file_name,
    orders_file_name,
    record_file_name,
)
from services.i18n import use_language
from services.rules.classes import MapLayer
from tests.briefings import LONG_NAME, make_sample

EVENING = datetime(2026, 11, 29, 20)


def test_a_file_of_a_briefing_names_area_paper_day_and_hour():
    live = replace(make_sample(), area="云港街道", start=EVENING, number=None)
    assert briefing_file_name(live, ".pptx") == "云港街道-力量汇报-11月29日20时.pptx"
    assert briefing_file_name(live, ".png", SectionName.SITUATION) == "云港街道-力量汇报-态势-11月29日20时.png"
    assert briefing_file_name(replace(live, number=12), ".pdf") == "云港街道-力量汇报-第12号-11月29日20时.pdf"


def test_a_briefing_in_english_has_an_english_name_whatever_the_page_speaks():
    assert briefing_file_name(replace(make_sample("en"), area="Yungang", start=EVENING, number=None), ".pdf") == (
        "Yungang-People and need-Nov 29 at 20.pdf"
    )


def test_tables_maps_orders_and_records_have_names_of_their_own():
    half = EVENING.replace(minute=30)
    assert coverage_file_name("云港街道", Layer.GRIDS, half, ".xlsx") == "云港街道-网格覆盖情况-11月29日20时30分.xlsx"
    assert coverage_file_name("", Layer.GRIDS, half, ".png", MapLayer.GAP) == "各网格缺口与富余-11月29日20时30分.png"
    assert orders_file_name("云港街道", EVENING, ".pdf") == "云港街道-派单-11月29日20时.pdf"
    assert record_file_name("M007", EVENING, ".json") == "个人信息-M007-11月29日.json"
    use_language("en")
    assert orders_file_name("云港街道", EVENING, ".pdf") == "云港街道-Orders-Nov 29 at 20.pdf"


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ('A/B\\C:D*E?F"G<H>I|J', "A-B-C-D-E-F-G-H-I-J"),
        ("一\n二\t三", "一 二 三"),
        ("..一.", "一"),
        ("一\u202e二\x00", "一-二"),
        ("/", ""),
    ],
)
def test_what_a_file_system_refuses_does_not_get_into_a_name(area, said):
    assert file_name(EVENING, ".csv", area, "x") == "-".join(part for part in (said, "x", "11月29日20时.csv") if part)


def test_the_longest_names_stay_within_what_a_file_system_takes():
    assert len(file_name(EVENING, ".pptx", LONG_NAME * 3, LONG_NAME).encode()) <= 255
