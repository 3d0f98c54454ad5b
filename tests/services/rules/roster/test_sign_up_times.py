"""Days, parts of the day, clock, names and codes mean shifts of the roster."""

from datetime import date, timedelta

import pytest

from services.i18n import translate
from services.rules.roster.sign_up.days import Period
from services.rules.roster.sign_up.lines import fold
from services.rules.roster.sign_up.times import Timetable
from services.rules.windows import Calendar
from tests.services.rules.roster.chains import make_shift

MONDAY = date(2026, 11, 23)
THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=k) for k in (3, 4, 5, 6))
WEEK = Period(MONDAY, SUNDAY, posted=THURSDAY)


def two_hours(day: date = SATURDAY, post: str = "北门", row: str = "A"):
    return [make_shift(f"{row}{k}", 2 * k, 2 * k + 2, post=post, day=day) for k in range(12)]


def find(words: str, shifts, *around: str, period: Period = WEEK, is_any: bool = False):
    timetable = Timetable(shifts, period)
    levels = [timetable.read(fold(each)) for each in (words, *around)]
    return timetable.find(levels, is_any=is_any)


def codes(words: str, shifts, *around: str, **options) -> list[str]:
    timing = find(words, shifts, *around, **options)
    assert timing.doubt is None, translate(timing.doubt)
    return [shift.code for shift in timing.shifts]


def doubt(words: str, shifts, *around: str, **options) -> str:
    timing = find(words, shifts, *around, **options)
    assert timing.doubt, [shift.code for shift in timing.shifts]
    return translate(timing.doubt)


@pytest.mark.parametrize(
    "words",
    [
        "8-10",
        "8:00-10:00",
        "8：00～10：00",
        "8.00–10.00",
        "8点到10点",
        "8点至10点",
        "８－１０",
        "08—10",
        "8 - 10",
        "早8-10点",
        "上午8点-10点",
        "八点到十点",
        "早八点到十点",
        "A4",
        "a4",
        "8时-10时",
        "第5班",
    ],
)
def test_the_hours_of_a_shift_are_said_in_many_ways(words):
    assert codes(words, two_hours()) == ["A4"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("20-22、22-24", ["A10", "A11"]),
        ("晚8-10点", ["A10"]),
        ("晚上8点到10点", ["A10"]),
        ("晚10点-12点", ["A11"]),
        ("22-0", ["A11"]),
        ("下午2-4点", ["A7"]),
        ("下午两点到四点", ["A7"]),
        ("中午12-2点", ["A6"]),
        ("12-14", ["A6"]),
        ("凌晨0-2点", ["A0"]),
        ("凌晨12-2点", ["A0"]),
        ("8-12", ["A4", "A5"]),
        ("10-2", ["A5", "A6"]),
        ("A4-A6", ["A4", "A5", "A6"]),
        ("A4、A6", ["A4", "A6"]),
        ("A4、6", ["A4", "A6"]),
        ("A4、8-10", ["A4"]),
        ("晚上 8 点到 10 点", ["A10"]),
        ("上午2人", ["A3", "A4", "A5"]),
        ("A4A6", ["A4", "A6"]),
        ("上午", ["A3", "A4", "A5"]),
        ("早上", ["A3", "A4", "A5"]),
        ("中午", ["A6"]),
        ("下午", ["A6", "A7", "A8"]),
        ("傍晚", ["A9"]),
        ("晚上", ["A9", "A10", "A11"]),
        ("凌晨", ["A0", "A1", "A2"]),
        ("白天", ["A4", "A5", "A6", "A7", "A8"]),
        ("第2班", ["A1"]),
        ("第二个班", ["A1"]),
        ("②", ["A1"]),
        ("B班", ["A1"]),
    ],
)
def test_hours_and_parts_mean_the_shifts_that_lie_in_them(words, expected):
    assert codes(words, two_hours()) == expected


@pytest.mark.parametrize("words", ["上午（8-10）", "周六上午 A4", "8-10（上午）"])
def test_hours_beside_a_part_of_the_day_say_which(words):
    assert codes(words, two_hours()) == ["A4"]


@pytest.mark.parametrize("words", ["下午班", "上午1班", "上午一个班"])
def test_one_shift_of_a_part_of_the_day_is_asked_for(words):
    assert "对得上的班次不止一个" in doubt(words, two_hours())


def test_the_whole_day_is_all_of_its_shifts():
    assert len(codes("全天", two_hours())) == 12


