"""Kinds of matters: those of the data folder, and what a declaration has to say."""

import json
import tomllib
from datetime import date

import pytest

from geo.schema import Layer
from services.rules.matters.kinds import KindError, kind_body, parse_kind, parse_kinds
from services.rules.windows import Mode
from tests.services.planning.conftest import DATA

KINDS = parse_kinds(tomllib.loads((DATA / "matters.toml").read_text("utf-8")))
SHEET = {
    "name": "日报",
    "source": "假定",
    "subjects": ["communities"],
    "owners": [],
    "every": "week",
    "issuer": "街道",
    "grounds": "通知",
    "start": date(2026, 11, 1),
    "until": date(2027, 11, 1),
    "fields": [{"code": "a", "name": "甲"}],
}


def test_the_ledgers_are_daily_sheets_of_communities_outside_routine_times():
    ledgers = [KINDS[code] for code in ("ledger_away", "ledger_arrived", "ledger_watched")]
    for kind in ledgers:
        assert (kind.level, kind.every, kind.hour) == (Layer.COMMUNITIES, "day", 18)
        assert not kind.holds(Mode.ROUTINE, date(2026, 11, 27))
        assert kind.holds(Mode.LOCKDOWN, date(2026, 11, 27))
        assert kind.balance


def test_no_kind_has_a_field_for_a_person():
    names = {field.name for kind in KINDS.values() for field in kind.fields}
    assert not [name for name in names if any(word in name for word in ("姓名", "电话", "住址", "身份证", "门牌"))]


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_kind_is_kept_as_text_and_read_again(code):
    assert parse_kind(code, json.loads(kind_body(KINDS[code]))) == KINDS[code]


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": " "},
        {"grounds": ""},
        {"until": date(2027, 11, 3)},
        {"until": None},
        {"subjects": ["communities", "grids"]},
        {"subjects": ["posts"]},
        {"fields": [{"code": "a", "name": "甲"}, {"code": "a", "name": "乙"}]},
        {"fields": [{"code": "a", "name": "甲", "at_most": "b"}]},
        {"fields": [{"code": "a", "name": "甲", "type": "choice"}]},
        {"balance": {"stock": "b", "plus": [], "minus": []}},
        {"colour": "red"},
        {"source": ""},
    ],
    ids=str,
)
def test_a_declaration_that_lacks_something_is_refused_with_its_place(change):
    assert parse_kind("daily", SHEET).is_sheet
    with pytest.raises(KindError, match="daily"):
        parse_kind("daily", SHEET | change)


def test_a_file_holds_nothing_but_sections():
    with pytest.raises(KindError, match="title"):
        parse_kinds({"title": "x"})
