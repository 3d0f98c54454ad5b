"""Responsibility areas on either store: who takes care of which buildings, and who is shown whom."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.claims import (
    ClaimDraft,
    HolderKind,
    ManyHoldersError,
    UnknownClaimError,
    UnknownHolderError,
    add_claim,
    end_claim,
    read_claims,
)
from services.context import AuditQuery, Context, RefusedError
from services.i18n import translate
from services.maintenance import copy_store
from services.manual_assignment import UnknownPlaceError
from services.people import Periods, clean_up, erase_person, export_person
from services.rules.areas import OutsideAreaError, parse_area
from services.rules.claims import (
    CLAIMS,
    BlocksError,
    BlocksHeldError,
    ClaimReasonError,
    HouseholdCountError,
    ManyHouseholdsError,
)
from services.rules.free_text import PersonInTextError
from services.rules.roles import Actor
from services.store import Store
from tests.acting import act
from tests.services.planning.conftest import (  # noqa: F401 - fixtures
    NOW,
    chinese,
    either_store,
    file_store,
    filled,
    filled_database,
    frame,
    now,
    office,
    square,
    zone,
)


@pytest.fixture
def store(either_store):  # noqa: F811 - the fixture above
    return either_store


@pytest.fixture(autouse=True)
def town(office):  # noqa: F811 - the fixture above
    """An estate of 347 households, a second community, a unit, and members with names of their own."""
    with act(office, Action.IMPORT) as work:
        tx = work.tx
        tx.upsert(Layer.ESTATES, frame({"E1": {"households": 347}}))
        tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("南社区", "S")}, [square(5000, 0, 100)]))
        tx.upsert(Layer.GRIDS, frame({"G9": zone("九格", "C2", households=50)}, [square(5000, 0)]))
        tx.upsert(Layer.ESTATES, frame({"E9": zone("南苑", "G9")}, [square(5010, 10, 30)]))
        tx.upsert(Layer.UNITS, frame({"U1": {"name": "财政局"}}))
        tx.upsert(Layer.MEMBERS, frame({"M001": {"name": "李娜"}, "M002": {"name": "张伟"}, "M003": {"name": "张伟"}}))
        tx.put_assignment(
            "M004", grid_code="G9", estate_code="E9", method="manual", distance_m=0.0, confidence=1.0, ambiguous=False
        )


def draft(blocks="3-5栋", households=20, holder="M001", kind=HolderKind.MEMBER, place="E1", **more):
    layer = Layer.GRIDS if place.startswith("G") else Layer.ESTATES
    return ClaimDraft(layer, place, blocks, households, kind, holder, **more)


def at_work(office, role, area="communities:C1"):  # noqa: F811 - the fixture above
    return Context(office._store, Actor("甲", role, parse_area(area)), office.clock)


def place_of(context, code="E1"):
    return next(place for place in read_claims(context).places if place.code == code)


def audit_of(office):  # noqa: F811 - the fixture above
    with office.look(Action.VIEW_AUDIT) as tx:
        return [(row.action, row.object, row.detail) for row in tx.trail.find(AuditQuery(), limit=1).itertuples()]


def test_blocks_of_120_households_are_claimed_and_one_of_them_no_second_time(office):  # noqa: F811
    add_claim(office, draft("3-5栋", 120, "U1", HolderKind.UNIT))
    with pytest.raises(BlocksHeldError) as refusal:
        add_claim(office, draft("5栋", 10))
    assert translate(refusal.value.text).startswith("5栋已有人认领")
    place = place_of(office)
    assert (place.claimed_households, place.households) == (120, 347)
    assert [claim.blocks for claim in place.claims] == [(3, 4, 5)]


def test_a_claim_tells_who_what_and_since_when_and_leaves_its_audit_row(office):  # noqa: F811
    number = add_claim(office, draft("三至五栋、8栋", 60, " 李娜 "))
    (claim,) = read_claims(office).claims
    assert (claim.id, claim.blocks, claim.households, claim.since) == (number, (3, 4, 5, 8), 60, NOW.date())
    assert (claim.holder.kind, claim.holder.code, claim.holder.name) == (HolderKind.MEMBER, "M001", "李*")
    assert audit_of(office) == [("keep_claims", f"claim:{number}", '{"blocks": 4, "households": 60}')]


def test_blocks_taken_care_of_together_are_said_to_be(office):  # noqa: F811
    add_claim(office, draft("3-5栋", 100, "T1", HolderKind.TEAM))
    add_claim(office, draft("5栋", 20, "财政局", HolderKind.UNIT, is_shared=True))
    shared = draft("5-6栋", 20, "U1", HolderKind.UNIT, is_shared=True)
    with pytest.raises(BlocksHeldError, match="5"):
        add_claim(office, shared)
    assert place_of(office).claimed_households == 120


def test_all_claims_of_an_estate_have_no_more_households_than_it(office):  # noqa: F811
    add_claim(office, draft("3-5栋", 300, "U1", HolderKind.UNIT))
    with pytest.raises(ManyHouseholdsError, match="347"):
        add_claim(office, draft("6栋", 48, "T1", HolderKind.TEAM))
    add_claim(office, draft("6栋", 47, "T1", HolderKind.TEAM))
    with pytest.raises(HouseholdCountError):
        add_claim(office, draft("7栋", 0))


def test_households_nobody_counted_are_no_limit(office):  # noqa: F811
    add_claim(office, draft("1栋", 5000, "U1", HolderKind.UNIT, place="E9"))
    assert place_of(office, "E9").households is None


def test_buildings_outside_estates_belong_to_their_grid(office):  # noqa: F811
    add_claim(office, draft("3栋", 40, "U1", HolderKind.UNIT, place="E9"))
    add_claim(office, draft("3栋", 10, "T1", HolderKind.TEAM, place="G9"))
    with pytest.raises(ManyHouseholdsError, match="50"):
        add_claim(office, draft("4栋", 1, "T1", HolderKind.TEAM, place="G9"))
    assert [(p.code, p.claimed_households) for p in read_claims(office).within("C2").places] == [("G9", 10), ("E9", 40)]


def test_one_member_takes_care_of_many_households_for_a_reason_alone(office):  # noqa: F811
    add_claim(office, draft("3栋", 60))
    with pytest.raises(ClaimReasonError, match="61"):
        add_claim(office, draft("4栋", 1))
    with pytest.raises(PersonInTextError):
        add_claim(office, draft("4栋", 1, reason="张奶奶住 3栋502"))
    add_claim(office, draft("4栋", 1, reason="人手不够，暂时代管"))
    assert [claim.reason for claim in place_of(office).claims] == ["", "人手不够，暂时代管"]


def test_a_claim_that_ended_frees_its_blocks_and_ends_once(office):  # noqa: F811
    number = add_claim(office, draft())
    end_claim(office, number)
    assert audit_of(office) == [("keep_claims", f"claim:{number}", "{}")]
    assert read_claims(office).claims == ()
    add_claim(office, draft())
    for unknown in (number, 999):
        with pytest.raises(UnknownClaimError):
            end_claim(office, unknown)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (draft("3栋502"), BlocksError),
        (draft(holder="李"), UnknownHolderError),
        (draft(holder=""), UnknownHolderError),
        (draft(holder="张伟"), ManyHoldersError),
        (draft(holder="李娜", kind=HolderKind.TEAM), UnknownHolderError),
        (draft(holder="E1", kind=HolderKind.UNIT), UnknownHolderError),
        (draft(place="E7"), UnknownPlaceError),
        (draft(place="G7"), UnknownPlaceError),
    ],
)
def test_what_nobody_can_mean_is_refused_and_nothing_is_kept(office, asked, error):  # noqa: F811
    with pytest.raises(error):
        add_claim(office, asked)
    assert read_claims(office).claims == ()


def test_of_several_with_a_name_the_codes_are_told(office):  # noqa: F811
    with pytest.raises(ManyHoldersError, match="M002、M003"):
        add_claim(office, draft(holder="张伟"))
    add_claim(office, draft(holder="M003"))


def test_a_secretary_claims_in_the_own_community_for_its_own_people(office):  # noqa: F811
    secretary = at_work(office, Role.SECRETARY)
    add_claim(secretary, draft())
    elsewhere = add_claim(office, draft("3栋", 5, "T1", HolderKind.TEAM, place="E9"))
    with pytest.raises(OutsideAreaError):
        add_claim(secretary, draft(place="E9"))
    with pytest.raises(OutsideAreaError):
        end_claim(secretary, elsewhere)
    with pytest.raises(UnknownHolderError):
        add_claim(secretary, draft("8栋", holder="M004"))
    assert {place.code for place in read_claims(secretary).places} == {"E1"}


def test_commanders_see_counts_and_no_member_and_the_screen_nothing(office):  # noqa: F811
    add_claim(office, draft("3栋", 61, reason="人手不够，暂时代管"))
    add_claim(office, draft("4栋", 9, "T1", HolderKind.TEAM))
    commander = at_work(office, Role.SUBDISTRICT_COMMANDER)
    member, team = read_claims(commander).claims
    assert (member.holder.code, member.holder.name, member.reason, member.households) == ("", "", "", 61)
    assert (team.holder.code, team.holder.name) == ("T1", "一队")
    with pytest.raises(RefusedError):
        add_claim(commander, draft("5栋"))
    with pytest.raises(RefusedError):
        read_claims(at_work(office, Role.SCREEN))


def test_a_member_of_elsewhere_has_no_name_for_a_secretary(office):  # noqa: F811
    add_claim(office, draft(holder="M004"))
    (claim,) = read_claims(at_work(office, Role.SECRETARY)).claims
    assert (claim.holder.code, claim.holder.name) == ("", "")


def test_claims_go_with_their_estate_to_another_community_and_stay_where_it_is_gone(office):  # noqa: F811
    number = add_claim(office, draft())
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.ESTATES, frame({"E1": {"parent_code": "G9"}}))
    assert place_of(office).community_code == "C2"
    assert read_claims(at_work(office, Role.SECRETARY)).claims == ()
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.ESTATES, ["E1"])
    place = place_of(at_work(office, Role.SECRETARY))
    assert (place.name, place.households, place.community_code) == ("E1", None, "C1")
    end_claim(at_work(office, Role.SECRETARY), number)


def test_an_erased_person_takes_care_of_nothing_and_their_export_tells_of_it_before(office):  # noqa: F811
    add_claim(office, draft())
    ended = add_claim(office, draft("8栋"))
    end_claim(office, ended)
    assert [row["blocks"] for row in export_person(office, "M001")["claims"]] == ["3;4;5", "8"]
    before = version(office)
    assert erase_person(office, "M001", reason="本人要求").claims == 2
    assert version(office) > before
    assert read_claims(office).claims == ()


def version(office):  # noqa: F811 - the fixture above
    with office.look(Action.VIEW_COVERAGE) as tx:
        return tx.versions().get(CLAIMS, 0)


def test_claims_that_ended_are_deleted_thirty_days_later(office, now):  # noqa: F811
    add_claim(office, draft())
    end_claim(office, add_claim(office, draft("8栋")))
    for days, count in ((30, 0), (31, 1), (31, 0)):
        now[0] = NOW + timedelta(days=days)
        assert clean_up(office, Periods()).claims == count
    assert len(read_claims(office).claims) == 1


def test_a_copy_has_the_same_claims(office, tmp_path):  # noqa: F811
    add_claim(office, draft())
    store = Store.open(f"sqlite:///{tmp_path}/copy.gpkg")
    copy_store(office, Context(store))
    assert read_claims(Context(store)).claims == read_claims(office).claims
    store.close()


def test_of_two_who_claim_a_building_at_the_same_moment_one_is_told(office):  # noqa: F811
    barrier = Barrier(2)

    def race(asked):
        barrier.wait()
        try:
            return add_claim(office, asked)
        except BlocksHeldError:
            return None

    with ThreadPoolExecutor(2) as pool:
        for block in range(1, 26):
            one, other = draft(f"{block}栋", 2), draft(f"{block}-{block + 1}栋", 2, "T1", HolderKind.TEAM)
            answers = list(pool.map(race, (one, other)))
            assert answers.count(None) == 1
            live = read_claims(office).claims
            assert sorted(claim.id for claim in live) == [number for number in answers if number]
            end_claim(office, live[0].id)


def test_of_two_who_claim_the_last_households_at_the_same_moment_one_is_told(office):  # noqa: F811
    add_claim(office, draft("1栋", 300, "U1", HolderKind.UNIT))
    barrier = Barrier(2)

    def race(block):
        barrier.wait()
        try:
            return add_claim(office, draft(f"{block}栋", 47, "T1", HolderKind.TEAM))
        except ManyHouseholdsError:
            return None

    with ThreadPoolExecutor(2) as pool:
        for _round in range(10):
            answers = list(pool.map(race, (2, 3)))
            assert answers.count(None) == 1
            assert place_of(office).claimed_households == 347
            end_claim(office, next(number for number in answers if number))
