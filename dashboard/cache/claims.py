"""Responsibility areas as they stand."""

from collections.abc import Hashable, Mapping

import pandas as pd

from dashboard.cache.by_version import by_version
from dashboard.cache.layers import layer_frame
from dashboard.cache.server_context import acting, context
from dashboard.cache.store_versions import data_version, versions
from geo.schema import Layer
from services.catalog.actions import Action
from services.claims import CLAIM_LEVELS, ClaimOverview, read_claims, sum_claims
from services.rules.claims import CLAIMS
from services.rules.roles import may


def claim_overview() -> ClaimOverview:
    """Return who takes care of which buildings, once for all who may see the same."""
    return _overview()


def claim_tables() -> Mapping[Layer, pd.DataFrame]:
    """Return the households of zones and how many are claimed, by level (``services.claims.sum_claims``)."""
    return _tables()


def _of_claims() -> Hashable:
    """Return the version of claims and data, and whether whoever asks may see who it is."""
    return versions().get(CLAIMS, 0), data_version(), may(context().actor, Action.VIEW_PEOPLE)


@by_version(_of_claims, most=16, within=Action.VIEW_CLAIMS)
def _overview() -> ClaimOverview:
    return read_claims(acting(Action.VIEW_CLAIMS))


@by_version(_of_claims, most=16, within=Action.VIEW_CLAIMS)
def _tables() -> Mapping[Layer, pd.DataFrame]:
    return sum_claims(_overview(), {level: layer_frame(level) for level in CLAIM_LEVELS})
