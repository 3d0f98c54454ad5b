"""Coverage of a window from the stored layers: tables by level, the hours ahead, headlines, ranks and reasons."""

from services.coverage.area_view import inputs_within, load_inputs, tables_within, with_exact_members, zones_within
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
from services.coverage.inputs import CoverageInputs, LayerFrames, load_frames, load_norms, prepare
from services.coverage.norm_range import DRAWS, FIRST, STEADY, NormRange, find_norm_range
from services.coverage.tables import (
    NOBODY_SENT,
    SentPeople,
    add_cold_spots,
    count_weak_by_hour,
    coverage_tables,
    find_short_parts,
    grid_balance,
    sum_gaps,
    table_columns,
)
from services.coverage.travel_times import TravelSource, travel_note

__all__ = [
    "DRAWS",
    "FIRST",
    "NOBODY_SENT",
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
    "load_frames",
    "load_inputs",
    "load_norms",
    "prepare",
    "reason_text",
    "same_hours_text",
    "situation_text",
    "sum_gaps",
    "table_columns",
    "tables_within",
    "travel_note",
    "underserved",
    "with_exact_members",
    "zones_within",
]
