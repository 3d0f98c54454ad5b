"""Every use case that writes, each with what has to be there before; and the places that write."""

import ast
import atexit
import base64
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from geo.schema import Layer
from services import accounts, people
from services.assignment import assign_members, settle, unsettle
from services.briefing import BriefingRequest, Choice, SectionName, Template, delete_template, freeze, save_template
from services.context import Context
from services.demo import DemoSize, fill_store, make_district
from services.export.facts import record_export
from services.imports import Options, commit, make_upload, stage_file
from services.imports import take_back as take_import_back
from services.modes import declare_mode
from services.planning import (
    Move,
    acknowledge,
    clear_plan,
    commit_plan,
    copy_plan,
    create_plan,
    discard_plan,
    dissolve_team,
    form_team,
    give_out,
    pin,
    recall_order,
    redo,
    relieve_order,
    rename_plan,
    restore_plan,
    send,
    take_back,
    undo,
)
from services.planning.drafts import change_plan
from services.planning.moves import accept_all, drop_moves, unpin
from services.planning.orders import orders_between
from services.planning.sheets import read_order_lines
from services.planning.teams import Holder
from services.rules.areas import EVERYWHERE
from services.rules.roles import Actor, Role
from services.rules.templates import one_plus_n
from services.rules.windows import Mode
from services.store import Store
from services.upkeep import Keep, back_up, copy_store
from tests.services.planning.conftest import EVENING, NOW, fill

SERVICES = Path(__file__).parents[2] / "services"
PASSWORD = "lantern teapot river"
FIRST = "walnut bicycle harbour"
STAFF = Actor("guanli", Role.ADMINISTRATOR, EVERYWHERE)


@dataclass(frozen=True)
class Case:
    """A use case: what has to be there, what is done then, and where in the code it writes."""

    name: str
    places: tuple[str, ...]
    """The functions that open its writing transactions."""
    prepare: Callable[[Context], Any]
    act: Callable[[Context, Any], object]
    needs_empty_store: bool = False


def writing_places() -> set[str]:
    """Return every function of ``services`` that opens a writing transaction, as ``module.function``."""
    return {place for path in SERVICES.rglob("*.py") for place in _places(path)}


def _places(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(SERVICES.parent).with_suffix("").parts)
    if module.startswith(("services.store.", "services.context")):
        return
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and any(_opens(call) for call in ast.walk(node)):
            yield f"{module}.{node.name}"


def _opens(call: ast.AST) -> bool:
    """Return whether a call is ``….act(…)`` or ``….store.write()``."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    on = call.func.value
    return call.func.attr == "act" or (
        call.func.attr == "write" and isinstance(on, ast.Attribute) and on.attr == "store"
    )


def nothing(_office: Context) -> None:
    """Need nothing beforehand."""


def draft(office: Context) -> int:
    plan = create_plan(office, EVENING, Mode.EMERGENCY, event_id="a", name="今晚")
    send(office, plan.id, Move("T1", "G2", 12), event_id="b")
    send(office, plan.id, Move("T2", "G3", 6), event_id="c")
    return plan.id


def order(office: Context) -> int:
    commit_plan(office, draft(office))
    return orders_between(office, EVENING)[0].id


def staged(text: str, layer: Layer) -> Callable[[Context], Any]:
    return lambda office: stage_file(office, make_upload("f.csv", text.encode()), layer, Options())


NEW_TEAMS = "编码,名称,所属网格,人数\nT8,八队,G1,5\nT9,九队,G2,4\n"
OTHER_TEAMS = "编码,名称,所属网格,人数\nT1,一队新名,G1,15\nT9,九队,G2,4\n"
NEW_PEOPLE = "编码,姓名,电话,地址\nM900,甲乙丙,13812345678,云港花园 1 栋\nM001,丁戊己,13912345678,云港花园 2 栋\n"


def imported(office: Context) -> int:
    return commit(office, staged(OTHER_TEAMS, Layer.TEAMS)(office)).batch_id


def formed(office: Context) -> str:
    return form(office, None).code


def form(office: Context, _: object) -> Any:
    held = [Holder("M001"), Holder("M002"), Holder(name="外来人")]
    return form_team(office, grid_code="G1", name="新队", template=one_plus_n(3), filled=held, event_id="form")


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
    totp = TOTP(base64.b32decode(kept), 6, SHA1(), 30, enforce_key_length=False)
    return kept, totp.generate(int(office.clock().timestamp())).decode()


def confirmed(office: Context) -> Context:
    staff = replace(office, actor=STAFF)
    accounts.confirm_totp(office, "guihua", *secret(office))
    return staff


def another_plan(make: Callable[[Context, int], object]) -> Callable[[Context], int]:
    """Return what makes a draft and does something to it."""

    def prepare(office: Context) -> int:
        plan_id = draft(office)
        make(office, plan_id)
        return plan_id

    return prepare


def small_district() -> Any:
    """Return the first rows of every layer of the demo."""
    return {layer: frame.head(20) for layer, frame in make_district(DemoSize.SUBDISTRICT).items()}


def new_folder(_office: Context) -> Path:
    """Return an empty folder that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def full_copy(office: Context) -> Context:
    """Return a filled store beside the one at hand."""
    source = Context(Store.open(f"sqlite:///{new_folder(office)}/other.gpkg"), clock=office.clock)
    fill(source.store)
    return source


