"""Correcting and erasing one person."""

import pytest
import shapely

from geo.schema import Layer, Method
from services.assignment import assign_members
from services.catalog.actions import Action
from services.context import RefusedError
from services.people import (
    Correction,
    CorrectionError,
    ReasonMissingError,
    UnknownPersonError,
    correct_person,
    erase_person,
    find_people,
    unmask,
)
from services.rules.windows import DayPart
from tests.acting import act

from .conftest import LI, OTHER, PHONE, WANG, ZHANG, frame


def row_of(office, code):
    with office.look(Action.VIEW_PEOPLE) as tx:
        return tx.read_layer(Layer.MEMBERS).loc[code]


def test_name_number_and_time_are_corrected(office, last_audit):
    wanted = Correction(name="张三峰", phone="139 0000 0000", available={DayPart.NIGHT: 0.5})
    assert correct_person(office, ZHANG, wanted) == ("name", "phone", "available_night")
    assert unmask(office, ZHANG, reason="核对姓名").name == "张三峰"
    assert [p.code for p in find_people(office, "13900000000").people] == [ZHANG]
    assert row_of(office, ZHANG)["available_night"] == 0.5


def test_the_audit_row_of_a_correction_holds_columns_only(office, last_audit):
    correct_person(office, ZHANG, Correction(name="张三峰"))
    assert last_audit() == ("correct_person", ZHANG, '{"changed": "name"}')


def test_a_new_address_counts_and_the_point_of_the_old_one_does_not(office):
    here = frame({WANG: {"name": "王五", "community_code": "C2"}}, [shapely.Point(113.205, 23.405)])
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, here)
    assign_members(office)
    correct_person(office, WANG, Correction(address="东方雅苑8栋808"))
    with office.look(Action.VIEW_PEOPLE) as tx:
        at = tx.read_assignments().loc[WANG]
    assert (at["grid_code"], at["estate_code"], at["method"]) == ("G2", "E2", Method.ADDRESS)


def test_an_address_nobody_knows_leaves_the_person_to_be_settled(office):
    correct_person(office, ZHANG, Correction(address="无名大街9号"))
    with office.look(Action.VIEW_PEOPLE) as tx:
        assert tx.read_assignments().loc[ZHANG, "method"] == Method.UNLOCATED


@pytest.mark.parametrize(
    "wrong",
    [
        Correction(),
        Correction(name=" "),
        Correction(phone="12"),
        Correction(available={DayPart.NIGHT: 2}),
        Correction(keep_until="明年"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_changes_nothing(office, wrong):
    before = row_of(office, ZHANG)
    with pytest.raises(CorrectionError):
        correct_person(office, ZHANG, wrong)
    assert row_of(office, ZHANG).drop("geom").fillna("").equals(before.drop("geom").fillna(""))


@pytest.mark.parametrize("change", [lambda c: correct_person(c, ZHANG, Correction(name="甲乙")),
                                    lambda c: erase_person(c, ZHANG, reason="本人要求")])  # fmt: skip
def test_only_those_in_charge_change_people_and_only_their_own(at_work, change):
    with pytest.raises(UnknownPersonError):
        change(at_work("secretary", "communities:C2"))
    with pytest.raises(RefusedError):
        change(at_work("liaison", "units:U1"))


def test_of_an_erased_person_nothing_is_left_but_the_code_in_the_audit_trail(office, last_audit):
    with act(office, Action.IMPORT) as work:
        number = work.tx.records.add_batch(
            layer="members", file_name="a", file_sha256="", at=work.at, actor="local",
            rows_read=1, rows_accepted=1, rows_rejected=0, report="{}",
        )  # fmt: skip
        again = {"name": "李四", "phone": OTHER, "address": "云港花园5栋102"}
        work.tx.upsert(Layer.MEMBERS, frame({LI: again}), batch_id=number)
        work.tx.records.write_header_map(Layer.MEMBERS, "x", {"name": "李四"})
        work.tx.teams.add_members("T1", [(LI, "member")])
    gone = erase_person(office, LI, reason="李四本人要求")
    assert (gone.members, gone.assignments, gone.memberships, gone.kept_rows, gone.contacts, gone.header_maps) == (
        1, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert last_audit()[:2] == ("erase_person", LI)
    with office.look(Action.MAINTAIN) as tx:
        everything = repr([rows for name in tx.whole.names() for rows in tx.whole.read(name)])
        assert "李四" not in everything
        assert "云港花园5栋" not in everything
        assert tx.sealed.find_members(OTHER) == []
        assert tx.sealed.open_phones(Layer.UNITS, ["U1"]) == {}
    with pytest.raises(UnknownPersonError):
        unmask(office, LI, reason="核对姓名")


def test_a_contact_of_the_same_name_with_another_number_stays(office):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame({"U2": {"name": "学校", "contact": "李四", "phone": PHONE}}))
    assert erase_person(office, LI, reason="本人要求").contacts == 1
    with office.look(Action.VIEW_PEOPLE) as tx:
        assert tx.read_layer(Layer.UNITS).loc["U2", "contact"] == "李四"


@pytest.mark.parametrize("reason", [" ", "x", "李四"])
def test_erasing_takes_a_reason(office, reason):
    with pytest.raises(ReasonMissingError):
        erase_person(office, LI, reason=reason)
    assert find_people(office, LI).count == 1
