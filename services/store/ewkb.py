"""Between GeoPackage blobs and the text form of PostGIS (hexadecimal EWKB): the bytes of the geometry stay the same.

Source: OGC 12-128r18 clause 2.1.3 (blob), PostGIS manual chapter 4.1.2.3 (EWKB: a flag in the type, then the SRID).
"""

import struct
from typing import Final

from geo.schema import STORED_CRS

_HAS_SRID: Final = 0x20000000
_POINT: Final = 1
_EMPTY: Final = 0x10
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)


def wkb_of_blob(blob: bytes) -> bytes:
    """Return the WKB inside a GeoPackage blob; an envelope is passed over."""
    return blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]


def blob_of_wkb(wkb: bytes) -> bytes:
    """Return the GeoPackage blob of a little-endian WKB (no envelope, EPSG:4326)."""
    flags = 0x01 | (_EMPTY if _is_empty(wkb) else 0)
    return struct.pack("<2sBBi", b"GP", 0, flags, STORED_CRS) + wkb


def blob_to_ewkb(blob: bytes) -> str:
    """Return the EWKB that PostGIS takes for a blob."""
    wkb = wkb_of_blob(blob)
    (kind,) = struct.unpack_from("<I", wkb, 1)
    return (wkb[:1] + struct.pack("<Ii", kind | _HAS_SRID, STORED_CRS) + wkb[5:]).hex()


def ewkb_to_blob(ewkb: str) -> bytes:
    """Return the blob of an EWKB as PostGIS gives it (little-endian on every machine we run on)."""
    raw = bytes.fromhex(ewkb)
    (kind,) = struct.unpack_from("<I", raw, 1)
    if not kind & _HAS_SRID:
        return blob_of_wkb(raw)
    return blob_of_wkb(raw[:1] + struct.pack("<I", kind & ~_HAS_SRID) + raw[9:])


def _is_empty(wkb: bytes) -> bool:
    """Return whether nothing is in it: a point without coordinates, or a list of no parts."""
    if struct.unpack_from("<I", wkb, 1)[0] == _POINT:
        x = struct.unpack_from("<d", wkb, 5)[0]
        return bool(x != x)  # noqa: PLR0124 - true of NaN alone
    return bool(struct.unpack_from("<I", wkb, 5)[0] == 0)
