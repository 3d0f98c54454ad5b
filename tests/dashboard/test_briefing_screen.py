"""The full-screen without a browser: what its addresses answer, and that nothing piles up behind them."""

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from dashboard.payloads.briefing import MOST_FIGURES, MOST_ROWS, briefing_payload
from dashboard.streamlit import session
from dashboard.wall import routes
from dashboard.wall.answers import BodyCache
from dashboard.wall.page import WORDS, release, render_page
from dashboard.wall.pending import PendingAnswers
from dashboard.wall.query import WallQuery, parse_wanted, screen_url
from dashboard.wall.shapes import ShapeStore
from dashboard.web.blobs import BlobStore
from services.accounts import Imprint
from services.briefing import SectionName
from services.briefing.history import Headline
from services.briefing.model import Chart, ChartKind, KeyFigure, Series, Table, TableColumn
from services.briefing.stored_briefing import to_kept
from services.context import open_context
from services.i18n import LANGUAGES, Text
from services.rules.windows import Mode
from tests.briefings import make_sample, square_map
from tests.dashboard.test_routes import Answer

IMPRINT = Imprint(Text("马桥街道"), Text("张主任"))


def fetch(path, query="", **headers):
    """Ask the routes of the screen without a server."""
    sent = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": ""}
    scope["query_string"] = query.encode()
    scope["headers"] = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(Starlette(routes=list(routes.SCREEN_ROUTES))(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    found = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, gzip.decompress(body) if "content-encoding" in found else body)


def ask(query="", **headers):
    answer = fetch("/screen/briefing.json", query, **headers)
    return answer, json.loads(answer.body) if answer.body else None


@pytest.fixture
def sample():
    return make_sample(part=square_map())


def payload_of(briefing):
    return briefing_payload(briefing, ShapeStore().put)


def test_the_screen_says_the_briefing_word_for_word(sample):
    told = payload_of(sample)
    for section, said in zip(sample.sections, told["sections"], strict=True):
        assert (said["title"], said["lead"], said["comment"]) == (section.title, section.lead, section.comment)
        assert [(f["label"], f["value"], f["note"]) for f in said["figures"]] == [
            (f.label, f.value, f.note) for f in section.figures
        ]


def test_the_screen_reads_the_form_that_the_store_keeps(sample):
    kept = json.loads(to_kept({"zh": sample}, Headline(0.5, 1, 2.0, 3.0)).body)["content"]["languages"]["zh"]
    told = payload_of(sample)
    assert {name: told[name] for name in kept} | {"sections": []} == kept | {"sections": []}
    for section, said in zip(kept["sections"], told["sections"], strict=True):
        cut = {"map", "table"} if section["table"] and len(section["table"]["rows"]) > MOST_ROWS else {"map"}
        assert {name: said[name] for name in said if name not in cut} == {
            name: section[name] for name in section if name not in cut
        }


def test_numbers_that_are_not_finite_are_not_known(sample):
    chart = Chart(ChartKind.LINE, ("a", "b", "c"), (Series("x", (1.0, float("nan"), float("inf"))),))
    section = replace(sample.sections[0], chart=chart)
    said = payload_of(replace(sample, sections=(section,)))["sections"][0]["chart"]
    assert said["series"] == [{"name": "x", "values": [1.0, None, None]}]


def test_at_most_seven_figures_and_twelve_rows_are_in_view(sample):
    many = Table((TableColumn("a"),), tuple((str(k),) for k in range(300)), left_out=5)
    section = replace(sample.sections[0], figures=tuple(KeyFigure(str(k), "1") for k in range(20)), table=many)
    said = payload_of(replace(sample, sections=(section,)))["sections"][0]
    assert (len(said["figures"]), len(said["table"]["rows"])) == (MOST_FIGURES, MOST_ROWS)
    assert said["table"]["left_out"] == 5 + 300 - MOST_ROWS


def test_a_map_has_a_class_and_facts_for_each_zone(sample):
    said = payload_of(sample)["sections"][0]["map"]
    assert said["classes"] == "049"
    assert said["facts"] == [
        [["ratio", "20%"], ["need", "10"], ["supply", "2"], ["gap", "8"]],
        [["ratio", "120%"], ["need", "5"], ["supply", "6"], ["surplus", "1"]],
        [],
    ]


def test_an_address_says_again_what_was_read():
    wanted = WallQuery(
        window="2026-11-27T20:00/2026-11-27T24:00",
        mode=Mode.LOCKDOWN,
        plan=4,
        compare=12,
        sections=(SectionName.PLAN, SectionName.SITUATION),
        comments=((SectionName.PLAN, "请于 18 时前确认 & 回复=1"),),
        language="en",
        theme="light",
    )
    assert parse_wanted(query_of(screen_url(wanted))) == wanted


@given(st.dictionaries(st.sampled_from([*WallQuery.__dataclass_fields__, "lang", "say-plan"]), st.text(max_size=30)))
def test_any_address_is_read(query):
    assert parse_wanted(query).theme in {"dark", "light"}


def query_of(address):
    from urllib.parse import parse_qsl, urlsplit

    return dict(parse_qsl(urlsplit(address).query))


def test_the_same_outlines_are_kept_once(sample):
    shelf = ShapeStore(BlobStore())
    zones = sample.sections[0].map.zones
    assert {shelf.put(zones), shelf.put(zones), shelf.put(zones.copy())} == {shelf.put(zones)}
    assert len(shelf.blobs) == 1


def test_a_hundred_new_briefings_leave_no_more_than_the_last_ones(sample):
    shelf = ShapeStore(BlobStore())
    answers = BodyCache("r", shelf, most=4)
    for turn in range(100):
        answers.of(replace(sample, data_version=turn), IMPRINT)
    assert len(answers) == 4
    assert len(shelf.blobs) <= 2


def test_outlines_that_were_dropped_are_there_again_with_the_next_answer(sample):
    shelf = ShapeStore(BlobStore(max_bytes=1))
    answers = BodyCache("r", shelf)
    answer = answers.of(sample, IMPRINT)
    shelf.put(square_map(("子", "丑", "寅")).zones)
    assert not shelf.blobs.holds(answer.shapes)
    answers.of(sample, IMPRINT)
    assert shelf.blobs.holds(answer.shapes)


def test_the_briefing_is_answered_with_its_maps_and_not_twice(demo):
    answer, told = ask("window=tonight")
    assert answer.status == 200
    assert [section["name"] for section in told["sections"]] == [name.value for name in SectionName]
    shapes = told["sections"][0]["map"]["zones"]
    assert fetch(f"/screen/shapes/{shapes}.bin").headers["cache-control"] == routes.FOREVER
    again, nothing = ask("window=tonight", if_none_match=answer.headers["etag"])
    assert nothing is None or again.status == 200  # the minute may have passed
    assert again.headers["x-gm-now"]


def test_a_briefing_that_takes_long_is_told_to_be_under_way_with_the_time(demo, monkeypatch):
    monkeypatch.setattr(routes, "PENDING", PendingAnswers(0.0))
    answer, told = ask("window=tonight")
    assert (answer.status, told) == (202, {"release": release()})
    assert datetime.fromisoformat(answer.headers["x-gm-now"])
    assert "etag" not in answer.headers


def test_a_frozen_briefing_says_the_same_when_the_data_have_changed(own_demo):
    from geo.schema import Layer
    from services import briefing
    from services.briefing import BriefingRequest
    from services.manual_assignment import assign_manually
    from services.rules.windows import parse_window

    office = open_context(own_demo)
    number = briefing.freeze(office, BriefingRequest(parse_window("tonight", office.clock()), Mode.ROUTINE))
    before, told = ask(f"snapshot={number}")
    with office._store.read() as tx:
        member, grid = tx.read_codes(Layer.MEMBERS)[0], sorted(tx.read_codes(Layer.GRIDS))[-1]
    assign_manually(office, member, grid_code=grid)
    after, again = ask(f"snapshot={number}")
    assert told["number"] == number
    assert again == told
    assert before.headers["etag"] == after.headers["etag"]


@pytest.mark.parametrize(
    "query", ["snapshot=999", "plan=999", "template=nothing", "window=nonsense", "replay=2999-01-01"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_said_in_words(demo, query, language):
    answer, told = ask(f"{query}&lang={language}")
    assert answer.status == 409
    assert told["problem"]


def test_an_empty_store_is_a_briefing_without_people(empty):
    answer, told = ask()
    assert answer.status in {200, 409}
    assert told.get("problem") or told["sections"][0]["title"]


def test_a_day_is_replayed_an_hour_a_section(demo):
    _answer, told = ask("replay=2026-01-05")
    assert (told["replay"], told["mark"]) == (date(2026, 1, 5).isoformat(), "内部资料，请勿外传")
    assert len(told["sections"]) == 24
    assert len({section["map"]["zones"] for section in told["sections"]}) == 1
    assert all(len(section["figures"]) <= MOST_FIGURES for section in told["sections"])
    afternoon = told["sections"][14]
    assert (afternoon["name"], afternoon["chart"]["kind"], afternoon["chart"]["marked"]) == ("hour-14", "line", 14)
    assert afternoon["chart"]["labels"] == [f"{hour:02}" for hour in range(24)]


def test_a_day_under_way_has_its_whole_line_with_the_hours_to_come_left_out(demo):
    _answer, told = ask(f"replay={session.server().clock().date()}")
    (series,) = told["sections"][0]["chart"]["series"]
    begun = len(told["sections"])
    assert len(series["values"]) == 24
    assert series["values"][begun:] == [None] * (24 - begun)
    assert None not in series["values"][:begun]


def test_a_fault_is_told_without_a_trace(demo, monkeypatch):
    def fail(_wanted):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(routes, "find_briefing", fail)
    answer, told = ask()
    assert (answer.status, told) == (500, {"error": "failed"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_word_and_runs_nothing_of_others(demo, language):
    page = fetch("/screen", f"lang={language}")
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    text = page.body.decode()
    words = json.loads(text.split('type="application/json">')[1].split("</script>")[0])
    assert set(WORDS) < set(words)
    assert "://" not in text.replace("http://www.w3.org", "")


def test_words_cannot_end_the_script_they_stand_in(demo, monkeypatch):
    monkeypatch.setattr("dashboard.wall.page.translate_open", lambda _word: "</script><b>")
    assert "</script><b>" not in render_page(WallQuery())


@pytest.mark.parametrize("name", ["main.js", "screen.css"])
def test_a_file_is_found_under_its_release_alone(name):
    assert fetch(f"/screen/assets/{release()}/{name}").headers["cache-control"] == routes.FOREVER
    assert fetch(f"/screen/assets/000000000000/{name}").status == 404


@pytest.mark.parametrize("name", ["screen.html", "../page.py", "nothing.js"])
def test_nothing_else_is_handed_out(name):
    assert fetch(f"/screen/assets/{release()}/{name}").status == 404


def test_the_time_of_the_server_goes_with_every_answer(demo):
    answer, _told = ask()
    assert datetime.fromisoformat(answer.headers["x-gm-now"])


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ({}, "en-GB,en;q=0.9", "en"),
        ({}, "", "zh"),
        ({}, "fr", "zh"),
        ({"lang": "zh"}, "en", "zh"),
        ({"lang": "en"}, "zh", "en"),
    ],
)
def test_the_screen_speaks_the_language_of_the_browser_unless_the_address_names_one(query, accepts, language):
    assert parse_wanted(query, accepts).language == language
