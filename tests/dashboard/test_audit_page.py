"""The page that shows who did what: newest first, searched, paged, checked; only for who may."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.audit.filters import make_query
from dashboard.pages.audit.rows import ROWS_SHOWN, row_texts
from services.catalog.actions import ACTIONS, Action, Role
from services.context import AuditQuery, Context, RefusedError, open_context
from services.maintenance import search_audit_log
from services.rules.roles import ALLOWED, Actor
from tests.acting import act

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture
def office(empty):
    context = open_context(empty)
    for k in range(ROWS_SHOWN + 5):
        action = Action.PLAN if k % 2 else Action.IMPORT
        with act(Context(context._store, Actor(f"clerk{k % 3}", Role.LOCAL)), action, f"thing:{k}") as work:
            work.note(rows=k)
    yield context
    context._store.close()


@pytest.fixture
def audit(office):
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/audit/audit.py").run()
    assert not app.exception
    return app


def table(app):
    return next(html.body for html in app.get("html") if "gm-audit" in html.body and "<table" in html.body)


def told(app):
    return " ".join(html.body for html in app.get("html"))


def test_the_newest_rows_come_first_with_actions_in_words(audit):
    shown = table(audit)
    assert shown.index("thing:54") < shown.index("thing:5<")
    assert "thing:4<" not in shown
    assert "拟订方案" in shown
    assert "第 1–50 行，共 55 行" in told(audit)


def test_older_rows_are_a_page_away(audit):
    audit.pagination[0].set_value(2).run()
    assert "thing:4<" in table(audit)
    assert "第 51–55 行，共 55 行" in told(audit)
    assert audit.pagination[0].num_pages == 2


def test_a_search_starts_at_the_newest_again(audit):
    audit.pagination[0].set_value(2).run()
    audit.selectbox("audit-action").select(Action.IMPORT.value).run()
    audit.text_input("audit-object").input("thing:54").run()
    assert table(audit).count("<tr") == 2
    assert "第 1–1 行，共 1 行" in told(audit)
    assert not audit.pagination


def test_another_search_of_several_pages_starts_at_the_first(audit, office):
    for k in range(ROWS_SHOWN + 1):
        with act(office, Action.EXPORT, f"file:{k}"):
            pass
    audit.run().pagination[0].set_value(3).run()
    audit.selectbox("audit-action").select(Action.EXPORT.value).run()
    assert "第 1–50 行，共 51 行" in told(audit)
    assert audit.pagination[0].value == 1


def test_a_search_without_a_result_says_so(audit):
    audit.text_input("audit-object").input("nothing").run()
    assert "没有符合条件的记录" in told(audit)


def test_the_check_says_that_all_rows_are_whole_and_names_the_one_that_is_not(audit, office):
    audit.button("audit-verify").click().run()
    assert "55 行全部完好" in told(audit)
    with office._store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE id = 7")
    audit.button("audit-verify").click().run()
    assert "第 7 行写入后被改动" in audit.error[0].value


def test_every_action_has_a_name():
    assert list(ACTIONS) == list(Action)


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_may_see_the_trail_are_answered(office, role):
    asking = Context(office._store, Actor("somebody", role))
    if Action.VIEW_AUDIT in ALLOWED[role]:
        assert search_audit_log(asking, AuditQuery(), limit=1).total == ROWS_SHOWN + 5
    else:
        with pytest.raises(RefusedError):
            search_audit_log(asking, AuditQuery(), limit=1)


def test_days_are_asked_for_from_midnight_to_midnight():
    query = make_query(date(2026, 11, 1), date(2026, 11, 30), actor="a", action="plan", target="x")
    assert (query.since, query.until) == ("2026-11-01T00:00:00", "2026-12-01T00:00:00")


def test_what_is_stored_is_shown_as_it_is(office):
    rows = search_audit_log(office, AuditQuery(), limit=1).rows.assign(action="of_another_version", detail="no json")
    assert row_texts(rows)[0][3:] == ("of_another_version", "thing:54", "no json")
