from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest

from geo.schema import Layer
from services.accounts import offered_accounts
from services.catalog.actions import Action, Role
from services.context import Context, open_context
from services.demo import DemoSize, StoreNotEmptyError, complete_demo, fill_store, make_demo, write
from services.modes import current_mode
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.roles import Actor
from services.rules.windows import Mode
from tests.acting import act

AT = datetime(2026, 11, 20, 9, 30)


@pytest.fixture(scope="module")
def data(district):
    return district(DemoSize.SUBDISTRICT, 1)


@pytest.fixture
def context(tmp_path):
    opened = open_context(f"sqlite:///{tmp_path / 'demo.gpkg'}")
    yield Context(opened._store, opened.actor, lambda: AT)
    opened._store.close()


def test_every_layer_is_stored_as_it_was_made(context, data):
    fill_store(context, data)
    with context.look(Action.VIEW_COVERAGE) as tx:
        for layer in Layer:
            stored_data = tx.read_layer(layer)
            made = data[layer].loc[stored_data.index]
            assert len(stored_data) == len(data[layer])
            assert stored_data.geom.geom_equals_exact(made.geom, 0).eq(made.geom.notna()).all()
            assert stored_data["name"].tolist() == made["name"].tolist()


def test_the_store_says_that_it_is_all_made_up(context, data):
    fill_store(context, data)
    with context.look(Action.VIEW_COVERAGE) as tx:
        assert tx.records.read_fact(FICTITIOUS_FACT) == "true"


def test_there_is_one_audit_row_with_counts_only(context, data):
    fill_store(context, data)
    with context.look(Action.VIEW_AUDIT) as tx:
        audit = tx.records.read_audit(10)
    assert audit["action"].tolist() == ["make_demo"]
    assert '"members": 4500' in audit["detail"].iloc[0]


def test_a_store_that_holds_data_is_refused_and_left_as_it_was(context, data):
    one_grid = data | {layer: data[layer].iloc[:0] for layer in Layer} | {Layer.GRIDS: data[Layer.GRIDS].iloc[:1]}
    fill_store(context, one_grid)
    with pytest.raises(StoreNotEmptyError, match="grids: 1 row"):
        fill_store(context, data)
    with context.look(Action.VIEW_COVERAGE) as tx:
        assert Counter({layer: tx.count(layer) for layer in Layer}) == Counter({Layer.GRIDS: 1})


def test_a_role_that_may_not_make_a_demo_is_refused(context, data):
    with pytest.raises(PermissionError):
        fill_store(Context(context._store, Actor("screen", Role.SCREEN)), data)


@pytest.fixture
def few(data, monkeypatch):
    """Let a demo be made of a hundred rows a layer."""
    made = {layer: data[layer].iloc[:100] for layer in Layer}
    monkeypatch.setattr(write, "make_district", lambda *_: made)


def steps_done(context):
    """Return how many rows there are of what follows the district: accounts offered, modes, assignments."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return len(offered_accounts(context)), len(tx.records.read_modes()), len(tx.read_assignments())


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("step", ["make_demo_accounts", "declare_mode", "assign_members"])
def test_a_demo_that_was_cut_short_is_completed(context, monkeypatch, step):
    with monkeypatch.context() as cut:
        cut.setattr(write, step, killed)
        with pytest.raises(KeyboardInterrupt):
            make_demo(context, DemoSize.SUBDISTRICT)
    assert 0 in steps_done(context)
    complete_demo(context)
    assert steps_done(context) == (7, 1, 100)


@pytest.mark.usefixtures("few")
def test_a_whole_demo_is_left_as_it_was(context):
    make_demo(context, DemoSize.SUBDISTRICT)
    with context.look(Action.VIEW_AUDIT) as tx:
        before = tx.records.count_audit()
    complete_demo(context)
    with context.look(Action.VIEW_AUDIT) as tx:
        assert tx.records.count_audit() == before


def test_real_data_get_no_demo_accounts(context, data):
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(Layer.DISTRICTS, data[Layer.DISTRICTS])
    complete_demo(context)
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        assert tx.accounts.read_all() == []
        assert tx.records.read_modes().empty


def killed(*_args, **_options):
    raise KeyboardInterrupt


def test_a_role_that_may_not_make_a_demo_is_told_before_one_is_made_up(context, monkeypatch):
    monkeypatch.setattr(write, "make_district", killed)
    with pytest.raises(PermissionError):
        make_demo(Context(context._store, Actor("screen", Role.SCREEN)), DemoSize.SUBDISTRICT)


@pytest.mark.parametrize("now", [AT, datetime(2031, 3, 2, 23, 59, 58)])
def test_its_exercise_runs_in_the_present(context, data, now):
    present = replace(context, clock=lambda: now)
    fill_store(present, data | {layer: data[layer].iloc[:0] for layer in (Layer.MEMBERS, Layer.TEAMS)})
    complete_demo(present)
    declared = current_mode(present)
    assert (declared.mode, declared.since, declared.until) == (Mode.EMERGENCY, now, now + write.EXERCISE)


def test_it_holds_no_other_time(data):
    """Nothing in the demo is of a day that was the present once."""
    columns = [(layer, name) for layer in Layer for name in data[layer] if name != "geom"]
    texts = pd.concat([data[layer][name].dropna().astype(str) for layer, name in columns])
    assert not texts.str.contains(r"20[23]\d-\d\d").any()


def test_pairings_say_since_when_where_somebody_knows_and_some_have_a_plaque(context, data):
    fill_store(context, data)
    with context.look(Action.VIEW_COVERAGE) as tx:
        rows = tx.pairings.read_pairings()
    known = [row for row in rows if row["since"]]
    assert 0.6 < len(known) / len(rows) < 0.7
    assert 0.3 < sum(row["plaque"] for row in rows) / len(rows) < 0.4
    assert all(date.fromisoformat(row["since"]) < date(2025, 1, 1) for row in known)
    assert {row["until"] for row in rows} == {None}