def test_half_hours_are_read():
    shifts = [make_shift("A1", 0, 24), make_shift("A2", 1, 2)]
    half = [make_shift("B1", 8.5, 10.5), make_shift("B2", 6.5, 9.5)]
    assert codes("8.30-10.30", [*shifts, *half]) == ["B1"]
    assert codes("8点半到10点半", half) == ["B1"]
    assert codes("早六点半到九点半", half) == ["B2"]
    assert codes("8点30分-10点30分", half) == ["B1"]


def test_hours_may_cross_midnight():
    night = [make_shift("N1", 22, 26), make_shift("N2", 22, 30), make_shift("N3", 26, 30), make_shift("D", 8, 10)]
    assert codes("22-2", night) == ["N1"]
    assert codes("晚10点-2点", night) == ["N1"]
    assert codes("晚10点到次日6点", night) == ["N2"]
    assert codes("22:00-次日6:00", night) == ["N2"]
    assert codes("夜里2-6点", night, "周六") == ["N3"]


def test_a_night_is_all_that_lies_in_it():
    assert codes("通宵", [make_shift("N1", 22, 26), make_shift("N2", 26, 30), make_shift("N3", 20, 22)], "周六") == [
        "N1",
        "N2",
    ]


def test_the_clock_has_24_hours_where_both_shifts_exist():
    both = [make_shift("A1", 8, 10), make_shift("A2", 20, 22)]
    assert codes("8-10", both) == ["A1"]
    assert find("8-10", both).notes == ()


def test_the_evening_is_meant_where_only_that_exists_and_told():
    timing = find("8-10", [make_shift("A2", 20, 22), make_shift("A3", 14, 16)])
    assert [shift.code for shift in timing.shifts] == ["A2"]
    assert [translate(note) for note in timing.notes] == ["“8-10”按晚上理解。"]


@pytest.mark.parametrize(("words", "expected"), [("早班", "E"), ("中班", "M"), ("晚班", "L"), ("夜班", "N")])
def test_shifts_have_names_by_when_they_start(words, expected):
    four = [
        make_shift("E", 6.5, 11.5),
        make_shift("M", 11.5, 17.5),
        make_shift("L", 17.5, 25),
        make_shift("N", 25, 30.5),
    ]
    assert codes(words, four, "周六") == [expected]


def test_a_name_that_fits_several_shifts_is_in_doubt():
    assert doubt("早班", two_hours()) == "“早班”对得上的班次不止一个，或没写到几点。"
    assert codes("早班", two_hours(), is_any=True) == ["A3", "A4", "A5"]


@pytest.mark.parametrize("words", ["8点", "20:00", "晚8点"])
def test_a_clock_without_an_end_is_asked_for(words):
    assert doubt(words, two_hours()).startswith(f"“{words}”对得上的班次不止一个")


@pytest.mark.parametrize("words", ["7-9", "9-10", "25-26", "8-11", "A20"])
def test_hours_of_no_shift_are_in_doubt(words):
    assert doubt(words, two_hours()) == f"“{words}”对不上值守表里的班次。" if words != "25-26" else "没有写时间。"


@pytest.mark.parametrize("words", ["财政局", "5-6人", "3号楼", "295-909", "13栋2单元", "B2栋", "早餐", "12栋", "晚上8"])
def test_what_is_no_time_is_not_read_as_one(words):
    assert doubt(words, two_hours()) == "没有写时间。"


DAYS = {day: f"D{day.day}" for day in (MONDAY + timedelta(days=k) for k in range(7))}
DAILY = [make_shift(code, 8, 10, day=day) for day, code in DAYS.items()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("今天", "26"),
        ("明天", "27"),
        ("后天", "28"),
        ("大后天", "29"),
        ("周六", "28"),
        ("星期六", "28"),
        ("礼拜天", "29"),
        ("周日", "29"),
        ("周末", "28 29"),
        ("11月28日", "28"),
        ("11月28号", "28"),
        ("11.28", "28"),
        ("11/28", "28"),
        ("28号", "28"),
        ("28日", "28"),
        ("28、29号", "28 29"),
        ("11月28、29日", "28 29"),
        ("27-29号", "27 28 29"),
        ("11月27日-29日", "27 28 29"),
        ("周四至周六", "26 27 28"),
        ("周五、六", "27 28"),
        ("周五和周日", "27 29"),
        ("每天", "23 24 25 26 27 28 29"),
        ("工作日", "23 24 25 26 27"),
        ("周一", "23"),
        ("本周五", "27"),
        ("这周五", "27"),
        ("11月28日（周六）", "28"),
        ("周六日", "28 29"),
    ],
)
def test_days_are_said_in_many_ways(words, expected):
    assert codes(f"{words} 8-10", DAILY) == [f"D{day}" for day in expected.split()]


