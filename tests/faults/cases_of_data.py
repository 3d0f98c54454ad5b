"""Use cases that write data: imports, assignments, modes, briefings, whole stores."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from geo.schema import Layer
from services import accounts
from services.assignment import assign_members
from services.briefing import (
    BriefingRequest,
    BriefingTemplate,
    SectionChoice,
    SectionName,
    delete_template,
    freeze,
    save_template,
)
from services.catalog.actions import Action
from services.context import Context
from services.demo import DemoSize, fill_store, make_district
from services.imports import Options, commit, make_upload, stage_file
from services.imports import revert_import as take_import_back
from services.maintenance import RetentionPolicy, back_up, copy_store
from services.manual_assignment import assign_manually, unsettle
from services.modes import declare_mode
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.windows import Mode
from services.store import Store
from tests.acting import act
from tests.services.planning.conftest import EVENING, NOW, fill

from .case import Case, nothing

IMPORT: Final = "services.imports.commit.commit"


def staged(text: str, layer: Layer) -> Callable[[Context], Any]:
    return lambda office: stage_file(office, make_upload("f.csv", text.encode()), layer, Options())


NEW_TEAMS = "编码,名称,所属网格,人数\nT8,八队,G1,5\nT9,九队,G2,4\n"
OTHER_TEAMS = "编码,名称,所属网格,人数\nT1,一队新名,G1,15\nT9,九队,G2,4\n"
NEW_PEOPLE = "编码,姓名,电话,地址\nM900,甲乙丙,13812345678,云港花园 1 栋\nM001,丁戊己,13912345678,云港花园 2 栋\n"


def imported(office: Context) -> int:
    return commit(office, staged(OTHER_TEAMS, Layer.TEAMS)(office)).batch_id


def signed_in_to_a_demo(office: Context) -> None:
    """Say that the store is a demo, and sign in to it."""
    with act(office, Action.MAKE_DEMO, "demo") as work:
        work.tx.records.write_fact(FICTITIOUS_FACT, "true")
    accounts.make_demo_accounts(office)
    accounts.sign_in(office, "demo-planner", accounts.DEMO_PASSWORD, address="127.0.0.1")


def staged_in_a_demo(office: Context) -> Any:
    signed_in_to_a_demo(office)
    return staged(NEW_TEAMS, Layer.TEAMS)(office)


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
    fill(source._store)
    return source


CASES: Final = (
    Case("import new rows", (IMPORT,), staged(NEW_TEAMS, Layer.TEAMS), commit),
    Case("import over rows", (IMPORT,), staged(OTHER_TEAMS, Layer.TEAMS), commit),
    Case("import people", (IMPORT,), staged(NEW_PEOPLE, Layer.MEMBERS), commit),
    Case("import into a demo", (IMPORT,), staged_in_a_demo, commit),
    Case(
        "end a demo by hand",
        ("services.accounts.demo_end.end_demo",),
        signed_in_to_a_demo,
        lambda o, _: accounts.end_demo(o),
    ),
    Case("take an import back", ("services.imports.commit.revert_import",), imported, take_import_back),
    Case("assign", ("services.assignment.assign_members",), nothing, lambda o, _: assign_members(o)),
    Case(
        "settle",
        ("services.manual_assignment.assign_manually",),
        nothing,
        lambda o, _: assign_manually(o, "M001", grid_code="G2"),
    ),
    Case(
        "unsettle",
        ("services.manual_assignment.unsettle",),
        lambda o: assign_manually(o, "M001", grid_code="G2"),
        lambda o, _: unsettle(o, "M001"),
    ),
    Case(
        "declare a mode",
        ("services.modes.declare_mode",),
        nothing,
        lambda o, _: declare_mode(o, Mode.LOCKDOWN, reason="演练", approver="书记", until=NOW + timedelta(days=1)),
    ),
    Case(
        "freeze a briefing",
        ("services.briefing.snapshots._keep",),
        nothing,
        lambda o, _: freeze(o, BriefingRequest(EVENING, Mode.EMERGENCY)),
    ),
    Case(
        "save a template",
        ("services.briefing.templates.save_template",),
        nothing,
        lambda o, _: save_template(o, BriefingTemplate("晨会", (SectionChoice(SectionName.PLAN),))),
    ),
    Case(
        "delete a template",
        ("services.briefing.templates.delete_template",),
        lambda o: save_template(o, BriefingTemplate("晨会", (SectionChoice(SectionName.PLAN),))),
        lambda o, _: delete_template(o, "晨会"),
    ),
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
    Case(
        "back up",
        ("services.maintenance.backups._note_backup",),
        new_folder,
        lambda o, folder: back_up(o, folder, RetentionPolicy()),
    ),
    Case(
        "copy a store",
        ("services.maintenance.copying._copy",),
        full_copy,
        lambda o, source: copy_store(source, o),
        needs_empty_store=True,
    ),
)
