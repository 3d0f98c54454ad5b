"""A file that asks GDAL to open something else is not obeyed, whatever it is named: nothing is read, asked or lost."""

import io
import socket
import threading
import zipfile

import pytest

from geo.schema import Layer
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.imports import ImportFileError, Options, commit, make_upload, stage_file
from services.imports.sandbox.process import read_table

ENDINGS = ("gpkg", "kml", "shp", "fgb", "parquet", "csv", "txt", "xlsx", "json", "geojson", "vrt", "gml", "gpx", "xml")
CANARY = "不该被看见"


def vrt(source, layer="x"):
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="grids"><SrcDataSource relativeToVRT="0">{source}</SrcDataSource>'
        f"<SrcLayer>{layer}</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def pipeline(source):
    return f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {source}"}}'.encode()


def packed(**files):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return memory.getvalue()


@pytest.fixture
def planted(tmp_path):
    path = tmp_path / "planted.csv"
    path.write_text(f"code,name,lon,lat\nP1,{CANARY},113.2,23.4\n")
    return path


@pytest.fixture
def listener():
    """Return an address on loopback and the list of who called there."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                calls.append(connection.recv(1000))
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.csv", calls
        server.shutdown(socket.SHUT_RDWR)


def refusal_of(name, content):
    with pytest.raises(ImportFileError) as refusal:
        read_table(make_upload(name, content), Layer.GRIDS)
    return str(refusal.value)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?><!-- kml --><!-- <kml> -->"], ids=str)
def test_an_order_to_gdal_under_any_name_is_refused(planted, listener, ending, mark):
    address, calls = listener
    for source in (planted, f"/vsicurl/{address}", f"CSV:{planted}", "/etc/passwd"):
        sentence = refusal_of(f"网格.{ending}", mark + vrt(source))
        assert CANARY not in sentence
        assert "root:" not in sentence
    assert calls == []


def test_an_order_in_utf16_is_refused(planted):
    refusal_of("x.kml", vrt(planted).decode().encode("utf-16"))


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e not in {"vrt", "gml", "gpx", "xml"}])
def test_an_order_in_an_archive_is_refused(planted, ending):
    sentence = refusal_of("x.zip", packed(**{f"a_{ending}": vrt(planted), "a_dbf": b"", "a_shx": b""}))
    assert CANARY not in sentence


@pytest.mark.parametrize("part", ["shp", "dbf", "shx"])
def test_an_order_as_a_part_of_a_shapefile_is_refused(planted, part):
    parts = {"a_shp": b"\x00\x00\x27\x0a" + b"\x00" * 96, "a_shx": b"\x00\x00\x27\x0a" + b"\x00" * 96, "a_dbf": b"\x03"}
    refusal_of("x.zip", packed(**parts | {f"a_{part}": vrt(planted)}))


@pytest.mark.parametrize("ending", ["json", "geojson"])
def test_a_pipeline_is_refused(planted, ending):
    assert CANARY not in refusal_of(f"x.{ending}", pipeline(planted))


def test_a_link_in_kml_is_not_followed(listener):
    address, calls = listener
    kml = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{address}</href></Link>'
        "</NetworkLink><Placemark><name>甲网格</name><Point><coordinates>113.2,23.4</coordinates></Point></Placemark>"
        "</Document></kml>"
    )
    assert len(read_table(make_upload("x.kml", kml.encode()), Layer.UNITS).frame) == 1
    assert calls == []


def test_a_geopackage_with_a_table_made_by_a_program_is_refused(planted, tmp_path):
    path = tmp_path / "hostile.gpkg"
    import geopandas as gpd
    import shapely
    from pysqlite3 import dbapi2 as sqlite

    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(113, 23, 114, 24)], crs=4326).to_file(path, layer="grids")
    with sqlite.connect(path) as opened:
        opened.execute("PRAGMA writable_schema = ON")
        opened.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, ?)",
            [f"CREATE VIRTUAL TABLE v USING VirtualOGR('{planted} USING rtree(')"],
        )
    opened.close()
    assert "program makes" in refusal_of("x.gpkg", path.read_bytes())


def test_the_live_store_is_neither_read_nor_hurt(tmp_path):
    store = tmp_path / "store.gpkg"
    context = open_context(f"sqlite:///{store}")
    rows = f"编码,名称\nU1,{CANARY}\n".encode()
    commit(context, stage_file(context, make_upload("单位.csv", rows), Layer.UNITS, Options()))
    journal = store.with_name("store.gpkg-wal")
    before = journal.stat().st_size
    assert before
    for ending in ENDINGS:
        with pytest.raises(ImportFileError):
            stage_file(context, make_upload(f"x.{ending}", vrt(store, "units")), Layer.UNITS, Options())
    assert journal.stat().st_size == before
    with context._store.read() as tx:
        assert tx.read_layer(Layer.UNITS)["name"].tolist() == [CANARY]


def test_the_command_line_says_it_in_one_sentence(planted, tmp_path, capsys):
    order = tmp_path / "网格.gpkg"
    order.write_bytes(vrt(planted))
    store = f"sqlite:///{tmp_path}/s.gpkg"
    assert run(app, ["import", "grids", str(order), "--dry-run", "--store", store]) == Exit.FAILED
    said = capsys.readouterr()
    assert "不是能读取的格式" in said.err or "格式" in said.err
    assert CANARY not in said.out + said.err
    assert len(said.err.strip().splitlines()) == 1
    assert run(app, ["assign", str(planted), str(order), "--out", str(tmp_path / "o.csv")]) == Exit.FAILED
    assert "Traceback" not in capsys.readouterr().err
