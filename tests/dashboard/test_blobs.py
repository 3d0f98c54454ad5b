"""What is kept under addresses that nobody can guess: for whom, and how much of it."""

import pytest

from dashboard.map.packing import PackedLayer
from dashboard.web.blobs import KEPT_FOR_S, BlobStore, Readers
from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.rules.areas import Area
from services.rules.roles import Actor

HERE = Area(Layer.SUBDISTRICTS, "S1")


def put(shelf, body, readers=None):
    """Keep something and return its token."""
    address = shelf.put(PackedLayer("t", body, 1), readers or Readers())
    return address.removeprefix("/preview/").removesuffix(".bin")


def test_what_nobody_asked_for_goes_first():
    shelf = BlobStore(max_bytes=10)
    first, second = put(shelf, b"123456"), put(shelf, b"123456")
    assert first != second
    assert shelf.get(first) is None
    assert shelf.get(second) == b"123456"


def address_of(token):
    return f"/preview/{token}.bin"


@pytest.mark.parametrize(
    "ask",
    [lambda shelf, token: shelf.get(token), lambda shelf, token: shelf.holds([address_of(token)])],
    ids=["fetched", "handed out again"],
)
def test_what_was_asked_for_stays_though_it_came_first(ask):
    shelf = BlobStore(max_bytes=10)
    first, second = put(shelf, b"12345"), put(shelf, b"12345")
    assert ask(shelf, first)
    third = put(shelf, b"12345")
    assert [shelf.get(token) is not None for token in (first, second, third)] == [True, False, True]


def test_who_may_not_have_it_does_not_keep_it():
    shelf = BlobStore(max_bytes=10)
    first = put(shelf, b"12345", Readers(HERE, Action.PLAN))
    second = put(shelf, b"12345")
    assert shelf.get(first, Actor("bai", Role.SECRETARY, HERE)) is None
    put(shelf, b"12345")
    assert shelf.get(first, Actor("lan", Role.PLANNER, HERE)) is None
    assert shelf.get(second) is not None


def test_it_is_known_which_addresses_are_answered():
    shelf = BlobStore(max_bytes=10)
    first, second, third = (put(shelf, b"12345") for _ in range(3))
    assert not shelf.holds([address_of(first), address_of(second)])
    assert shelf.holds([address_of(second), address_of(third)])
    assert shelf.holds([])


@pytest.mark.parametrize(
    ("actor", "key", "gets_it"),
    [
        (Actor("lan", Role.PLANNER, HERE), "mine", True),
        (Actor("lan", Role.PLANNER, HERE), "another", False),
        (Actor("lan", Role.PLANNER, HERE), "", False),
        (Actor("lan", Role.PLANNER), "mine", False),
        (Actor("lan", Role.SCREEN, HERE), "mine", False),
    ],
)
def test_what_is_for_one_session_is_for_its_role_and_area_as_well(actor, key, gets_it):
    shelf = BlobStore()
    token = put(shelf, b"1", Readers(HERE, Action.IMPORT, "mine"))
    assert (shelf.get(token, actor, key) == b"1") is gets_it


@pytest.mark.parametrize(
    ("actor", "gets_it"),
    [
        (Actor("lan", Role.PLANNER, HERE), True),
        (Actor("bai", Role.SUBDISTRICT_COMMANDER, HERE), True),
        (Actor("bai", Role.SECRETARY, HERE), False),
        (Actor("bai", Role.ADMINISTRATOR, HERE), False),
        (Actor("bai", Role.PLANNER, Area(Layer.SUBDISTRICTS, "S2")), False),
    ],
)
def test_what_is_shared_is_for_those_of_the_area_who_may_do_the_same(actor, gets_it):
    shelf = BlobStore()
    token = put(shelf, b"1", Readers(HERE, Action.PLAN))
    assert (shelf.get(token, actor, "any") == b"1") is gets_it


def test_a_preview_of_a_session_goes_after_an_hour_and_what_many_share_stays():
    now = [0.0]
    shelf = BlobStore(clock=lambda: now[0])
    own, shared = put(shelf, b"1", Readers(HERE, Action.IMPORT, "mine")), put(shelf, b"2")
    now[0] = KEPT_FOR_S + 1
    shelf.forget_old()
    assert shelf.get(own, Actor("lan", Role.PLANNER, HERE), "mine") is None
    assert shelf.get(shared) == b"2"


def test_the_same_content_is_kept_once_for_all_who_were_shown_it():
    shelf, there = BlobStore(), Area(Layer.SUBDISTRICTS, "S2")
    lan, bai = Actor("lan", Role.PLANNER, HERE), Actor("bai", Role.PLANNER, there)
    shelf.keep("token", b"1", Readers(HERE, Action.PLAN))
    assert (shelf.get("token", lan), shelf.get("token", bai)) == (b"1", None)
    shelf.keep("token", b"1", Readers(there, Action.PLAN))
    assert (shelf.get("token", lan), shelf.get("token", bai)) == (b"1", b"1")
    assert len(shelf) == 1


def test_only_what_is_there_can_be_shared():
    shelf = BlobStore()
    assert not shelf.share("token", Readers())
    shelf.keep("token", b"1", Readers(HERE, Action.PLAN))
    assert shelf.share("token", Readers())
    assert shelf.get("token") == b"1"
