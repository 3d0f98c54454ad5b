"""A new column of a layer of persons is a line of the catalogue: the card of a person shows it by itself."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from dataclasses import replace
from types import MappingProxyType

import services.catalog.layers as catalogue
from geo.schema import Layer
from services.catalog.fields import Field, Kind
from services.i18n import text

added = (
    Field("hukou_note", Kind.NOTE, text("Note on the hukou")),
    Field("kin", Kind.PERSON, text("Next of kin")),
    Field("lives_alone", Kind.FLAG, text("Lives alone")),
)
members = catalogue.LAYERS[Layer.MEMBERS]
more = replace(members, fields=(*members.fields, *added))
catalogue.LAYERS = MappingProxyType({**catalogue.LAYERS, Layer.MEMBERS: more})

# Only from here on does anybody else read the catalogue.
import pandas as pd
from streamlit.testing.v1 import AppTest

from dashboard.pages.people.actions import CHOSEN
from dashboard.streamlit import session
from services.catalog.actions import Action
from services.context import open_context
from services.rules.roles import LOCAL_ACTOR
from tests.acting import act

row = {"name": "张三丰", "hukou_note": "空挂户", "kin": "李四", "lives_alone": True}
context = open_context(sys.argv[1])
with act(context, Action.IMPORT) as work:
    work.tx.upsert(Layer.MEMBERS, pd.DataFrame([row], index=pd.Index(["M1"], name="code")).astype(object))

session.actor = lambda: LOCAL_ACTOR
app = AppTest.from_file("dashboard/pages/people/people.py", default_timeout=60)
app.session_state[CHOSEN] = "M1"
app.run()


def facts():
    assert not app.exception
    return next(html.proto.body for html in app.get("html") if "gm-facts" in html.proto.body)


for shown in ("<dt>Note on the hukou</dt><dd>空挂户</dd>", "<dt>Next of kin</dt><dd>李*</dd>", "alone</dt><dd>是<"):
    assert shown in facts(), facts()
app.selectbox("people-why").select("走访慰问或帮扶")
app.button("people-show-M1").click().run()
assert "<dt>Next of kin</dt><dd>李四</dd>" in facts(), facts()
"""


def test_a_column_that_only_the_catalogue_knows_is_on_the_card(tmp_path):
    store = f"sqlite:///{tmp_path / 'new.gpkg'}"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, store],
        cwd=ROOT,
        env={**os.environ, "GRIDMUSTER_STORE": store, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