def test_a_weekday_is_the_next_one_in_the_roster():
    fortnight = Period(MONDAY, MONDAY + timedelta(days=13), posted=FRIDAY)
    shifts = [make_shift(f"D{k}", 8, 10, day=MONDAY + timedelta(days=k)) for k in range(14)]
    assert codes("周一8-10", shifts, period=fortnight) == ["D7"]
    assert codes("周六8-10", shifts, period=fortnight) == ["D5"]
    assert codes("下周六8-10", shifts, period=fortnight) == ["D12"]
    assert codes("下周一、三8-10", shifts, period=fortnight) == ["D7", "D9"]


def test_workdays_follow_the_calendar():
    calendar = Calendar(holidays={FRIDAY}, working_weekends={SATURDAY})
    period = Period(THURSDAY, SUNDAY, posted=THURSDAY, calendar=calendar)
    assert codes("工作日8-10", DAILY, period=period) == ["D26", "D28"]


def test_a_day_outside_the_roster_is_in_doubt():
    assert doubt("12月5日8-10", DAILY) == "“8-10”对不上值守表里的班次。"


def test_each_day_has_its_own_hours():
    shifts = [*two_hours(SATURDAY), *two_hours(SUNDAY, row="B")]
    assert codes("周六8-10、周日20-22", shifts) == ["A4", "B10"]
    assert codes("8-10周六，20-22周日", shifts) == ["A4", "B10"]
    assert codes("周六、周日8-10", shifts) == ["A4", "B4"]
    assert codes("8-10（28号、29号）", shifts) == ["A4", "B4"]
    assert codes("今晚8-10点", two_hours(THURSDAY)) == ["A10"]
    assert codes("明早8-10", two_hours(FRIDAY)) == ["A4"]
    assert codes("周六晚", shifts) == ["A9", "A10", "A11"]


def test_hours_of_several_days_are_in_doubt_without_a_day():
    assert doubt("8-10", DAILY) == "“8-10”有好几天都对得上，没写哪天。"


def test_a_day_on_which_nothing_fits_is_told():
    timing = find("周五、周六8-10", two_hours(SATURDAY))
    assert [shift.code for shift in timing.shifts] == ["A4"]
    assert [translate(note) for note in timing.notes] == ["11-27 没有“8-10”的班次。"]


TWO_POSTS = [*two_hours(post="北门岗"), *two_hours(post="南门岗", row="B")]


def test_a_post_tells_shifts_of_the_same_hours_apart():
    assert codes("南门 8-10", TWO_POSTS) == ["B4"]
    assert codes("8-10", TWO_POSTS, "【北门】") == ["A4"]
    assert codes("8-10", TWO_POSTS, "", "周六北门岗值守") == ["A4"]
    assert codes("南门岗 8-10", TWO_POSTS, "", "周六北门岗值守") == ["B4"]


def test_shifts_at_the_same_time_are_in_doubt():
    assert doubt("8-10", TWO_POSTS) == "A4、B4 时间重叠，只能选一个。"
    assert codes("8-10", TWO_POSTS, is_any=True) == ["A4", "B4"]


def test_who_says_nothing_gets_the_shift_of_the_heading():
    assert codes("", two_hours(), "【8:00-10:00】", "值守 20-22") == ["A4"]
    assert codes("", two_hours(), "A4 北门 20–22", "") == ["A4"]


def test_who_says_nothing_gets_the_only_shift_of_the_title():
    assert codes("", two_hours(), "", "周六20-22值守") == ["A10"]
    assert codes("", DAILY, "", "周六值守") == ["D28"]
    assert doubt("", two_hours(), "", "周六20-22、22-24值守") == "没有写时间。"
    assert doubt("", two_hours(), "", "周六值守") == "没有写时间。"


def test_who_says_nothing_is_offered_the_shifts_of_the_title():
    assert [s.code for s in find("", two_hours(), "", "周六20-22、22-24值守").shifts] == ["A10", "A11"]


def test_a_roster_without_shifts_is_in_doubt():
    assert doubt("8-10", []) == "“8-10”对不上值守表里的班次。"
