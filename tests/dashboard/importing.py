"""Small files to import, shared by tests."""

from pathlib import Path

from dashboard import cache
from dashboard.pages.imports.draft import ImportDraft, prepare
from geo.schema import Datum, Layer
from services.assignment import assign_members
from services.catalog.actions import Action as RoleAction
from services.imports import Options, ProgressMonitor, commit, make_upload, read_upload, stage_file
from tests.acting import act

MEMBERS_KEPT = 300
SAMPLE = Path(__file__).parents[2] / "data" / "sample"

MEMBERS = "\n".join(
    ["党员编号,姓名,手机号码,家庭住址,经度,纬度"]
    + [f"NEW{k},测试甲,1380000000{k},某处3栋502,113.2,23.4" for k in range(3)]
)


def fill_from_sample(context):
    """Import every committed sample file, in the order in which one needs the other, and assign a few members."""
    for layer in Layer:
        path = next(SAMPLE.glob(f"{layer.value}.*"))
        commit(context, stage_file(context, read_upload(path), layer, Options(datum=Datum.WGS84)))
    with act(context, RoleAction.IMPORT) as work:
        work.tx.delete(Layer.MEMBERS, work.tx.read_codes(Layer.MEMBERS)[MEMBERS_KEPT:])
    assign_members(context)


def add_doubts(context):
    """Import three members without coordinates whose addresses are each nearly the name of another estate."""
    with context.look(RoleAction.VIEW_COVERAGE) as tx:
        names = tx.read_layer(Layer.ESTATES, columns=["name"])["name"]
    nearly = [f"{name[:-1]}院" for name in names[names.str.len() == 4].drop_duplicates().iloc[[0, 20, 40]]]
    rows = [f"DOUBT{k},测试乙,1390000000{k},{name}3栋502" for k, name in enumerate(nearly)]
    upload = make_upload("doubts.csv", "\n".join(["党员编号,姓名,手机号码,家庭住址", *rows]).encode())
    commit(context, stage_file(context, upload, Layer.MEMBERS, Options()))
    assign_members(context)


def prepared(layer: Layer):
    """Return what three new members would write into the store of the settings."""
    upload = make_upload("members.csv", MEMBERS.encode("gb18030"))
    draft = prepare(cache.context(), ImportDraft(layer, upload, Options(datum=Datum.WGS84)), ProgressMonitor())
    assert draft.staged_import is not None
    return draft.staged_import
