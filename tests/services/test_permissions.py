"""Every use case × every role × own and other area does what the table of cases says.

In the file store all roles are tried; in the database, where each call takes several times as long, every use case is
tried by ``DATABASE_ROLES``: somebody of everything, and three kinds of parts.
"""

import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

import services
from services.catalog.actions import Role
from services.context import Context, RefusedError, Transaction, Work
from services.errors import ServiceError
from services.i18n import use_language
from services.rules.areas import OutsideAreaError, WiderAreaError
from services.rules.roles import ALLOWED
from services.store import Store
from services.use_cases import UseCase
from tests.conftest import StoreKind
from tests.services.permission_cases import CASES, PARTS, Rule
from tests.services.permission_world import make_world

DATA = Path(__file__).parents[2] / "data"
DATABASE_ROLES = {"planner-all", "subdistrict_commander-part", "secretary-part", "liaison-part"}
NO_USE_CASES = {"cli", "store", "rules", "context", "locale"}


@pytest.fixture(scope="module", params=StoreKind, ids=str)
def world(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDMUSTER_DATA", str(DATA))
        use_language("zh")
        if request.param is StoreKind.FILE:
            url = f"sqlite:///{tmp_path_factory.mktemp('world') / 'store.gpkg'}"
        else:
            cluster = request.getfixturevalue("cluster")
            url = cluster.url(cluster.new_database())
        store = Store.open(url)
        made = make_world(store)
        yield replace(made, actors=of_the_database(made.actors)) if request.param is StoreKind.DATABASE else made
        store.close()


def of_the_database(actors):
    return {who: actor for who, actor in actors.items() if who in DATABASE_ROLES}


def use_cases():
    """Return the names of all declared changes, and of all public functions that take a context and no transaction."""
    names = set()
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if found.name.split(".")[1] in NO_USE_CASES or found.name.endswith(".__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if name.startswith("_") or getattr(function, "__module__", "") != found.name:
                continue
            if isinstance(function, UseCase):
                names.add(f"{found.name.removeprefix('services.')}.{name}")
            if not inspect.isfunction(function):
                continue
            asked = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
            takes_work = any("Transaction" in str(one) or "Work" in str(one) for one in asked) or Work in asked
            if Context in asked and Transaction not in asked and not takes_work:
                names.add(f"{found.name.removeprefix('services.')}.{name}")
    return names


def test_every_use_case_has_a_line_in_the_table():
    assert use_cases() == set(CASES) | PARTS


@pytest.mark.parametrize("name", sorted(CASES))
def test_role_and_area_decide(world, name):
    case, faults = CASES[name], []
    for who, actor in world.actors.items():
        for side in (world.own, world.other) if case.rule in {Rule.REFUSED, Rule.HIDDEN} else (world.own,):
            wanted = expected(case, actor, is_own=side is world.own)
            told = told_by(case, world, actor, side)
            is_let_in = told is None or (case.may_fail and not issubclass(told, RefusedError | OutsideAreaError))
            if not (is_let_in if wanted is None else told is wanted):
                faults.append(f"{who} on {side.community}: {told and told.__name__}, not {wanted and wanted.__name__}")
    assert not faults, "\n".join(faults)


def expected(case, actor, *, is_own):
    """Return which exception a call is to end in, None for an answer."""
    if not all(action in ALLOWED[actor.role] for action in case.actions):
        return RefusedError
    if actor.area.layer is None or case.rule in {Rule.FREE, Rule.LIMITED}:
        return None
    if case.rule is Rule.HIDDEN:
        return None if is_own and (actor.role is not Role.LIAISON or case.of_a_person) else case.hidden_as
    if case.rule is Rule.WHOLE:
        return WiderAreaError
    is_at_home = is_own and (actor.role is not Role.LIAISON or case.of_a_person)
    return None if is_at_home else OutsideAreaError


def told_by(case, world, actor, side):
    """Return the class of the exception that a call ends in, None for an answer that shows what it should."""
    try:
        answer = case.call(world.context(actor), side, world)
    except ServiceError as error:
        return type(error)
    if case.rule is Rule.LIMITED:
        seen = case.shows(answer)
        assert bool(seen & world.other.codes) is (actor.area.layer is None), f"{actor} sees {sorted(seen)}"
        assert actor.role is Role.LIAISON or seen & world.own.codes, f"{actor} sees nothing of its own"
    return None
