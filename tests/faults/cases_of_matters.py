"""Use cases that write matters and sheets."""

from typing import Final

from services import matters
from services.context import Context
from services.matters import MatterDraft

from .case import Case, nothing

DRAFT: Final = MatterDraft(kind="feedback", subject="communities:C1", title="路灯不亮", asker="communities:C1")
KIND: Final = '[once]\nname="一次"\nsource="假定"\nsubjects=["communities"]\nowners=["communities"]\n'
SHEET: Final = {"checked_places": 3, "dangers": 1}
PLACE: Final = "services.matters.acting"


def ask(office: Context) -> int:
    return matters.ask_matter(office, DRAFT, event_id="fault")


def take(office: Context) -> int:
    number = ask(office)
    matters.take_matter(office, number)
    return number


def answer(office: Context) -> int:
    number = take(office)
    matters.answer_matter(office, number, "换了灯泡")
    return number


def wait(office: Context) -> int:
    """Ask so long ago that somebody may remind."""
    number = ask(office)
    with office._store.write() as tx:
        tx.matters.set_matter(number, asked_at="2026-11-01T08:00:00")
    return number


def fill(office: Context) -> int:
    return matters.fill_sheet(office, "flood_patrol", "G1", SHEET)


CASES: Final = (
    Case("ask for something", ("services.matters.new_matter.ask_matter",), nothing, lambda o, _: ask(o)),
    Case("take a matter on", (f"{PLACE}.take_matter",), ask, matters.take_matter),
    Case("answer a matter", (f"{PLACE}.answer_matter",), take, lambda o, n: matters.answer_matter(o, n, "换了灯泡")),
    Case("confirm a matter", (f"{PLACE}.close_matter",), answer, matters.close_matter),
    Case(
        "send a matter back",
        (f"{PLACE}.return_matter",),
        answer,
        lambda o, n: matters.return_matter(o, n, reason="还没有好"),
    ),
    Case(
        "pass a matter on",
        (f"{PLACE}.pass_matter",),
        ask,
        lambda o, n: matters.pass_matter(o, n, "districts:D", reason="归他们管"),
    ),
    Case(
        "decline a matter",
        (f"{PLACE}.decline_matter",),
        ask,
        lambda o, n: matters.decline_matter(o, n, reason="不归我办"),
    ),
    Case(
        "withdraw a matter",
        (f"{PLACE}.withdraw_matter",),
        ask,
        lambda o, n: matters.withdraw_matter(o, n, reason="已经解决"),
    ),
    Case("remind of a matter", (f"{PLACE}.remind_matter",), wait, matters.remind_matter),
    Case("note on a matter", (f"{PLACE}.note_matter",), ask, lambda o, n: matters.note_matter(o, n, "已电话联系")),
    Case("fill a sheet in", ("services.matters.sheets.fill_sheet",), nothing, lambda o, _: fill(o)),
    Case(
        "sign sheets",
        ("services.matters.sheets.sign_sheets",),
        fill,
        lambda o, _: matters.sign_sheets(o, "flood_patrol", "communities:C1"),
    ),
    Case(
        "declare a kind",
        ("services.matters.kinds.declare_kinds",),
        nothing,
        lambda o, _: matters.declare_kinds(o, KIND),
    ),
)
