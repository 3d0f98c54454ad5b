"""One place of each kind that a role is held for."""

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from tests.acting import act

PLACES = {Layer.SUBDISTRICTS: ("S1", "街道"), Layer.COMMUNITIES: ("C1", "社区"), Layer.UNITS: ("U1", "单位")}


def add_places(context: Context) -> None:
    """Write a sub-district, a community and a unit, without outlines."""
    with act(context, Action.IMPORT) as work:
        for layer, (code, name) in PLACES.items():
            work.tx.upsert(layer, pd.DataFrame({"name": [name]}, index=pd.Index([code], name="code")))
