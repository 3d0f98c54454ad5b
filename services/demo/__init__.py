"""A made-up H district: recognisable, fictitious, and the same for the same seed."""

from services.demo.build import make_district
from services.demo.files import write_files
from services.demo.sizes import COUNTS, Counts, DemoData, DemoSize
from services.demo.write import FICTITIOUS_FACT, StoreNotEmptyError, fill_store, make_demo

__all__ = [
    "COUNTS",
    "FICTITIOUS_FACT",
    "Counts",
    "DemoData",
    "DemoSize",
    "StoreNotEmptyError",
    "fill_store",
    "make_demo",
    "make_district",
    "write_files",
]
