"""An import as it was checked: what would be written, and everything that was found."""

from dataclasses import dataclass

import pandas as pd

from geo.repair import Repair
from geo.schema import Layer
from geo.topology import Topology
from services.catalog.layers import LAYERS
from services.imports.changes import PLACE, Changes
from services.imports.check.datums import DatumUse
from services.imports.findings import Finding, Treatment
from services.imports.options import StoredData
from services.imports.read.table import SourceFacts
from services.rules.headers import HeaderMapping


@dataclass(frozen=True, slots=True)
class StagedImport:
    """An import that is ready to be looked at, changed, or committed."""

    layer: Layer
    file_name: str
    file_sha256: str
    frame: pd.DataFrame
    """The accepted rows as the store takes them, indexed by ``code``; a GeoDataFrame with ``geom`` (EPSG:4326) where
    the file speaks of places. Columns that the file lacks are absent, and keep their stored values."""
    rows: pd.Series
    """The row number in the file of every accepted row, indexed by ``code``."""
    headers: tuple[str, ...]
    mapping: HeaderMapping
    source: SourceFacts
    datum: DatumUse
    findings: tuple[Finding, ...]
    """Every fault in the order of rows; faults of the whole file have row 0."""
    repairs: tuple[Repair, ...]
    topology: Topology | None
    """Overlaps and gaps between the accepted zones, in metres; None for other layers."""
    rows_read: int
    swap_explains: int
    """How many rows ``Swap.APPLY`` would put right."""
    stored_data: StoredData
    changes: Changes
    """What the accepted rows would change."""
    outlines_kept: int
    """How many stored outlines the file would have replaced by less, and did not: ``Outlines.REPLACE`` does."""
    rows_far: int
    """How many rows lie far from the zone that they name, and are refused for it: ``FarPlaces.ACCEPT`` takes them."""

    parts: int = 0
    """How many rows are further parts of a zone in another row, and go into its shape."""

    @property
    def rows_accepted(self) -> int:
        """How many rows would be written, in one with others or alone."""
        return len(self.frame) + self.parts

    @property
    def rows_rejected(self) -> int:
        """How many rows would not be written; each has a finding."""
        return self.rows_read - self.rows_accepted

    @property
    def rows_replacing(self) -> int:
        """How many of the rows that would be written are stored already and get new values."""
        return int(self.frame.index.isin(self.stored_data.layer(self.layer).index).sum())

    @property
    def is_all_stored(self) -> bool:
        """Whether every row of the file is stored already, so that a field that the file lacks is not missed."""
        return 0 < self.rows_read == self.rows_replacing + self.parts

    @property
    def is_understood(self) -> bool:
        """Whether any column tells what a row is about: a name, or the code of what is stored."""
        columns = set(self.mapping.columns)
        if LAYERS[self.layer].is_piece:
            return bool({"code", "name"} & columns) or PLACE in self.frame.columns
        refused = {f.problem.code for f in self.findings if f.action is Treatment.REJECTED}
        return "name" in columns or bool(columns & {"code", "identity"} and (len(self.frame) or refused - {"nameless"}))

    @property
    def needs_datum(self) -> bool:
        """Whether the user must say the datum before this can be committed."""
        return not self.datum.is_settled