def refused(call: Callable[[], object]) -> None:
    """Call what is to be refused."""
    try:
        call()
    except accounts.SignInError:
        return
    raise AssertionError("it was let in")


def old_data(office: Context) -> None:
    """Let somebody's time be over."""
    people.correct_person(office, "M001", people.Correction(keep_until="2026-11-01"))


CHANGE = "services.planning.drafts.change_once"
BOOK, SESSIONS, SETUP, SECOND = (f"services.accounts.{name}" for name in ("book", "sessions", "setup", "second"))
IMPORT = "services.imports.commit.commit"
MOVES = [Move("T1", "G3", 12), Move("T2", "G2", 6)]
BOTH = [("T1", "G2"), ("T2", "G3")]

ELSEWHERE = {"services.upkeep.backups.restore"}
"""Writes to a store that it has just made, after the work is done."""

CASES = (
    # Imports
    Case("import new rows", (IMPORT,), staged(NEW_TEAMS, Layer.TEAMS), commit),
    Case("import over rows", (IMPORT,), staged(OTHER_TEAMS, Layer.TEAMS), commit),
    Case("import people", (IMPORT,), staged(NEW_PEOPLE, Layer.MEMBERS), commit),
    Case("take an import back", ("services.imports.commit.take_back",), imported, take_import_back),
    # Assignments
    Case("assign", ("services.assignment.assign_members",), nothing, lambda o, _: assign_members(o)),
    Case("settle", ("services.assignment.settle",), nothing, lambda o, _: settle(o, "M001", grid_code="G2")),
    Case(
        "unsettle",
        ("services.assignment.unsettle",),
        lambda o: settle(o, "M001", grid_code="G2"),
        lambda o, _: unsettle(o, "M001"),
    ),
    Case(
        "declare a mode",
        ("services.modes.declare_mode",),
        nothing,
        lambda o, _: declare_mode(o, Mode.LOCKDOWN, reason="演练", approver="书记", until=NOW + timedelta(days=1)),
    ),
    # Plans
    Case(
        "create a plan",
        ("services.planning.drafts.create_plan",),
        nothing,
        lambda o, _: create_plan(o, EVENING, Mode.ROUTINE, event_id="new"),
    ),
    Case("copy a plan", ("services.planning.drafts.copy_plan",), draft, lambda o, k: copy_plan(o, k, event_id="n")),
    Case("rename a plan", (CHANGE,), draft, lambda o, k: rename_plan(o, k, "新名", event_id="n")),
    Case("change a plan", (CHANGE,), draft, lambda o, k: change_plan(o, k, event_id="n", mode=Mode.ROUTINE)),
    Case("discard a plan", (CHANGE,), draft, lambda o, k: discard_plan(o, k, event_id="n")),
    Case(
        "restore a plan",
        (CHANGE,),
        another_plan(lambda o, k: discard_plan(o, k, event_id="d")),
        lambda o, k: restore_plan(o, k, event_id="n"),
    ),
    Case("send", (CHANGE,), draft, lambda o, k: send(o, k, Move("T3", "G2", 8), event_id="n")),
    Case("take a move back", (CHANGE,), draft, lambda o, k: take_back(o, k, "T1", event_id="n")),
    Case("clear a plan", (CHANGE,), draft, lambda o, k: clear_plan(o, k, event_id="n")),
    Case("drop moves", (CHANGE,), draft, lambda o, k: drop_moves(o, k, BOTH, event_id="n")),
    Case("pin", (CHANGE,), draft, lambda o, k: pin(o, k, BOTH, event_id="n")),
    Case(
        "unpin",
        (CHANGE,),
        another_plan(lambda o, k: pin(o, k, BOTH, event_id="p")),
        lambda o, k: unpin(o, k, BOTH, event_id="n"),
    ),
    Case("accept all", (CHANGE,), draft, lambda o, k: accept_all(o, k, MOVES, event_id="n")),
    Case("undo", (CHANGE,), draft, lambda o, k: undo(o, k, event_id="n")),
    Case(
        "redo",
        (CHANGE,),
        another_plan(lambda o, k: undo(o, k, event_id="u")),
        lambda o, k: redo(o, k, event_id="n"),
    ),
    Case("acknowledge", (CHANGE,), draft, lambda o, k: acknowledge(o, k, {"grids": 1}, event_id="n")),
    # Orders, teams, calls
    Case("commit a plan", ("services.planning.commit.commit_plan",), draft, commit_plan),
    Case(
        "recall",
        ("services.planning.orders.recall_order",),
        order,
        lambda o, k: recall_order(o, k, reason="雨停了"),
    ),
    Case(
        "relieve",
        ("services.planning.orders.relieve_order",),
        order,
        lambda o, k: relieve_order(o, k, "T3", reason="换班"),
    ),
    Case("form a team", ("services.planning.teams.form_team",), nothing, form),
    Case("dissolve a team", ("services.planning.dissolve.dissolve_team",), formed, dissolve_team),
    Case(
        "give calls out",
        ("services.planning.calls.give_out",),
        nothing,
        lambda o, _: give_out(o, EVENING, {"G2": 5, "G3": 2}),
    ),
    Case(
        "take order sheets",
        ("services.planning.sheets.read_order_lines",),
        order,
        lambda o, _: read_order_lines(o, orders_between(o, EVENING)),
    ),
    Case(
        "export",
        ("services.export.facts.record_export",),
        nothing,
        lambda o, _: record_export(o, "coverage", rows=4),
    ),
    # Briefings
    Case(
        "freeze a briefing",
        ("services.briefing.snapshots.freeze",),
        nothing,
        lambda o, _: freeze(o, BriefingRequest(EVENING, Mode.EMERGENCY)),
    ),
    Case(
        "save a template",
        ("services.briefing.templates.save_template",),
        nothing,
        lambda o, _: save_template(o, Template("晨会", (Choice(SectionName.PLAN),))),
    ),
    Case(
        "delete a template",
        ("services.briefing.templates.delete_template",),
        lambda o: save_template(o, Template("晨会", (Choice(SectionName.PLAN),))),
        lambda o, _: delete_template(o, "晨会"),
    ),
    # Accounts
    Case("begin set-up", (f"{SETUP}.begin_setup",), nothing, lambda o, _: accounts.begin_setup(o)),
    Case(
        "finish set-up",
        (f"{SETUP}.finish_setup",),
        accounts.begin_setup,
        lambda o, key: accounts.finish_setup(o, key, "guanli", FIRST),
    ),
    Case(
        "create an account",
        (f"{BOOK}.create_account",),
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
        (f"{BOOK}.reset_password",),
        lambda o: (token(o), replace(o, actor=STAFF))[1],
        lambda _, staff: accounts.reset_password(staff, "guihua"),
    ),
    Case(
        "change a password",
        (f"{BOOK}.change_own_password",),
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
    # Sessions
    Case(
        "sign in",
        (f"{SESSIONS}._begin",),
        colleague,
        lambda o, _: accounts.sign_in(o, "guihua", PASSWORD, address="127.0.0.1"),
    ),
    Case(
        "be refused at the door",
        (f"{SESSIONS}._note_failure",),
        colleague,
        lambda o, _: refused(lambda: accounts.sign_in(o, "guihua", "wrong", address="127.0.0.1")),
    ),
    Case("sign out", (f"{SESSIONS}.sign_out",), token, accounts.sign_out),
    Case(
        "act in another role",
        (f"{SESSIONS}.act_as",),
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
    # Persons
    Case("unmask", ("services.people.unmask.unmask",), nothing, lambda o, _: people.unmask(o, "M001", reason="走访")),
    Case(
        "export a person",
        ("services.people.export.export_person",),
        nothing,
        lambda o, _: people.export_person(o, "M001"),
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
        (f"{SESSIONS}.clean_up", "services.people.retention.clean_up"),
        old_data,
        lambda o, _: people.clean_up(o, people.Periods()),
    ),
    # Whole stores
    Case(
        "fill with the demo",
        ("services.demo.write.fill_store",),
        lambda _: small_district(),
        fill_store,
        needs_empty_store=True,
    ),
    Case(
        "make demo accounts",
        ("services.accounts.demo.make_demo_accounts",),
        nothing,
        lambda o, _: accounts.make_demo_accounts(o),
    ),
    Case("back up", ("services.upkeep.backups.back_up",), new_folder, lambda o, folder: back_up(o, folder, Keep())),
    Case(
        "copy a store",
        ("services.upkeep.copying.copy_store",),
        full_copy,
        lambda o, source: copy_store(source, o),
        needs_empty_store=True,
    ),
)
