"""With what the figures of a briefing are compared: the same hours of another day, or a briefing that was chosen."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from geo.schema import Layer
from services.briefing import (
    SectionName,
    freeze,
    make_briefing,
    read_briefing,
)
from services.briefing.errors import (
    OtherAreaError,
    UnknownBriefingError,
)
from services.briefing.history import PreviousFigures
from services.briefing.inputs import gather
from services.briefing.model import Tone
from services.briefing.sections.situation import tell_situation
from services.rules.areas import Area
from services.rules.windows import Mode, Window

from .conftest import EVENING, NOW


def later(window, days=1):
    return Window(window.start + timedelta(days=days), window.end + timedelta(days=days))


def told(office, request_, **changes):
    made = make_briefing(office, replace(request_, **changes))
    return next(part for part in made.sections if part.name is SectionName.SITUATION)


def test_figures_are_compared_with_the_last_briefing_of_the_same_hours_of_another_day(office, request_, commit, now):
    number = freeze(office, request_)
    tomorrow = later(EVENING)
    commit(("T1", "G2", 12), window=tomorrow)
    now[0] = NOW + timedelta(days=1)
    part = told(office, request_, window=tomorrow)
    assert part.lead == f"变化与第 {number} 号汇报（11 月 25 日（周三）20:00–24:00）相比。"
    assert [figure.note for figure in part.figures[1:3]] == [f"比第 {number} 号 -1", f"比第 {number} 号 -5"]
    assert [figure.tone.value for figure in part.figures[:3]] == ["good", "good", "good"]


def test_of_several_the_latest_day_counts_and_of_it_the_one_frozen_last(office, request_, commit, now):
    freeze(office, request_)
    now[0] = NOW + timedelta(days=1)
    second = freeze(office, replace(request_, window=later(EVENING)))
    third = freeze(office, replace(request_, window=later(EVENING)))
    freeze(office, request_)
    now[0] = NOW + timedelta(days=2)
    assert second < third
    assert f"第 {third} 号" in told(office, request_, window=later(EVENING, 2)).lead


def test_a_briefing_is_not_compared_with_one_of_the_same_day(office, request_, commit, now):
    freeze(office, request_)
    now[0] = NOW + timedelta(minutes=30)
    commit(("T1", "G2", 12))
    part = told(office, request_)
    assert (part.lead, {figure.note for figure in part.figures}) == ("", {""})


def test_without_a_frozen_one_the_same_hours_of_the_day_before_are_compared(office, request_, commit, now):
    commit(("T1", "G2", 12))
    now[0] = NOW + timedelta(days=1)
    part = told(office, request_, window=later(EVENING))
    assert part.lead == "变化与昨天同一时段（11 月 25 日（周三）20:00–24:00）相比，人员和网格按现有数据计算。"
    assert [figure.note for figure in part.figures[1:3]] == ["比昨天同一时段 +1", "比昨天同一时段 +5"]
    assert [figure.tone.value for figure in part.figures[:3]] == ["bad", "bad", "bad"]


def test_a_change_is_what_is_shown_now_less_what_was_shown(office, request_, commit, now):
    commit(("T1", "G2", 12), ("T2", "G3", 6), window=later(EVENING))
    now[0] = NOW + timedelta(days=1)
    assert told(office, request_, window=later(EVENING)).figures[2].note == "比昨天同一时段 -7"
    freeze(office, request_)
    figure = told(office, request_, window=later(EVENING)).figures[2]
    assert (figure.value, figure.note) == ("1", "比第 1 号 -7")


@pytest.mark.parametrize(
    ("mode", "window"),
    [
        (Mode.LOCKDOWN, EVENING),
        (Mode.EMERGENCY, Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 28, 12))),
        (Mode.EMERGENCY, Window(datetime(2026, 11, 25, 21), datetime(2026, 11, 26))),
    ],
)
def test_briefings_of_another_mode_or_other_hours_are_not_compared(office, request_, mode, window):
    number = freeze(office, replace(request_, mode=mode, window=window))
    assert f"第 {number} 号" not in told(office, request_, window=later(EVENING, 5)).lead


def test_the_briefing_that_was_chosen_is_compared_and_named_with_its_hours_and_mode(office, request_):
    lockdown = Window(datetime(2026, 11, 25, 14), datetime(2026, 11, 25, 16))
    number = freeze(office, replace(request_, mode=Mode.LOCKDOWN, window=lockdown))
    freeze(office, request_)
    part = told(office, request_, window=later(EVENING), compare=number)
    assert part.lead == f"变化与第 {number} 号汇报（11 月 25 日（周三）14:00–16:00 · 封控）相比。"
    assert {figure.note.partition(" 号")[0] for figure in part.figures} <= {f"比第 {number}", f"与第 {number}"}
    frozen = freeze(office, replace(request_, compare=number))
    assert f"第 {number} 号" in read_briefing(office, frozen, "zh").sections[0].lead


def test_one_of_the_same_hours_that_was_chosen_is_told_by_when_it_was_frozen(office, request_, now):
    number = freeze(office, request_)
    now[0] = NOW + timedelta(hours=1)
    part = told(office, request_, compare=number)
    assert part.lead == f"变化与第 {number} 号汇报（11 月 25 日（周三）20:00–24:00，2026-11-25 12:00 定格）相比。"
    assert [(figure.note, figure.tone) for figure in part.figures] == [(f"与第 {number} 号持平", Tone.PLAIN)] * 4


def test_a_change_too_small_to_be_shown_has_no_colour(office, request_):
    briefing_inputs = gather(office, request_)
    was = replace(briefing_inputs.headline, met=briefing_inputs.headline.met - 1e-6)
    part = tell_situation(replace(briefing_inputs, earlier=PreviousFigures(was, later(EVENING, -1), Mode.EMERGENCY)))
    assert (part.figures[0].note, part.figures[0].tone) == ("与昨天同一时段持平", Tone.PLAIN)


def test_a_briefing_that_is_not_there_cannot_be_chosen(office, request_):
    for ask in (make_briefing, freeze):
        with pytest.raises(UnknownBriefingError, match="7"):
            ask(office, replace(request_, compare=7))


def test_a_briefing_of_another_area_cannot_be_chosen(office, request_):
    number = freeze(office, request_)
    part = office.within(Area(Layer.COMMUNITIES, "C1"))
    with pytest.raises(OtherAreaError, match=f"{number}"):
        make_briefing(part, replace(request_, compare=number))
    own = freeze(part, request_)
    with pytest.raises(OtherAreaError):
        make_briefing(office, replace(request_, compare=own))
