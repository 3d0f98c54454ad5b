"""Long lists come a page at a time, short ones as a whole."""

from streamlit.testing.v1 import AppTest


def script(count: int) -> None:
    import streamlit as st

    from dashboard.pages.planning.paging import show_pages

    for nth, row in show_pages("rows", [f"move {k}" for k in range(count)]):
        st.checkbox(row, value=True, key=f"take-{nth}", persist_state="page")


def pages_of(count):
    return AppTest.from_function(script, kwargs={"count": count}).run()


def shown(app):
    assert not app.exception
    return [box.label for box in app.checkbox]


def test_a_list_of_one_page_has_no_pages():
    app = pages_of(20)
    assert len(shown(app)) == 20
    assert not app.pagination


def test_the_last_page_holds_the_rest():
    app = pages_of(45)
    assert len(shown(app)) == 20
    app.pagination[0].set_value(3).run()
    assert shown(app) == [f"move {k}" for k in range(40, 45)]


def test_what_was_unticked_stays_so_while_another_page_is_looked_at():
    app = pages_of(45)
    app.checkbox[2].uncheck().run()
    app.pagination[0].set_value(2).run()
    assert app.session_state["take-2"] is False
    app.pagination[0].set_value(1).run()
    assert [box.value for box in app.checkbox[:4]] == [True, True, False, True]
