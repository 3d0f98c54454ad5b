"""Long lists come a page at a time, short ones as a whole; the page is right when the list changes."""

import pytest
from streamlit.testing.v1 import AppTest


def script(count: int) -> None:
    import streamlit as st

    from dashboard.kit.pager import show_pages

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


def read_script() -> None:
    import streamlit as st

    from dashboard.kit.pager import read_page, show_pager, to_first_page

    count = int(st.session_state.get("count", 45))
    reads = []

    def read(offset: int) -> list[int]:
        reads.append(offset)
        return list(range(count))[offset : offset + 20]

    st.button("again", on_click=to_first_page, args=("rows",))
    st.text(f"{read_page('rows', 20, read, lambda _rows: count)} {reads}")
    st.text(show_pager("rows", count, 20, on_turn=lambda: st.session_state.update(turned=True)))


@pytest.fixture
def listing():
    return AppTest.from_function(read_script).run()


def test_what_is_read_begins_where_the_page_does(listing):
    listing.pagination[0].set_value(3).run()
    assert [shown.value for shown in listing.text] == ["[40, 41, 42, 43, 44] [40]", "3"]
    assert listing.session_state["turned"]


def test_a_list_that_became_shorter_shows_its_last_page(listing):
    listing.pagination[0].set_value(3).run()
    listing.session_state["count"] = 23
    listing.run()
    assert [shown.value for shown in listing.text] == ["[20, 21, 22] [40, 20]", "2"]
    assert (listing.pagination[0].value, listing.pagination[0].num_pages) == (2, 2)
    listing.run()
    assert [shown.value for shown in listing.text] == ["[20, 21, 22] [20]", "2"]


@pytest.mark.parametrize("count", [0, 20])
def test_a_list_that_has_one_page_left_shows_that(listing, count):
    listing.pagination[0].set_value(3).run()
    listing.session_state["count"] = count
    listing.run()
    assert [shown.value for shown in listing.text] == [f"{list(range(count))} [40, 0]", "1"]
    assert not listing.pagination


def test_another_list_begins_at_its_first_page(listing):
    listing.pagination[0].set_value(2).run()
    listing.button[0].click().run()
    assert listing.text[1].value == "1"
    assert listing.pagination[0].value == 1
