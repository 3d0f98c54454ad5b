"""Coverage of a window from the stored layers: tables by level, the hours ahead, headlines, ranks and reasons."""

from services.coverage.area_view import (
    inputs_within,
    load_bare,
    load_inputs,
    load_whole,
    tables_within,
    with_exact_members,
    zones_within,
)
from services.coverage.balances import (
    NOBODY_SENT,
    SentPeople,
    count_weak_by_hour,
    find_short_parts,
    grid_balance,
    sum_gaps,
)
from services.coverage.comparison import (
    Comparison,
    ComparisonFrame,
    ComparisonKind,
    compared_text,
    same_hours_text,
    situation_text,
)
from services.coverage.figures import (
    ComparedFigure,
    Headlines,
    by_gap,
    communities_without_estates,
    distance_text,
    headline_figures,
    reason_text,
    underserved,
)
from services.coverage.inputs import CoverageInputs, LayerFrames, load_frames, load_norms, prepare, read_norms
from services.coverage.norm_range import DRAWS, FIRST, STEADY, NormRange, find_norm_range
from services.coverage.roster_supply import with_rosters
from services.coverage.tables import ROSTER_COLUMNS, add_cold_spots, balance_tables, coverage_tables, table_columns
from services.coverage.travel_times import TravelSource, travel_note

__all__ = [
    "DRAWS",
    "FIRST",
    "NOBODY_SENT",
    "ROSTER_COLUMNS",
    "STEADY",
    "ComparedFigure",
    "Comparison",
    "ComparisonFrame",
    "ComparisonKind",
    "CoverageInputs",
    "Headlines",
    "LayerFrames",
    "NormRange",
    "SentPeople",
    "TravelSource",
    "add_cold_spots",
    "balance_tables",
    "by_gap",
    "communities_without_estates",
    "compared_text",
    "count_weak_by_hour",
    "coverage_tables",
    "distance_text",
    "find_norm_range",
    "find_short_parts",
    "grid_balance",
    "headline_figures",
    "inputs_within",
    "load_bare",
    "load_frames",
    "load_inputs",
    "load_norms",
    "load_whole",
    "prepare",
    "read_norms",
    "reason_text",
    "same_hours_text",
    "situation_text",
    "sum_gaps",
    "table_columns",
    "tables_within",
    "travel_note",
    "underserved",
    "with_exact_members",
    "with_rosters",
    "zones_within",
]
