"""Use cases that write accounts, sessions and persons."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services import accounts, people
from services.catalog.actions import Role
from services.clock import seconds_of
from services.context import Context
from services.errors import ServiceError
from services.rules.areas import EVERYWHERE
from services.rules.roles import Actor
from tests.services.planning.conftest import NOW

from .case import Case, nothing
from .cases_of_plans import formed

PASSWORD: Final = "lantern teapot river"
FIRST: Final = "walnut bicycle harbour"
STAFF: Final = Actor("guanli", Role.ADMINISTRATOR, EVERYWHERE)
PEOPLE: Final = "services.people"
BOOK, ENTRY, OPEN, PASSWORDS, SECOND, SESSIONS, SETUP = (
    f"services.accounts.{name}"
    for name in ("accounts", "sign_in", "open_sessions", "passwords", "totp", "sessions", "first_admin")
)


def administrator(office: Context) -> Context:
    accounts.finish_setup(office, accounts.begin_setup(office), "guanli", FIRST)
    return replace(office, actor=STAFF)


def colleague(office: Context) -> Context:
    """Make a planner with a role, a password and an open session; return the administrator's context."""
    staff = administrator(office)
    accounts.create_account(staff, "guihua", "规划")
    accounts.grant_role(staff, "guihua", Role.PLANNER, EVERYWHERE)
    accounts.grant_role(staff, "guihua", Role.SECRETARY, EVERYWHERE)
    accounts.change_own_password(office, "guihua", PASSWORD)
    return staff


def token(office: Context) -> str:
    colleague(office)
    return accounts.sign_in(office, "guihua", PASSWORD, address="127.0.0.1")


def secret(office: Context) -> tuple[str, str]:
    """Return a new second factor for a colleague and the code it shows now."""
    colleague(office)
    kept = re.search(r"secret=([A-Z2-7]+)", accounts.begin_totp("guihua"))[1]
    return kept, _code(kept, office)


