"""What is made from the store is made once a version, by one thread, for everybody, and goes by last use."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from threading import Event, Thread

import pytest

from dashboard.cache import by_version as module
from dashboard.cache.by_version import by_version, forget_all
from dashboard.streamlit import session
from dashboard.streamlit.stale_cache import once
from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import RefusedError
from services.i18n import use_language
from services.rules.areas import EVERYWHERE, Area
from services.rules.roles import Actor
from services.settings import read_settings

HERE, THERE = Area(Layer.COMMUNITIES, "c1"), Area(Layer.COMMUNITIES, "c2")


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    """Return settings that stand still but for what a test changes."""
    held = [replace(read_settings(), store="sqlite:///one.gpkg", data_dir=tmp_path)]
    monkeypatch.setattr(session, "settings", lambda: held[0])
    return held


@pytest.fixture
def act_as(monkeypatch):
    def act(role, area=EVERYWHERE):
        monkeypatch.setattr(session, "actor", lambda: Actor("someone", role, area))

    return act


@pytest.fixture
def version():
    return [1]


@pytest.fixture
def cached(version):
    """Return a decorator that counts on ``version``."""
    return lambda **options: by_version(lambda *_: version[0], **options)


def numbers():
    """Return a function of which each call gives another value."""
    calls = count()
    return lambda *given: [next(calls), *given]


def test_everybody_gets_the_very_same_value(cached):
    make = cached()(numbers())
    assert make("a") is make("a")
    assert make("a") is not make("b")


def test_another_version_is_made_anew_and_the_one_before_is_still_there(cached, version):
    make = cached()(numbers())
    first = make("a")
    version[0] = 2
    assert make("a") is not first
    version[0] = 1
    assert make("a") is first


def test_the_version_may_depend_on_what_is_asked_for():
    versions = {"roads": 1, "grids": 1}
    make = by_version(versions.get)(numbers())
    roads, grids = make("roads"), make("grids")
    versions["roads"] = 2
    assert make("roads") is not roads
    assert make("grids") is grids


def test_words_are_made_in_each_language_and_figures_once(cached):
    words, figures = cached(language=True)(numbers()), cached()(numbers())
    chinese, figure = words(), figures()
    use_language("en")
    assert words() is not chinese
    assert figures() is figure
    use_language("zh")
    assert words() is chinese


def test_stores_are_kept_apart(cached, settings):
    make = cached()(numbers())
    first = make()
    settings[0] = replace(settings[0], store="sqlite:///other.gpkg")
    assert make() is not first


def test_other_norms_make_everything_anew(cached, tmp_path):
    make = cached()(numbers())
    first = make()
    (tmp_path / "norms.toml").write_text("", encoding="utf-8")
    assert make() is not first


def test_what_was_not_asked_for_the_longest_goes(cached):
    make = cached(most=2)(numbers())
    first, second = make("a"), make("b")
    assert make("a") is first
    make("c")
    assert make("a") is first
    assert make("b") is not second


def test_what_went_wrong_is_not_kept(cached):
    faults = iter([ValueError("once")])

    @cached()
    def make():
        for fault in faults:
            raise fault
        return "well"

    with pytest.raises(ValueError, match="once"):
        make()
    assert make() == "well"


def test_what_went_wrong_takes_the_place_of_nothing(cached):
    @cached(most=1)
    def make(place):
        if place == "nowhere":
            raise ValueError(place)
        return [place]

    first = make("a")
    with pytest.raises(ValueError, match="nowhere"):
        make("nowhere")
    assert make("a") is first


def test_an_argument_with_an_underscore_is_for_the_making_alone(cached):
    @cached()
    def make(place, _given):
        return [place, _given]

    assert make("a", 1) == ["a", 1]
    assert make("a", 2) == ["a", 1]
    assert make("b", 2) == ["b", 2]


def test_areas_are_kept_apart_and_roles_in_one_are_not(cached, act_as):
    make = cached(within=Action.VIEW_COVERAGE)(numbers())
    act_as(Role.PLANNER, HERE)
    here = make()
    act_as(Role.PLANNER, THERE)
    assert make() is not here
    act_as(Role.SCREEN, HERE)
    assert make() is here


def test_a_role_that_may_not_is_refused_what_is_there(cached, act_as):
    make = cached(within=Action.PLAN)(numbers())
    act_as(Role.PLANNER)
    make()
    act_as(Role.SCREEN)
    with pytest.raises(RefusedError):
        make()


def test_one_value_can_be_thrown_away_and_all_can(cached):
    make = cached()(numbers())
    first, second = make("a"), make("b")
    make.forget("a")
    assert make("a") is not first
    assert make("b") is second
    forget_all()
    assert make("b") is not second


def test_what_is_asked_for_on_the_way_is_of_the_same_version():
    ticks = count(1)

    def now(*_):
        return once("tick", lambda: next(ticks))

    @by_version(now)
    def inner():
        return now()

    @by_version(now)
    def outer():
        return now(), inner(), now()

    assert outer() == (1, 1, 1)
    assert outer() == (2, 2, 2)


@contextmanager
def threads(work, many):
    running = [Thread(target=work, daemon=True) for _ in range(many)]
    for each in running:
        each.start()
    yield
    for each in running:
        each.join(10)
        assert not each.is_alive()


def test_one_thread_makes_it_and_the_others_wait(cached):
    begun, goes_on, made, got = Event(), Event(), count(), []

    @cached()
    def make():
        begun.set()
        assert goes_on.wait(10)
        return next(made)

    with threads(lambda: got.append(make()), 4):
        assert begun.wait(10)
        goes_on.set()
    assert got == [0, 0, 0, 0]


def test_who_waited_for_what_went_wrong_makes_it(cached):
    begun, goes_on, attempts, got = Event(), Event(), count(), []

    @cached()
    def make():
        begun.set()
        assert goes_on.wait(10)
        if next(attempts) == 0:
            raise ValueError("the first")
        return "well"

    def ask():
        try:
            got.append(make())
        except ValueError:
            got.append("not well")

    with threads(ask, 2):
        assert begun.wait(10)
        goes_on.set()
    assert sorted(got) == ["not well", "well"]


def test_other_values_are_made_meanwhile(cached):
    begun, goes_on = Event(), Event()

    @cached()
    def make(place):
        if place == "slow":
            begun.set()
            assert goes_on.wait(10)
        return place

    with threads(lambda: make("slow"), 1):
        assert begun.wait(10)
        assert make("quick") == "quick"
        goes_on.set()


def test_functions_that_nobody_holds_are_let_go(cached):
    before = len(module._FUNCTIONS)
    make = cached()(numbers())
    assert len(module._FUNCTIONS) == before + 1
    del make
    assert len(module._FUNCTIONS) == before
