"""No name of a person, no telephone number and no address stands anywhere in a briefing or in what is kept of it."""

import dataclasses
import zlib
from dataclasses import replace

import pandas as pd
import pytest

from geo.schema import Layer
from services.briefing import freeze, make_briefing, read_briefing, replay
from services.briefing.mapping import MAP_COLUMNS
from services.context import Action
from tests.acting import act

from .conftest import NOW, SECRETS

HIDDEN = ("卡纳里", "1390000", "秘密路")


def said(value):
    """Everything a value holds, as text."""
    if dataclasses.is_dataclass(value):
        return " ".join(said(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, pd.DataFrame):
        return value.to_csv()
    if isinstance(value, dict):
        return " ".join(f"{said(key)} {said(one)}" for key, one in value.items())
    if isinstance(value, (tuple, list)):
        return " ".join(said(one) for one in value)
    return str(value)


@pytest.fixture
def asked(commit, make_plan, request_):
    """Orders by teams that are named after people, and a draft with another one, whose name holds a name too."""
    commit(("T1", "G2", 12), ("T2", "G3", 6))
    return [request_, replace(request_, plan_id=make_plan(("T2", "G4", 6)))]


def test_the_canaries_would_be_found(office):
    with office.look(Action.VIEW_PEOPLE) as tx:
        layers = said([tx.read_layer(layer) for layer in (Layer.MEMBERS, Layer.TEAMS, Layer.UNITS, Layer.ESTATES)])
    in_clear = [secret for secret in SECRETS if not secret.isdigit()]  # telephone numbers may be sealed
    assert all(secret in layers for secret in in_clear)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_briefing_names_nobody(office, asked, language):
    for request in asked:
        words = said(make_briefing(office, replace(request, language=language)))
        assert [secret for secret in HIDDEN if secret in words] == []


def test_what_is_kept_of_a_briefing_names_nobody(office, asked):
    for request in asked:
        number = freeze(office, request)
        with office.look(Action.VIEW_BRIEFING) as tx:
            row = tx.briefings.read(number)
        kept = row["body"] + zlib.decompress(row["maps"]).decode("utf-8", errors="ignore")
        assert [secret for secret in HIDDEN if secret in kept] == []
        assert [secret for secret in HIDDEN if secret in said(read_briefing(office, number, "zh"))] == []


def test_a_replay_names_nobody(office, asked, now):
    now[0] = NOW.replace(hour=23)
    words = said(replay(office, NOW.date()))
    assert [secret for secret in HIDDEN if secret in words] == []


def test_a_team_that_is_gone_still_names_nobody(office, asked):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, ["T2"])
    words = said(make_briefing(office, asked[0]))
    assert "卡纳里" not in words


def test_one_and_two_people_are_told_alike(office, request_, commit):
    commit(("T3", "G4", 2))
    briefing = make_briefing(office, request_)
    plan = next(part for part in briefing.sections if part.name == "plan")
    assert plan.table.rows[0][1] == "<3"
    assert plan.map.arcs[0].label == "<3 人"


def test_the_map_takes_no_numbers_of_members_along():
    assert not {"members", "density_per_1000", "density_per_km2", "supply_members"} & set(MAP_COLUMNS)
