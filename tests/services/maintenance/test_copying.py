"""Everything goes from one store to the other and back, proved; what cannot be proved is not kept."""

from datetime import datetime

import pandas as pd
import pytest
from sqlalchemy import update

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, open_context
from services.demo import DemoSize, make_demo
from services.field_encryption import make_key_file
from services.maintenance import CopyError, CopyRefusedError, OtherKeyError, copy_store
from services.planning import Move, create_plan, send
from services.rules.windows import Mode, Window
from services.store import Store
from services.store.table_digest import StoreTables
from services.store.tables import layers
from tests.acting import act

NOW = datetime(2026, 11, 25, 12)
EVENING = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 22))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A file with the fictitious sub-district and a plan in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.gpkg"
    office = Context(Store.open(url), clock=lambda: NOW)
    make_demo(office, DemoSize.SUBDISTRICT)
    plan = create_plan(office, EVENING, Mode.EMERGENCY, event_id="plan")
    with office.look(Action.PLAN) as tx:
        team, grid = tx.read_codes(Layer.TEAMS)[0], tx.read_codes(Layer.GRIDS)[-1]
    send(office, plan.id, Move(team, grid, 1), event_id="move")
    yield office
    office._store.close()


@pytest.fixture
def target(store_url):
    store = Store.open(store_url)
    yield Context(store, clock=lambda: NOW)
    store.close()


def fingerprints(context):
    with context.look(Action.MAINTAIN) as tx:
        return {name: tx.whole.fingerprint(name) for name in tx.whole.names()}


def test_a_copy_is_equal_in_every_table_but_for_its_own_line_in_the_trail_and_the_note_of_it(demo, target):
    before = fingerprints(demo)
    copied = copy_store(demo, target)
    after = fingerprints(target)
    assert copied.tables == before == fingerprints(demo)
    assert {name for name in after if after[name] != before[name]} == {"audit", "facts"}
    assert after["audit"].rows == before["audit"].rows + 1
    assert copied.rows > 4000


def test_frames_of_a_copy_are_those_of_the_source(demo, target):
    copy_store(demo, target)
    with demo.look(Action.MAINTAIN) as old, target.look(Action.MAINTAIN) as new:
        for layer in Layer:
            assert old.read_layer(layer).equals(new.read_layer(layer))
            shapes = new.read_layer(layer).geometry
            assert shapes.isna().eq(old.read_layer(layer).geometry.isna()).all()
            assert shapes.dropna().geom_equals(old.read_layer(layer).geometry.dropna()).all()
        assert new.versions() == old.versions()


def test_work_goes_on_in_a_copy_with_new_numbers(demo, target):
    copy_store(demo, target)
    with demo.look(Action.PLAN) as tx:
        last = max(row["id"] for row in tx.plans.read_plans({}))
    assert create_plan(target, EVENING, Mode.ROUTINE, event_id="next").id > last
    with act(target, Action.IMPORT) as work:
        names = work.tx.read_layer(Layer.TEAMS, columns=["name"])
        work.tx.upsert(Layer.TEAMS, names.rename(index=lambda code: f"new-{code}"))
        assert work.tx.count(Layer.TEAMS) == 2 * len(names)


def test_a_copy_of_a_copy_comes_home_the_same(demo, target, tmp_path):
    copy_store(demo, target)
    home = Context(Store.open(f"sqlite:///{tmp_path}/home.gpkg"), clock=lambda: NOW)
    copy_store(target, home)
    there, here = fingerprints(demo), fingerprints(home)
    assert {name for name in here if here[name] != there[name]} == {"audit", "facts"}
    home._store.close()


def test_a_target_that_holds_something_is_refused_and_left_alone(demo, target):
    with act(target, Action.IMPORT) as work:
        work.tx.touch("norms")
    before = fingerprints(target)
    with pytest.raises(CopyRefusedError, match="is not empty"):
        copy_store(demo, target)
    assert fingerprints(target) == before


def test_a_row_that_arrives_otherwise_undoes_the_whole_copy(demo, target, monkeypatch):
    honest = StoreTables.write

    def spoil(self, name, rows):
        honest(self, name, rows)
        if name == Layer.GRIDS.value:
            self._connection.execute(update(layers[Layer.GRIDS]).values(residents=1))

    monkeypatch.setattr(StoreTables, "write", spoil)
    with pytest.raises(CopyError, match="grids"):
        copy_store(demo, target)
    assert not any(fingerprint.rows for fingerprint in fingerprints(target).values())


@pytest.mark.parametrize("nth", [1, 4, 9])
def test_a_fault_at_any_write_leaves_the_target_empty(demo, target, monkeypatch, nth):
    honest, calls = StoreTables.write, iter(range(1, 100))

    def fail(self, name, rows):
        if next(calls) == nth:
            raise OSError("disk")
        honest(self, name, rows)

    monkeypatch.setattr(StoreTables, "write", fail)
    with pytest.raises(OSError, match="disk"):
        copy_store(demo, target)
    assert not any(fingerprint.rows for fingerprint in fingerprints(target).values())


def test_a_store_is_not_copied_onto_itself(demo):
    with pytest.raises(CopyRefusedError):
        copy_store(demo, demo)


def test_open_context_shares_a_store_within_the_process(tmp_path):
    url = f"sqlite:///{tmp_path}/one.gpkg"
    assert open_context(url)._store is open_context(url)._store


def filled(url):
    with act(Context(Store.open(url), clock=lambda: NOW), Action.IMPORT) as work:
        row = {"name": "张三", "phone": "13812345678"}
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame([row], index=pd.Index(["M1"], name="code")))
    return Context(Store.open(url), clock=lambda: NOW)


def test_the_key_goes_with_a_copy_into_a_file(tmp_path, monkeypatch):
    monkeypatch.delenv("GRIDMUSTER_KEY")
    source = filled(f"sqlite:///{tmp_path}/a.gpkg")
    copy_store(source, Context(Store.open(f"sqlite:///{tmp_path}/b.gpkg"), clock=lambda: NOW))
    with Store.open(f"sqlite:///{tmp_path}/b.gpkg").read() as tx:
        assert tx.sealed.open_phones(Layer.MEMBERS, ["M1"]) == {"M1": "13812345678"}


def test_a_target_that_has_another_key_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("GRIDMUSTER_KEY")
    source = filled(f"sqlite:///{tmp_path}/a.gpkg")
    target = Store.open(f"sqlite:///{tmp_path}/b.gpkg")
    make_key_file(tmp_path / "b.gpkg.key")
    with pytest.raises(OtherKeyError):
        copy_store(source, Context(target, clock=lambda: NOW))
