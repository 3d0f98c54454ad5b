"""A made-up H district: recognisable, fictitious, and the same for the same seed."""

from services.demo.build import make_district
from services.demo.sizes import COUNTS, Counts, DemoData, DemoSize

__all__ = ["COUNTS", "Counts", "DemoData", "DemoSize", "make_district"]
