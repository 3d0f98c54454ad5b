"""The doctor finds each thing that can be wrong, says what to do, and is content with a store in order."""

import shutil
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from geo.schema import Layer
from services import accounts, people
from services.catalog.actions import Action, Role
from services.context import Context, open_context
from services.demo import DemoSize, make_demo
from services.i18n import translate
from services.maintenance import RetentionPolicy, Severity, back_up, diagnose
from services.maintenance.backup_retention import kept_times
from services.maintenance.store_checks import orders_unlike_trail
from services.maintenance.system_checks import check_disk, check_sqlite, check_time_zone, places_written
from services.planning import Move, commit_plan, create_plan, recall_order, send
from services.rules.roles import Actor
from services.rules.windows import Mode, Window
from services.store import Store
from tests.acting import act
from tests.clocks import SUNDAY, stopped_machine

NOW = datetime(2026, 11, 25, 12)


@pytest.fixture
def office(store_url, tmp_path, monkeypatch):
    """Return a context on a store in order: a backup of tonight, an administrator."""
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path / "backups"))
    context = Context(open_context(store_url)._store, clock=lambda: NOW)
    accounts.finish_setup(context, accounts.begin_setup(context), "chief", "Lamp-7-river-stone")
    back_up(context, tmp_path / "backups", RetentionPolicy())
    yield context
    context._store.close()


def found(url, now=NOW):
    return {one.check: one for one in diagnose(url, now) if one.severity is not Severity.FINE}


def spoil(office, statement):
    with office._store.write() as tx:
        tx._connection.exec_driver_sql(statement)


def test_a_store_in_order_has_no_findings(office, store_url):
    assert found(store_url) == {}


def look_too_often(office):
    rows = pd.DataFrame({"name": [f"某{n}" for n in range(2)]}, index=pd.Index(["M1", "M2"], name="code"))
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, rows)
    secretary = replace(office, actor=Actor("shuji", Role.SECRETARY))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDMUSTER_UNMASKS_PER_HOUR", "1")
        people.unmask(secretary, "M1", reason="入户走访")
        with pytest.raises(people.LookLimitError):
            people.unmask(secretary, "M2", reason="入户走访")


FINDINGS = {
    "a changed row": (lambda o, _: spoil(o, "UPDATE audit SET actor = 'x' WHERE id = 1"), "audit", Severity.FAULT),
    "the clock went back": (lambda *_: None, "clock", Severity.FAULT),
    "an old backup": (lambda *_: None, "backup", Severity.WARNING),
    "no backup": (lambda _, folder: [f.unlink() for f in folder.iterdir()], "backup", Severity.FAULT),
    "a spoiled backup": (
        lambda _, folder: [f.write_bytes(b"x") for f in folder.iterdir() if f.suffix != ".json"],
        "backup",
        Severity.FAULT,
    ),
    "the key beside backups": (lambda _, folder: (folder / "a.key").touch(), "backup_key", Severity.FAULT),
    "demo accounts": (lambda o, _: accounts.make_demo_accounts(o), "demo_accounts", Severity.FAULT),
    "a limit of looks": (lambda o, _: look_too_often(o), "looks", Severity.WARNING),
    "a given password": (
        lambda o, _: accounts.create_account(o, "li", "李"),
        "passwords",
        Severity.WARNING,
    ),
    "no administrator": (
        lambda o, _: spoil(o, "UPDATE accounts SET disabled_at = '2026-11-25T12:00:00'"),
        "administrator",
        Severity.WARNING,
    ),
}
TIMES = {"the clock went back": NOW - timedelta(hours=1), "an old backup": NOW + timedelta(days=2)}


@pytest.mark.parametrize("what", FINDINGS)
def test_what_is_wrong_is_found_with_what_to_do(office, store_url, tmp_path, what):
    spoil_it, check, severity = FINDINGS[what]
    spoil_it(office, tmp_path / "backups")
    findings = found(store_url, TIMES.get(what, NOW))
    assert findings[check].severity is severity
    assert findings[check].advice is not None
    assert set(findings) == {check}


def test_who_has_no_administrator_is_told_a_way_that_is_open(office, store_url):
    spoil(office, "DELETE FROM grants")
    assert "user grant" in str(found(store_url)["administrator"].advice)
    for table in ("sessions", "accounts"):
        spoil(office, f"DELETE FROM {table}")
    assert not accounts.is_set_up(office)
    assert "user setup" in str(found(store_url)["administrator"].advice)


@pytest.mark.parametrize(("mode", "severity"), [(0o644, Severity.WARNING), (0o666, Severity.FAULT)])
def test_who_may_read_the_file_is_looked_at(tmp_path, mode, severity):
    path = tmp_path / "store.gpkg"
    Store.open(f"sqlite:///{path}").close()
    path.chmod(mode)
    finding = found(f"sqlite:///{path}")["permissions"]
    assert finding.severity is severity
    assert f"chmod 600 {path}" in str(finding.advice)


def test_a_key_that_others_may_read_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.delenv("GRIDMUSTER_KEY")
    url = f"sqlite:///{tmp_path}/store.gpkg"
    store = Store.open(url)
    with act(Context(store), Action.MAINTAIN, "x"):
        pass
    store.close()
    key = tmp_path / "store.gpkg.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o640)
    assert found(url)["key"].severity is Severity.FAULT


def test_a_damaged_file_is_a_finding_and_not_an_error(tmp_path):
    path = tmp_path / "store.gpkg"
    path.write_bytes(b"nothing" * 1000)
    assert found(f"sqlite:///{path}")["integrity"].severity is Severity.FAULT


