"""The audit trail in words: every detail and object that the program writes has Chinese."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from services.export.audit_words import detail_words, object_asked, object_words
from services.i18n import use_language
from services.people.correct import Correction
from services.planning.model import StepKind
from services.rules.windows import DayPart
from tests.declared import declared_use_cases

SERVICES = Path(__file__).parents[2] / "services"


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


def test_objects_and_details_are_said_in_chinese():
    assert object_words("plan:12") == "方案 12"
    assert object_words("communities") == "社区"
    assert object_words("D0000001") == "D0000001"
    assert detail_words('{"what": "signed in", "account": "demo-planner"}') == "登录 · 帐号 demo-planner"
    assert detail_words('{"mode": "emergency", "until": "2026-11-23T18:26"}') == "模式：应急 · 到 2026-11-23 18:26"
    assert detail_words('{"outside": 1, "reason": "核对"}') == "管辖范围外 · 原因：核对"
    assert detail_words('{"changed": "phone available_night"}') == "改了 联系电话、夜间 22–8 点"
    assert object_words("coverage grids") == "覆盖率 网格"
    assert detail_words('{"grids": 200, "members": 4500}') == "网格 200 个 · 党员 4,500 人"
    assert detail_words('{"batch": 4500}') == "第 4500 次导入", "which one is no count"


@pytest.mark.parametrize("target", ["plan:12", "account:demo-planner", "communities", "D0000001"])
def test_what_is_read_can_be_asked_for(target: str):
    assert object_asked(object_words(target)) == target


@pytest.mark.parametrize("detail", ["[1]", "no json", '"text"'])
def test_details_of_another_version_stay_as_they_are(detail: str):
    assert detail_words(detail) == detail


def test_every_detail_that_is_noted_has_its_words():
    calls = [
        node
        for path in SERVICES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "work.note"
    ]
    noted = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}
    assert noted > {"what", "rows", "plan"}
    untold = {name for name in noted - {"what"} if re.search("[a-z]", detail_words(f'{{"{name}": 1}}'))}
    assert untold == set()


def test_every_event_of_an_account_has_its_words():
    events = {event for path in SERVICES.rglob("*.py") for event in re.findall(r'\bwhat="([^"]+)"', path.read_text())}
    assert events
    assert {event for event in events if re.search("[a-z]", detail_words(f'{{"what": "{event}"}}'))} == set()


def test_every_step_of_a_plan_and_every_column_that_can_be_corrected_has_its_words():
    columns = {field.name for field in fields(Correction)} - {"available"} | {f"available_{part}" for part in DayPart}
    said = [detail_words(f'{{"step": "{kind}"}}') for kind in StepKind]
    said += [detail_words(f'{{"changed": "{column}"}}') for column in columns]
    assert [words for words in said if re.search("[a-z]", words)] == []


def test_every_object_that_an_action_names_has_its_words():
    targets = {case.target for case in declared_use_cases()}
    given = {target for target in targets if target and "{" not in target}
    assert {"orders", "clean-up"} < given
    assert [target for target in given if re.search("[a-z]", object_words(target))] == []
    kinds = {target.partition(":")[0] for target in targets if ":" in target}
    assert {"team", "backup"} < kinds
    assert [kind for kind in kinds if re.search("[a-z]", object_words(f"{kind}:7"))] == []
