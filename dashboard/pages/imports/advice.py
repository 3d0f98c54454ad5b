"""What was expected where a row has a fault, and what to do about it; beside the message that says what is wrong."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.errors import Problem
from services.i18n import Text, _, text
from services.imports import Treatment

_NUMBER: Final = text("A whole number from 0 on")
_CODE_OR_NAME: Final = text("A code or name that is stored")
_IN_CHINA: Final = text("Longitude 73 to 135, latitude 3 to 54")
_FEATURE: Final = text("A feature as GeoJSON (RFC 7946) has it")
_AS_HEADER: Final = text("As many cells as the header has")
_SHAPE: Final = text("A place or a shape")

_CORRECT: Final = text("Correct the cell and import the file again")
_CORRECT_ROW: Final = text("Correct the row and import the file again")
_ENTER: Final = text("Fill it in and import the file again")
_NOTHING_TO_DO: Final = text("Nothing; the row may stay in the file")
_KEEP_ONE: Final = text("Keep one of the rows")
_ABOVE: Final = text("Import what it belongs to first, or correct the name")
_DRAW: Final = text("Draw the shape again in the program it comes from")
_SAVE: Final = text("Save the file again in the program it comes from")
_CHECK: Final = text("Look whether that is right; nothing needs to be done otherwise")

_ADVICE: Final[Mapping[str, tuple[Text, Text]]] = MappingProxyType(
    {
        "digits_lost": (text("All digits, in a column formatted as text"), _CORRECT),
        "formula_error": (text("A value"), _CORRECT),
        "formula_unsolved": (text("A value"), text("Open and save the workbook once in Excel or WPS")),
        "far_from_zone": (
            text("A place in or near where the row belongs"),
            text("Correct the place or where it belongs; if both are right, say so above"),
        ),
        "nameless": (text("A name"), text("Choose the column that holds the name")),
        "no_name": (text("A name"), _CORRECT),
        "person_stored": (text("Each person once"), text("Use the code that is stored, or leave the row out")),
        "end_lost": (text("All digits, in a column formatted as text"), _CORRECT),
        "wide_row": (_AS_HEADER, _CORRECT_ROW),
        "narrow_row": (_AS_HEADER, _CORRECT_ROW),
        "too_long": (text("A shorter text"), _CORRECT),
        "not_a_number": (_NUMBER, _CORRECT),
        "not_whole": (_NUMBER, _CORRECT),
        "negative": (_NUMBER, _CORRECT),
        "too_large": (_NUMBER, _CORRECT),
        "not_a_flag": (text("Yes or no (是/否, 有/无)"), _CORRECT),
        "not_a_share": (text("0 to 1, or 0% to 100%"), _CORRECT),
        "not_a_post_kind": (text("A kind of post"), _CORRECT),
        "bad_phone": (text("11 digits, or a landline with its area code"), _CORRECT),
        "bad_identity": (text("18 characters, the last one right"), _CORRECT),
        "ditto": (text("The value itself"), _CORRECT),
        "approximate": (_NUMBER, _CHECK),
        "total_row": (text("One record a row"), _NOTHING_TO_DO),
        "footer_row": (text("One record a row"), _NOTHING_TO_DO),
        "numbering_row": (text("One record a row"), _NOTHING_TO_DO),
        "no_key": (text("A code or a name"), _ENTER),
        "no_key_member": (text("A code, an identity number, or name and telephone"), _ENTER),
        "name_missing": (text("A name"), _ENTER),
        "duplicate_code": (text("Each code once"), _KEEP_ONE),
        "duplicate_name": (text("Each name once within a level above"), _KEEP_ONE),
        "duplicate_shape": (text("Each place once"), _KEEP_ONE),
        "zeros_lost": (text("The whole code, in a column formatted as text"), _CORRECT),
        "several_of_name": (text("A code"), _CORRECT),
        "outside_area": (text("Rows of your own area"), text("Leave it to those who are in charge there")),
        "duplicate_person": (text("Each person once"), _KEEP_ONE),
        "unknown_parent": (_CODE_OR_NAME, _ABOVE),
        "unknown_unit": (_CODE_OR_NAME, _ABOVE),
        "unknown_community": (_CODE_OR_NAME, _ABOVE),
        "kept_as_stated": (_CODE_OR_NAME, _ABOVE),
        "ends_in_zeros": (text("All digits, in a column formatted as text"), _CHECK),
        "codes_made": (text("A code"), _CHECK),
        "name_repaired": (text("The stored name"), _CHECK),
        "parent_not_found": (text("A zone of the level above"), _ABOVE),
        "parent_doubtful": (text("A zone of the level above"), _CHECK),
        "null_geometry": (_SHAPE, _ENTER),
        "empty_geometry": (_SHAPE, _DRAW),
        "wrong_geometry_type": (text("Areas for zones, points for people, lines for roads"), _DRAW),
        "not_finite": (_IN_CHINA, _CORRECT),
        "half_missing": (_IN_CHINA, _CORRECT),
        "zero_zero": (_IN_CHINA, _CORRECT),
        "swapped": (text("Longitude before latitude"), text("Have them swapped above, or correct the file")),
        "out_of_range": (_IN_CHINA, _CORRECT),
        "outside_china": (_IN_CHINA, _CORRECT),
        "unrepairable": (text("A shape that encloses an area"), _DRAW),
        "bad_wkt": (text("A text like POLYGON((113.2 23.3, …))"), _CORRECT),
        "geometry_not_built": (text("A shape that can be drawn"), _DRAW),
        "line_too_short": (text("A line with two positions or more"), _DRAW),
        "ring_too_short": (text("A ring with three positions or more"), _DRAW),
        "ring_closed": (text("A ring that ends where it begins"), _CHECK),
        "datum_assumed": (text("A datum"), text("Choose the datum above")),
        "datum_doubtful": (text("The datum that fits best"), text("Look at the map and choose the datum above")),
        "swapped_as_wished": (text("Longitude before latitude"), _CHECK),
    }
)
"""By the code of a finding: what was expected, what to do."""
_OTHERWISE: Final = (_FEATURE, _SAVE)
_NOTED: Final = (text("Nothing else"), _CHECK)


def expectation(problem: Problem) -> str:
    """Return what was expected where a fault was found."""
    return _(_ADVICE.get(problem.code, _OTHERWISE)[0])


def to_do(problem: Problem, action: Treatment) -> str:
    """Return what a person should do about a fault."""
    known = _ADVICE.get(problem.code, _NOTED if action is Treatment.NOTED else _OTHERWISE)
    return _(known[1])
