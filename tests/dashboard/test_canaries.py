"""Values that nobody else has are planted and looked for wherever the program writes: only where it is allowed."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.schema import Layer
from services.assignment import assign_members
from services.catalog.actions import Action, Role
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import Context, RefusedError, open_context
from services.export.layers import LayerFile, export_layers
from services.people import Correction, correct_person, erase_person, export_person, find_people, unmask
from services.rules.areas import parse_area
from services.rules.people import check_character
from services.rules.roles import Actor
from tests.dashboard.panels import script_of

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
IDENTITY = "440114198801017" + "73"
IDENTITY += check_character(IDENTITY)
PHONES = ("13870009999", "13970008888", "13770007777")
NAMES = ("卡纳里甲", "卡纳里乙", "卡纳里丙")
HOMES = ("8888栋9999", "7777栋6666")
NUMBERS = (*PHONES, IDENTITY)
SECRETS = (*NUMBERS, *NAMES, *HOMES)
MEMBERS = f"""党员编号,姓名,身份证号,手机号码,家庭住址,经度,纬度
CAN1,{NAMES[0]},{IDENTITY},{PHONES[0]},云港花园{HOMES[0]},113.2,23.4
CAN2,{NAMES[1]},,{PHONES[1]},无名大街{HOMES[1]},,
"""
FAULTY = f"""党员编号,姓名,身份证号,手机号码,家庭住址,技能,晚上可用,经度,纬度
CAN3,{PHONES[0]},{NAMES[0]},{IDENTITY},{PHONES[1]},{PHONES[2]},{PHONES[0]},{PHONES[1]},{NAMES[1]}
{PHONES[0]},{NAMES[0]},{IDENTITY}9,{PHONES[0]}9,{HOMES[0]},{IDENTITY},{NAMES[0]},{IDENTITY},{HOMES[0]}
CAN1,{NAMES[0]},{IDENTITY},{PHONES[0]},{HOMES[0]},,,1132.5,23.4
CAN1,{NAMES[0]},{IDENTITY},{PHONES[0]},{HOMES[0]},,,113.2,23.4
"""
TEAMS = f"队伍编号,队伍名称,所属网格,人数,队长,队长电话\nTCAN,金丝雀队,{{grid}},9,{NAMES[2]},{PHONES[2]}\n"
UNITS = f"单位编码,单位名称,联系人,联系电话\nUCAN,金丝雀局,{NAMES[1]},{PHONES[1]}\n"


def found_in(content, secrets=SECRETS):
    """Return which secrets stand in something: text, or bytes in either of the encodings that files use."""
    if isinstance(content, str):
        return [secret for secret in secrets if secret in content]
    return [secret for secret in secrets if secret.encode() in content or secret.encode("utf-16-le") in content]


def unpacked(content):
    """Return the parts of a file that is a ZIP archive, else the file itself."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.fixture
def planted(own_demo, tmp_path, capfd):
    """Import the canaries as a clerk would, good rows and spoiled ones; return store, words and reports."""
    office = open_context(own_demo)
    with office.look(Action.VIEW_COVERAGE) as tx:
        grid = tx.read_codes(Layer.GRIDS)[0]
    reports = []
    files = (
        (Layer.MEMBERS, MEMBERS, Exit.DONE),
        (Layer.UNITS, UNITS, Exit.DONE),
        (Layer.TEAMS, TEAMS.format(grid=grid), Exit.DONE),
        (Layer.MEMBERS, FAULTY, Exit.ROWS_REJECTED),
    )
    for number, (layer, rows, expected) in enumerate(files):
        path, report = tmp_path / f"{number}.csv", tmp_path / f"{number}.json"
        path.write_text(rows, encoding="utf-8")
        arguments = ["import", layer.value, str(path), "--store", own_demo, "--datum", "wgs84", "--report", str(report)]
        assert run(app, arguments) == expected
        reports.append(report.read_text(encoding="utf-8"))
    assign_members(office)
    said = capfd.readouterr()
    return office, said.out + said.err, "".join(reports)


def file_of(office):
    path = office._store.file
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*") if not part.name.endswith(".key"))


def rows_of(office, *names):
    with office.look(Action.MAINTAIN) as tx:
        return json.dumps([list(map(dict, rows)) for name in names for rows in tx.whole.read(name)], default=str,
                          ensure_ascii=False)  # fmt: skip


