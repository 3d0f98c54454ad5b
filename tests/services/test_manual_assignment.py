"""What is done to one member reads no other, so that it takes as long in a city as in a street."""

import pytest

from geo.schema import Layer
from services.assignment import assign_members
from services.catalog.actions import Action
from services.context import Transaction
from services.manual_assignment import assign_manually, unsettle
from services.people import Correction, correct_person
from tests.acting import act
from tests.services.people.conftest import ZHANG, filled_database, filled_file, office, store_url

__all__ = ["filled_database", "filled_file", "office", "store_url"]

CHANGES = {
    "assign": lambda office: assign_manually(office, ZHANG, grid_code="G2"),
    "to an estate": lambda office: assign_manually(office, ZHANG, estate_code="E2"),
    "take back": lambda office: unsettle(office, ZHANG),
    "correct the name": lambda office: correct_person(office, ZHANG, Correction(name="张三峰")),
    "correct the address": lambda office: correct_person(office, ZHANG, Correction(address="东方雅苑8栋808")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_other_member_is_read(office, change, monkeypatch):
    assign_members(office)
    read = Transaction.read_layer

    def read_but_members(tx, layer, **options):
        assert layer is not Layer.MEMBERS, "all members are read"
        return read(tx, layer, **options)

    def read_assignments(_tx):
        raise AssertionError("all assignments are read")

    monkeypatch.setattr(Transaction, "read_layer", read_but_members)
    monkeypatch.setattr(Transaction, "read_assignments", read_assignments)
    monkeypatch.setattr("services.store.transaction.bounds", lambda *_: pytest.fail("all geometries are read"))
    change(office)


def test_the_names_of_estates_are_learnt_anew_when_they_change(office):
    correct_person(office, ZHANG, Correction(address="东方雅苑8栋808"))
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.ESTATES, work.tx.read_layer(Layer.ESTATES, columns=["name"]).assign(name="新名花园"))
    correct_person(office, ZHANG, Correction(address="东方雅苑8栋809"))
    with office.look(Action.VIEW_PEOPLE) as tx:
        assert tx.read_assignments().loc[ZHANG, "method"] == "unlocated"