def test_a_database_that_does_not_answer_is_a_finding():
    address = "postgresql+psycopg://clerk:canary-secret@127.0.0.1:1/base"
    finding = found(address)["store"]
    assert finding.severity is Severity.FAULT
    assert "canary-secret" not in str(finding.what)


@pytest.mark.parametrize(
    ("free", "severity"), [(1 << 20, Severity.FAULT), (500 << 20, Severity.WARNING), (9 << 30, Severity.FINE)]
)
def test_little_room_is_found(tmp_path, free, severity):
    assert check_disk(tmp_path, free).severity is severity


def test_room_is_looked_for_where_the_backups_lie_too(tmp_path, monkeypatch):
    folder = Path("/proc")  # a disk of its own on every Linux; nothing is written there
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(folder))
    assert places_written(tmp_path / "store.gpkg") == [tmp_path, folder]
    assert places_written(None) == [folder]
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path))
    assert len(places_written(tmp_path / "store.gpkg")) == 1
    monkeypatch.setenv("GRIDMUSTER_BACKUPS", str(tmp_path / "missing"))
    assert places_written(None) == []


@pytest.mark.parametrize(
    ("version", "severity"), [((3, 40, 1), Severity.FAULT), ((3, 51, 2), Severity.FAULT), ((3, 51, 3), Severity.FINE)]
)
def test_an_affected_sqlite_is_a_fault(version, severity):
    assert check_sqlite(version).severity is severity


def test_orders_are_held_against_the_trail(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/orders.gpkg")
    context = Context(store, clock=lambda: NOW)
    make_demo(context, DemoSize.SUBDISTRICT)
    plan = create_plan(
        context, Window(NOW + timedelta(hours=1), NOW + timedelta(hours=5)), Mode.EMERGENCY, event_id="p"
    )
    with context.look(Action.PLAN) as tx:
        teams, grids = tx.read_codes("teams"), tx.read_codes("grids")
    for k in range(2):
        send(context, plan.id, Move(teams[k], grids[-1 - k], 1), event_id=f"m{k}")
    orders = commit_plan(context, plan.id).orders
    recall_order(context, orders[0].id, reason="够了", at=NOW + timedelta(hours=2))

    def unlike():
        with store.read() as tx:
            return orders_unlike_trail(tx)

    assert len(orders) == 2
    assert unlike() == []
    spoil(context, f"UPDATE orders SET until = '2026-11-25T16:30:00' WHERE id = {orders[1].id}")
    assert unlike() == [orders[1].id]
    spoil(context, f"DELETE FROM order_events WHERE order_id = {orders[1].id}")
    spoil(context, f"DELETE FROM orders WHERE id = {orders[1].id}")
    assert unlike() == [orders[0].id]
    store.close()


def at(day, hour=2):
    return datetime(2026, 1, 1, hour) + timedelta(days=day)


@pytest.mark.parametrize(
    ("times", "keep", "kept"),
    [
        ([], RetentionPolicy(), []),
        ([at(0)], RetentionPolicy(0, 0, 0, 0), [at(0)]),
        ([at(0), at(0, 9), at(1)], RetentionPolicy(1, 5, 0, 0), [at(0, 9), at(1)]),
        ([at(k) for k in range(30)], RetentionPolicy(3, 0, 0, 0), [at(27), at(28), at(29)]),
        ([at(k) for k in range(30)], RetentionPolicy(1, 0, 2, 0), [at(24), at(29)]),
        ([at(k) for k in range(70)], RetentionPolicy(1, 0, 0, 3), [at(30), at(58), at(69)]),
        ([at(0), at(40)], RetentionPolicy(1, 14, 8, 12), [at(0), at(40)]),
    ],
)
def test_backups_are_kept_by_last_day_week_and_month(times, keep, kept):
    assert sorted(kept_times(times, keep)) == kept


@pytest.mark.parametrize("suffixes", [("",), ("", ".trail")], ids=["alone", "with the note of the newest row"])
def test_a_file_that_was_copied_without_its_log_is_not_called_sound(tmp_path, suffixes):
    context = Context(Store.open(f"sqlite:///{tmp_path}/store.gpkg"), clock=lambda: NOW)
    with act(context, Action.MAINTAIN, "only in the log"):
        pass
    for suffix in suffixes:
        shutil.copy(f"{tmp_path}/store.gpkg{suffix}", f"{tmp_path}/copy.gpkg{suffix}")
    context._store.close()
    for _ in range(2):
        finding = found(f"sqlite:///{tmp_path}/copy.gpkg")["integrity"]
        assert finding.severity is Severity.FAULT
        assert "copy.gpkg-wal" in str(finding.what)


@pytest.mark.parametrize(
    ("machine", "difference"),
    [
        ("UTC", "慢 8 小时"),
        ("Asia/Shanghai", "本机时区与此一致"),
        ("Asia/Tokyo", "快 1 小时"),
        ("Asia/Kolkata", "慢 2.5 小时"),
    ],
)
def test_it_tells_the_zone_and_how_far_the_machine_is_off(machine, difference):
    with stopped_machine(machine):
        finding = check_time_zone(SUNDAY)
    assert finding.severity is Severity.FINE
    assert "北京时间（UTC+8）" in translate(finding.what)
    assert difference in translate(finding.what)


def test_a_zone_that_there_is_not_is_a_finding(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_TIME_ZONE", "Mars/Olympus")
    (finding,) = diagnose(f"sqlite:///{tmp_path}/store.gpkg")
    assert (finding.check, finding.severity) == ("time_zone", Severity.FAULT)
    assert "Mars/Olympus" in translate(finding.what)
