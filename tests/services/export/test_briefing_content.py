import pytest

from services.catalog.actions import Action, Role
from services.context import RefusedError, open_context
from services.export.briefing import record_file
from services.export.briefing.slide_tables import split_rows
from services.rules.roles import Actor
from tests.briefings import communities_table, make_sample


def test_every_file_of_a_briefing_leaves_an_audit_row_with_its_number(tmp_path):
    context = open_context(f"sqlite:///{tmp_path}/empty.gpkg")
    record_file(context, make_sample(), ".pptx", b"123")
    with context.look(Action.VIEW_AUDIT) as tx:
        last = tx.records.read_audit(1).iloc[0]
    assert (last["action"], last["object"]) == ("export", "briefing:12")


def test_whoever_may_not_take_files_away_is_refused(tmp_path):
    context = open_context(f"sqlite:///{tmp_path}/empty.gpkg", actor=Actor("screen", Role.SCREEN))
    with pytest.raises(RefusedError):
        record_file(context, make_sample(), ".pdf", b"123")


def test_no_slide_gets_a_row_or_two_alone():
    parts = split_rows(communities_table(16), 12.2, (5.5, 5.5))
    assert [end - start for start, end in parts] in ([8, 8], [9, 7])
