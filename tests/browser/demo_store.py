"""A demo sub-district for tests in a browser."""

from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district


def make_demo_store(folder):
    """Fill a store in a folder, with members in their grids and accounts; return its address and the door to it."""
    url = f"sqlite:///{folder / 'demo.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    make_demo_accounts(context)
    return url, context
