"""What was found in rows: a problem, what was done about it, and what people read: what is wrong, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from geo.errors import Problem
from geo.schema import Layer
from services.i18n import Param, Text, text, translate
from services.rules.layer_names import LAYER_NAMES


class Treatment(StrEnum):
    """What was done about a fault."""

    REJECTED = "rejected"
    """The row was not taken."""
    LEFT_OUT = "left_out"
    """The row was taken without this value."""
    KEPT = "kept"
    """The row was taken without this value; what is stored stays."""
    NOTED = "noted"
    """The row was taken; the user should know how it was understood."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and what was done about it."""

    problem: Problem
    action: Treatment


MESSAGES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        # Cells
        "digits_lost": text("The spreadsheet has cut the number short; format the column as text and enter it again"),
        "formula_error": text("The formula in the cell has failed; enter the value itself"),
        "formula_unsolved": text(
            "The formula in the cell has no stored result; open the workbook in Excel or WPS, save it once, and import"
            " it again"
        ),
        "bad_character": text(
            "The text holds a character that cannot be kept (an empty or a broken one); enter it again"
        ),
        "bad_day": text("A day is expected, like 2027-12-31; format the column as a date or as text"),
        "too_long": text("The text is too long; shorten it"),
        "not_a_number": text("A number is expected"),
        "not_whole": text("A whole number is expected"),
        "negative": text("The number must not be below 0"),
        "too_large": text("The number is too large to be true"),
        "not_a_flag": text("Yes or no is expected (是/否, 有/无)"),
        "not_a_share": text("A share from 0 to 1 is expected, or a percentage"),
        "not_a_post_kind": text("A kind of post is expected: 门岗, 上门, 服务, 卫生, 宣传, 机动 or 定点"),
        "unknown_skill": text("This skill is not in the catalogue of skills; it was kept as it stands"),
        "bad_phone": text("This is no telephone number; a mobile number has 11 digits, a landline its area code"),
        "bad_identity": text("This is no valid identity number; check its length, date of birth and last character"),
        "ditto": text("The value itself is expected, not 同上; a row must not lean on the one above"),
        "approximate": text("The number is stated as approximate and was taken as it is"),
        "total_row": text("This is a row of totals, not a record"),
        "footer_row": text("This is a note at the foot of the table, not a record"),
        "numbering_row": text("This row only numbers the columns and was passed over"),
        # Masks of our own exports
        "masks_kept": text(
            "{count} rows hold masks of an export (张**, 138****1234); what is stored behind them stays as it is"
        ),
        "mask_differs": text("This is a mask, and not that of what is stored; what is stored stays"),
        "mask_of_new": text(
            "This is a mask and not the value itself; nothing is stored from which it could be told."
            " Enter it in full, or restore a backup"
        ),
        "second_column": text("{count} values were taken from this column, where {header} is empty"),
        "wide_row": text(
            "The row has more cells than the header ({columns}), so that its values stand in wrong columns; a comma"
            " inside a cell (1,300) needs quotation marks around it. Correct the row, or name the column"
        ),
        "narrow_row": text(
            "The row has {cells} cells where the header has {columns}, so that values may stand in wrong columns. Fill"
            " the row up with empty cells, or save the table as XLSX"
        ),
        # Codes and links
        "no_key": text("The row has neither a code nor a name by which it could be known"),
        "no_key_member": text(
            "The row has no code, no identity number, and no name with telephone to know the person by"
        ),
        "no_name": text("This is no name; enter the name"),
        "nameless": text("The row is new and has no name; say which column holds the name"),
        "name_missing": text("The name is missing"),
        "duplicate_code": text("Row {first_row} has the same code; keep one of them"),
        "duplicate_name": text("Row {first_row} has the same name and the same level above; keep one of them"),
        "duplicate_shape": text("Row {first_row} has the same place and no name either; name them or keep one of them"),
        "part_of_zone": text(
            "A further part of the zone in row {first_row} (same name, same level above): both are one zone of several"
            " parts. If they are two zones, give each a code or a name of its own"
        ),
        "zeros_lost": text(
            "The zeros in front seem to be lost: {whole} is known. Format the column as text and enter the code in full"
        ),
        "end_lost": text(
            "The last digits seem to be lost: {whole} is stored. A spreadsheet keeps 15 digits of a number; format the"
            " column as text and enter the code in full"
        ),
        "stored_shortened": text(
            "{stored} is stored under the same name and seems to be this code after a spreadsheet took digits from it:"
            " taken as new, it would count twice. Take the import back that brought it on the page of imports, then"
            " import the whole codes"
        ),
        "maybe_shortened": text(
            "{stored} is stored and may be this code after a spreadsheet took digits from it; if both are one, it will"
            " count twice. Look before you import"
        ),
        "link_shortened": text(
            "{stored} is stored and seems to be this code after a spreadsheet took digits from it. Give it as it is"
            " stored, or take back the import that brought it and import the whole codes"
        ),
        "several_of_name": text("{count} have this name; enter the code of the one that is meant"),
        "duplicate_person": text("Row {first_row} is the same person; keep one of them"),
        "person_stored": text(
            "This person is stored already, under the code {code}; use that code or leave the row out"
        ),
        "unknown_parent": text(
            "The level above has nothing of this name or code; the nearest is {nearest}. Correct it"
        ),
        "unknown_parent_bare": text("The level above has nothing of this name or code. Import it first or correct it"),
        "unknown_unit": text("No unit has this name or code; the nearest is {nearest}"),
        "unknown_unit_bare": text("No unit has this name or code. Import the units first or correct it"),
        "unknown_community": text("No community has this name or code; the nearest is {nearest}"),
        "unknown_community_bare": text(
            "No community has this name or code. Import the communities first or correct it"
        ),
        "outside_area": text("This lies outside your area; leave the row to those who are in charge there"),
        "kept_as_stated": text("Nothing of this kind is stored yet ({layer}); what the file says was kept"),
        "ends_in_zeros": text(
            "All {count} codes of more than {digits} digits end in zeros: a spreadsheet may have cut them. If these are"
            " not the whole codes, do not import; format the column as text and enter them again"
        ),
        "codes_made": text("{count} rows have no code; it was made from what is known of them, the same every time"),
        "name_repaired": text("Taken for {official}, which is stored"),
        "far_from_zone": text(
            "It lies {km} km from {zone}, to which it is said to belong. Correct the place or where it belongs; if both"
            " are right, say so"
        ),
        "parent_not_found": text("It lies in no zone of the level above"),
        "parent_doubtful": text("Only {percent}% of it lies in the zone of the level above that it was given to"),
        # Places
        "null_geometry": text("There is no place or shape"),
        "empty_geometry": text("The shape is empty"),
        "wrong_geometry_type": text("The shape is of the wrong kind for this layer"),
        "not_finite": text("The coordinates are not numbers, like 113.2185 and 23.4050"),
        "half_missing": text("Longitude or latitude is missing; a place needs both"),
        "zero_zero": text("The coordinates are 0, 0"),
        "swapped": text("Longitude and latitude seem to be swapped; they can be swapped for you"),
        "out_of_range": text("Longitude must be within ±180, latitude within ±90 degrees"),
        "outside_china": text("The place is outside China"),
        "unrepairable": text("The shape encloses no area and cannot be repaired"),
        "bad_wkt": text(
            "The text is no shape in WKT, WKB (hexadecimal) or GeoJSON; WKT is written like POLYGON((113.2 23.3, …)),"
            " with the first position again at the end"
        ),
        "srid_unknown": text(
            "The system of coordinates {srid} (SRID) is not known; correct the number, or state the system of the whole"
            " file (--crs)"
        ),
        "srid_differs": text(
            "The row is in another datum (SRID {srid}) than the rest of the file; have it converted, or import it in a"
            " file of its own"
        ),
        "shape_cut": text(
            "The shape ends after {count} characters, where the cell was full; give the shapes as GeoPackage or GeoJSON"
        ),
        "curved_shape": text(
            "Arcs and surfaces in space cannot be kept; save the shape with straight lines (QGIS: Convert curves)"
        ),
        "outline_kept": text(
            "An outline is stored, and the file has only a point or a small part in its place; the outline stays"
        ),
        # Texts of Shapefiles
        "text_cut": text("The text was cut where the field of the Shapefile ended; see whether something is missing"),
        "other_encoding": text("The texts of this column are in another encoding than the rest ({encoding})"),
        # GeoJSON
        "line_broken": text("The line is no complete JSON"),
        "feature_not_object": text("The feature is no object"),
        "properties_not_object": text("The properties of the feature are no object"),
        "feature_wrong_type": text("The type of the feature must be Feature"),
        "geometry_member_missing": text("The feature has no member geometry"),
        "geometry_not_object": text("The geometry is no object"),
        "geometry_unknown_type": text("The geometry has no type that GeoJSON knows"),
        "geometries_missing": text("The GeometryCollection has no list of geometries"),
        "coordinates_missing": text("The geometry has no coordinates"),
        "coordinates_not_list": text("The coordinates are no list"),
        "nested_wrongly": text("The coordinates are nested too deep or too flat for the type of the geometry"),
        "position_incomplete": text("A position needs longitude and latitude"),
        "position_not_numbers": text("A position must consist of numbers"),
        "line_too_short": text("A line needs at least two positions"),
        "ring_too_short": text("A ring needs at least three different positions"),
        "geometry_not_built": text("The shape cannot be built from its coordinates"),
        "ring_closed": text("A ring did not end where it began and was closed"),
        # The whole file
        "datum_assumed": text(
            "Nobody said in which datum the coordinates are, and nothing stored could tell; WGS-84 is"
            " assumed for this look; say the datum before anything is written"
        ),
        "datum_doubtful": text("What is stored agrees clearly better with {better} than with the datum that is used"),
        "datum_not_shifted": text(
            "The coordinates are in another datum ({datum}); they were not shifted and may lie some hundred metres off."
            " Better have them converted to CGCS2000 before the import"
        ),
        "metres_of_zone": text(
            "The coordinates are metres with the number of their zone ({zone}) in front and were taken for CGCS2000"
            " ({crs}); if they are in another system, state it (--crs)"
        ),
        "zone_number_fitted": text(
            "The number of the zone before the eastings and the stated coordinate system did not match; the number was"
            " fitted, the zone is the same"
        ),
        "northing_first": text(
            "X is the northing here and Y the easting, as Chinese surveys write them; they were read in that order"
        ),
        "swapped_as_wished": text("Longitude and latitude of {count} rows were swapped"),
    }
)
"""What is said of each code of a finding."""


def message_of(problem: Problem) -> str:
    """Return what is wrong with a row, in the current language."""
    bare = f"{problem.code}_bare"
    code = bare if bare in MESSAGES and not problem.params.get("nearest") else problem.code
    params: dict[str, Param | Text] = dict(problem.params)
    if "layer" in params:
        params["layer"] = LAYER_NAMES[Layer(str(params["layer"]))]
    return translate(Text(MESSAGES[code].id, params))


def action_text(action: Treatment) -> str:
    """Return what was done about a fault, in the current language."""
    return translate(_ACTIONS[action])


_ACTIONS: Final = {
    Treatment.REJECTED: text("The row was not taken"),
    Treatment.LEFT_OUT: text("The value was left out"),
    Treatment.KEPT: text("The value was not taken; what is stored stays"),
    Treatment.NOTED: text("For your information"),
}
