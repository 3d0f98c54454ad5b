"""Servers on machines in different time zones show the same hour: that of the district."""

from datetime import UTC, datetime, timedelta

import pytest

from services.accounts import make_demo_accounts
from services.context import Context
from services.store import AuditQuery, Store
from tests.serving import fetch, header_of, serving, sign_in

BEIJING = timedelta(hours=8)


def beijing_now():
    return datetime.now(UTC).replace(tzinfo=None) + BEIJING


@pytest.mark.parametrize("machine", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_a_server_shows_and_writes_the_hour_of_the_district(tmp_path, machine):
    url = f"sqlite:///{tmp_path / 'store.gpkg'}"
    store = Store.open(url)
    make_demo_accounts(Context(store, clock=lambda: datetime(2026, 11, 20, 9)))
    store.close()
    before = beijing_now()
    with serving(tmp_path, "--store", url, TZ=machine) as server:
        cookie = sign_in(server.address)
        shown = header_of(f"{server.address}/screen/briefing.json", "X-GM-Now", cookie)
        assert fetch(f"{server.address}/sign-in")[0] == 200
    assert before - timedelta(milliseconds=1) <= datetime.fromisoformat(shown) <= beijing_now()
    store = Store.open(url)
    with store.read() as tx:
        written = datetime.fromisoformat(tx.trail.find(AuditQuery(), limit=1)["at"].iloc[0])
    store.close()
    assert before.replace(microsecond=0) <= written <= beijing_now()


def test_a_server_is_not_started_in_a_zone_that_there_is_not(tmp_path):
    with (
        pytest.raises(AssertionError, match="“Mars/Olympus”不是时区名"),
        serving(tmp_path, "--demo", GRIDMUSTER_TIME_ZONE="Mars/Olympus"),
    ):
        pass
    assert not (tmp_path / "var").exists()