def _code(kept: str, office: Context, steps: int = 0) -> str:
    totp = TOTP(base64.b32decode(kept), 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(seconds_of(office.clock()) + 30 * steps).decode()


def two_sessions(office: Context) -> str:
    """Return the token of the second session of a colleague."""
    token(office)
    return accounts.sign_in(office, "guihua", PASSWORD, address="127.0.0.1")


def secret_in_use(office: Context) -> str:
    """Set a second factor for a colleague and return the code that it shows next."""
    kept, code = secret(office)
    accounts.confirm_totp(office, "guihua", kept, code)
    return _code(kept, office, steps=1)


def confirmed(office: Context) -> Context:
    staff = replace(office, actor=STAFF)
    accounts.confirm_totp(office, "guihua", *secret(office))
    return staff


def secretary_at_the_limit(office: Context) -> Context:
    """Return a secretary who has seen as many people in clear as ``go_on_looking`` lets them."""
    staff = replace(office, actor=Actor("shuji", Role.SECRETARY))
    people.unmask(staff, "M002", reason="走访")
    return staff


def go_on_looking(staff: Context) -> None:
    """Look at one person more than may be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDMUSTER_UNMASKS_PER_HOUR", "1")
        refused(lambda: people.unmask(staff, "M001", reason="走访"), people.LookLimitError)


def refused(call: Callable[[], object], error: type[ServiceError] = accounts.SignInError) -> None:
    """Call what is to be refused."""
    try:
        call()
    except error:
        return
    raise AssertionError("it was let in")


def old_data(office: Context) -> None:
    """Let somebody's time be over."""
    people.correct_person(office, "M001", people.Correction(keep_until="2026-11-01"))


CASES: Final = (
    Case("begin set-up", (f"{SETUP}.begin_setup",), nothing, lambda o, _: accounts.begin_setup(o)),
    Case(
        "finish set-up",
        (f"{SETUP}._add_administrator",),
        accounts.begin_setup,
        lambda o, key: accounts.finish_setup(o, key, "guanli", FIRST),
    ),
    Case(
        "create an account",
        (f"{BOOK}._add_account",),
        administrator,
        lambda _, staff: accounts.create_account(staff, "xinren"),
    ),
    Case(
        "grant a role",
        (f"{BOOK}.grant_role",),
        colleague,
        lambda _, staff: accounts.grant_role(staff, "guihua", Role.SCREEN, EVERYWHERE),
    ),
    Case(
        "revoke a role",
        (f"{BOOK}.revoke_role",),
        lambda o: (token(o), replace(o, actor=STAFF))[1],
        lambda _, staff: accounts.revoke_role(staff, "guihua", accounts.find_account(staff, "guihua").grants[0].id),
    ),
    Case(
        "disable an account",
        (f"{BOOK}.disable_account",),
        lambda o: (token(o), replace(o, actor=STAFF))[1],
        lambda _, staff: accounts.disable_account(staff, "guihua"),
    ),
    Case(
        "enable an account",
        (f"{BOOK}.enable_account",),
        colleague,
        lambda _, staff: accounts.enable_account(staff, "guihua"),
    ),
    Case(
        "reset a password",
        (f"{PASSWORDS}._reset",),
        lambda o: (token(o), replace(o, actor=STAFF))[1],
        lambda _, staff: accounts.reset_password(staff, "guihua"),
    ),
    Case(
        "change a password",
        (f"{PASSWORDS}._change",),
        token,
        lambda o, _: accounts.change_own_password(o, "guihua", "copper window seaside"),
    ),
    Case(
        "link an identity",
        (f"{BOOK}.link_subject",),
        colleague,
        lambda _, staff: accounts.link_subject(staff, "guihua", "sub-1"),
    ),
    Case(
        "set a second factor",
        (f"{SECOND}.confirm_totp",),
        secret,
        lambda o, factor: accounts.confirm_totp(o, "guihua", *factor),
    ),
    Case(
        "remove a second factor",
        (f"{SECOND}.remove_totp",),
        confirmed,
        lambda _, staff: accounts.remove_totp(staff, "guihua"),
    ),
    Case(
        "sign in",
        (f"{ENTRY}._begin",),
        colleague,
        lambda o, _: accounts.sign_in(o, "guihua", PASSWORD, address="127.0.0.1"),
    ),
    Case(
        "be refused at the door",
        (f"{ENTRY}._note_failure",),
        colleague,
        lambda o, _: refused(lambda: accounts.sign_in(o, "guihua", "wrong", address="127.0.0.1")),
    ),
    Case(
        "confirm with a code",
        (f"{ENTRY}._spend",),
        secret_in_use,
        lambda o, code: accounts.check_own_password(o, "guihua", PASSWORD, address="127.0.0.1", code=code),
    ),
    Case("sign out", (f"{SESSIONS}._end_session",), token, accounts.sign_out),
    Case(
        "end own other sessions",
        (f"{OPEN}._end_others",),
        two_sessions,
        lambda o, key: accounts.end_own_sessions(o, accounts.key_of(key)),
    ),
    Case(
        "end the sessions of an account",
        (f"{OPEN}.end_sessions",),
        lambda o: (token(o), replace(o, actor=STAFF))[1],
        lambda _, staff: accounts.end_sessions(staff, "guihua"),
    ),
    Case(
        "act in another role",
        (f"{SESSIONS}._change_role",),
        token,
        lambda o, key: accounts.act_as(o, accounts.key_of(key), accounts.who_is(o, key).account.grants[1].id),
    ),
    Case(
        "be seen",
        (f"{SESSIONS}.note_seen",),
        token,
        lambda o, key: accounts.note_seen(replace(o, clock=lambda: NOW + timedelta(minutes=9)), key),
    ),
    Case("forget old sessions", (f"{SESSIONS}.clean_up",), token, lambda o, _: accounts.clean_up(o)),
    Case(
        "unmask",
        (f"{PEOPLE}.unmask._unmask",),
        nothing,
        lambda o, _: people.unmask(o, "M001", reason="走访"),
    ),
    Case("export a person", (f"{PEOPLE}.export._export",), nothing, lambda o, _: people.export_person(o, "M001")),
    Case("look somebody up", (f"{PEOPLE}.find._keep_search",), nothing, lambda o, _: people.find_people(o, "M001")),
    Case(
        "reach the limit of the hour",
        (f"{PEOPLE}.unmask._unmask", f"{PEOPLE}.limits._note_refusal"),
        secretary_at_the_limit,
        lambda _, staff: go_on_looking(staff),
    ),
    Case(
        "correct a person",
        ("services.people.correct.correct_person",),
        nothing,
        lambda o, _: people.correct_person(o, "M001", people.Correction(name="新名", address="云港花园 1 栋")),
    ),
    Case(
        "erase a person",
        ("services.people.erase.erase_person",),
        formed,
        lambda o, _: people.erase_person(o, "M001", reason="本人要求"),
    ),
    Case(
        "clean up",
        (f"{SESSIONS}.clean_up", f"{PEOPLE}.retention._forget"),
        old_data,
        lambda o, _: people.clean_up(o, people.Periods()),
    ),
)
