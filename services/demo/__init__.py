"""A made-up H district: recognisable, fictitious, and the same for the same seed."""

from services.demo.build import make_district
from services.demo.files import write_files
from services.demo.sizes import COUNTS, Counts, DemoData, DemoSize
from services.demo.write import StoreNotEmptyError, complete_demo, fill_store, make_demo
from services.rules.fact_names import FICTITIOUS_FACT

__all__ = [
    "COUNTS",
    "FICTITIOUS_FACT",
    "Counts",
    "DemoData",
    "DemoSize",
    "StoreNotEmptyError",
    "complete_demo",
    "fill_store",
    "make_demo",
    "make_district",
    "write_files",
]