def as_role(office, role, area="all"):
    return Context(office._store, Actor("someone", role, parse_area(area)), office.clock)


def test_the_canaries_are_there(planted):
    office, _said, _reports = planted
    clear = unmask(office, "CAN1", reason="核对姓名")
    assert (clear.name, clear.phone) == (NAMES[0], PHONES[0])
    assert HOMES[0] in clear.address


def test_an_import_says_and_reports_none(planted):
    _office, said, reports = planted
    assert found_in(said) == []
    assert found_in(reports) == []
    assert "problems" in reports


def test_the_books_hold_none(planted):
    office, _said, _reports = planted
    correct_person(office, "CAN1", Correction(phone=PHONES[1]))
    unmask(office, "CAN1", reason=f"联系{NAMES[0]} {PHONES[0]}")
    export_person(office, "CAN1")
    with pytest.raises(RefusedError):
        unmask(as_role(office, Role.LIAISON), "CAN1", reason=NAMES[0])
    erase_person(office, "CAN1", reason=f"{NAMES[0]}要求")
    assert found_in(rows_of(office, "audit", "batches", "facts", "header_maps", "orders", "order_events")) == []


def test_the_file_holds_no_number_in_clear_not_in_its_log_nor_packed(planted):
    office, _said, _reports = planted
    assert found_in(file_of(office), NUMBERS) == []
    copy = office._store.file.parent / "packed.sqlite"
    with sqlite3.connect(office._store.file) as live:
        live.execute("VACUUM INTO ?", (str(copy),))
    live.close()
    assert found_in(copy.read_bytes(), NUMBERS) == []


def test_of_an_erased_person_nothing_is_left_in_the_file(planted):
    office, _said, _reports = planted
    erase_person(office, "CAN1", reason="本人要求")
    assert found_in(file_of(office), (NAMES[0], HOMES[0], PHONES[0])) == []


@pytest.mark.parametrize("role", [Role.LOCAL, Role.PLANNER, Role.SECRETARY])
@pytest.mark.parametrize("kind", [LayerFile.XLSX, LayerFile.GPKG])
def test_exports_hold_none(planted, role, kind):
    office, _said, _reports = planted
    content, rows = export_layers(as_role(office, role), [Layer.MEMBERS, Layer.TEAMS, Layer.UNITS], kind)
    assert rows > 300
    assert found_in(unpacked(content)) == []


@pytest.mark.parametrize("role", [Role.DISTRICT_COMMANDER, Role.LIAISON, Role.SCREEN, Role.ADMINISTRATOR])
def test_others_export_nobody(planted, role):
    office, _said, _reports = planted
    with pytest.raises(RefusedError):
        export_layers(as_role(office, role), [Layer.MEMBERS], LayerFile.CSV)


def test_finding_shows_none(planted):
    office, _said, _reports = planted
    assert found_in(repr([find_people(office, wanted) for wanted in ("CAN1", PHONES[0], "卡纳里")])) == []


def test_commands_print_none(planted, capfd):
    office, _said, _reports = planted
    store = ["--store", f"sqlite:///{office._store.file}"]
    for command in (
        ["person", "find", "卡纳里"],
        ["person", "show", "CAN9"],
        ["person", "correct", "CAN1", "--phone", PHONES[0] + "9"],
        ["plan", "list"],
        ["import", "members", str(office._store.file)],
    ):
        run(app, [*command, *store])
    said = capfd.readouterr()
    assert found_in(said.out + said.err) == []


@pytest.mark.parametrize("page", ["situation", "reinforce", "data", "people", "settle"])
def test_pages_show_none_but_the_address_a_clerk_is_to_settle(planted, page, caplog, capfd):
    shown = AppTest.from_file(str(APP), default_timeout=120)
    shown.run()
    shown.switch_page(script_of(page)).run()
    assert not shown.exception
    html = "".join(element.proto.body for element in shown.get("html"))
    tables = "".join(frame.value.to_csv() for frame in shown.dataframe)
    said = capfd.readouterr()
    allowed = HOMES if page == "settle" else ()
    everything = repr(shown.main) + html + tables + caplog.text + said.out + said.err
    assert set(found_in(everything)) <= set(allowed)
