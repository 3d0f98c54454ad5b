"""The hour is that of the district, whatever zone the machine is set to."""

import logging
import re
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from services import logs
from services.catalog.actions import Action
from services.clock import (
    UnknownTimeZoneError,
    instant_of,
    local_now,
    machine_offset,
    offset_text,
    offset_time_text,
    zone_label,
)
from services.context import Context
from services.i18n import translate, use_language
from services.store import AuditQuery, Store
from tests.acting import act
from tests.clocks import INSTANT, MACHINES, SUNDAY, stopped_machine

ROOT = Path(__file__).parents[2]
OF_THE_MACHINE = re.compile(
    r"\.astimezone\(\)|\.now\(\)|\.today\(\)|\.utcnow\(|time\.(?:localtime|strftime|ctime|mktime)\b|[^)]\.timestamp\(\)"
)


@pytest.fixture(params=MACHINES)
def machine(request):
    with stopped_machine(request.param):
        yield request.param


def test_it_is_the_same_hour_on_every_machine(machine):
    assert local_now() == SUNDAY


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Urumqi", 5), (" Asia/Shanghai ", 7), ("", 7)])
def test_the_setting_says_which(machine, monkeypatch, zone, hour):
    monkeypatch.setenv("GRIDMUSTER_TIME_ZONE", zone)
    assert local_now().hour == hour


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "Asia", "../../etc/passwd", "/etc/passwd", "北京", "UTC+8", "x" * 300]
)
def test_a_zone_that_there_is_not_is_told_with_what_to_write(monkeypatch, zone):
    monkeypatch.setenv("GRIDMUSTER_TIME_ZONE", zone)
    with pytest.raises(UnknownTimeZoneError) as error:
        local_now()
    told = translate(error.value.text)
    assert f"“{zone[:64]}”不是时区名" in told
    assert "Asia/Shanghai" in told


def test_a_change_is_written_down_at_the_hour_of_the_district(machine, tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/store.gpkg")
    with act(Context(store), Action.IMPORT):
        pass
    with store.read() as tx:
        assert tx.trail.find(AuditQuery(), limit=9)["at"].tolist() == ["2026-11-29T07:30:00"]
    store.close()


def test_seconds_since_1970_do_not_depend_on_the_machine(machine):
    assert instant_of(local_now()) == INSTANT
    assert offset_time_text(local_now()) == "2026-11-29T07:30:00+08:00"


def test_how_far_the_machine_is_off(machine):
    hours = {"UTC": -8, "Asia/Shanghai": 0, "America/New_York": -13}
    assert machine_offset(SUNDAY) == timedelta(hours=hours[machine])


@pytest.mark.parametrize(
    ("zone", "chinese", "english"),
    [
        ("Asia/Shanghai", "北京时间（UTC+8）", "Beijing time (UTC+8)"),
        ("PRC", "北京时间（UTC+8）", "Beijing time (UTC+8)"),
        ("Asia/Urumqi", "乌鲁木齐时间（UTC+6）", "Urumqi time (UTC+6)"),
        ("America/St_Johns", "圣约翰斯时间（UTC-3:30）", "St. John’s time (UTC-3:30)"),
        ("Etc/GMT-8", "UTC+8", "UTC+8"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_has_a_name_and_its_offset(monkeypatch, zone, chinese, english):
    monkeypatch.setenv("GRIDMUSTER_TIME_ZONE", zone)
    labels = []
    for language in ("zh", "en"):
        use_language(language)
        labels.append(zone_label(SUNDAY))
    assert labels == [chinese, english]


def test_an_offset_follows_the_season(monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_TIME_ZONE", "America/New_York")
    assert [zone_label(datetime(2026, month, 1)) for month in (1, 7)] == ["纽约时间（UTC-5）", "纽约时间（UTC-4）"]
    assert offset_text(timedelta(hours=5, minutes=45)) == "UTC+5:45"


def test_logs_tell_the_hour_of_the_district(machine, monkeypatch, capsys):
    monkeypatch.setattr(logging.Formatter, "converter", time.localtime)
    structlog.reset_defaults()
    logs.use_local_times()
    structlog.get_logger("any").warning("thing")
    assert "2026-11-29T07:30:00+08:00" in capsys.readouterr().out
    record = logging.makeLogRecord({"created": INSTANT.timestamp(), "msecs": 0})
    assert logging.Formatter("%(asctime)s").formatTime(record).startswith("2026-11-29 07:30:00")


def test_nothing_else_asks_the_machine_for_the_time():
    """Whatever needs the time takes the clock of its context, or ``services.clock``."""
    places = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for package in ("geo", "services", "dashboard")
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if path != ROOT / "services" / "clock.py" and OF_THE_MACHINE.search(line)
    ]
    assert places == []
