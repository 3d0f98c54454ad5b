"""The store on PostgreSQL: what only a database has — passwords, other processes, restarts, older tables."""

import subprocess
import sys

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
from geopandas.testing import assert_geodataframe_equal
from sqlalchemy import create_engine, make_url

from geo.schema import Layer
from services.i18n import translate, use_language
from services.store import Store, StoreError, StoreLostError
from services.store.connection_errors import reaching_fault
from services.store.postgis import MAPPED
from services.store.tables import metadata
from tests.postgres import PASSWORD, running_cluster

from .conftest import grids


@pytest.fixture
def database(cluster):
    name = cluster.new_database()
    yield name
    cluster.drop(name)


@pytest.fixture
def bare(cluster):
    """A database of somebody else's making, without tables and without PostGIS."""
    name = cluster.new_database(template="template0")
    yield name
    cluster.drop(name)


def test_an_empty_database_gets_its_tables_when_it_is_opened(cluster, bare):
    store = Store.open(cluster.url(bare))
    with store.read() as tx:
        assert tx.is_empty()
    store.close()


@pytest.mark.parametrize("store_kind", ["postgis"])
def test_an_older_database_is_refused_until_it_is_migrated(old_url):
    with pytest.raises(StoreError, match="run gridmuster migrate"):
        Store.open(old_url)
    Store.bring_up_to_date(old_url)
    Store.open(old_url).close()


def test_a_database_without_postgis_names_the_command_when_this_user_may_not_add_it(cluster, bare):
    cluster.execute("DROP ROLE IF EXISTS clerk")
    cluster.execute("CREATE ROLE clerk LOGIN")
    cluster.execute("GRANT ALL ON SCHEMA public TO clerk", bare)
    try:
        with pytest.raises(StoreError, match=f'psql -d {bare} -c "CREATE EXTENSION postgis"'):
            Store.open(cluster.url(bare).replace("postgres@", "clerk@"))
    finally:
        cluster.drop(bare)
        cluster.execute("DROP ROLE clerk")


def test_a_database_in_another_encoding_is_refused(cluster):
    cluster.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(StoreError, match="UTF-8"):
        Store.open(cluster.url("latin"))
    cluster.drop("latin")


def test_every_text_is_in_the_order_of_its_code_points(cluster, database):
    with psycopg.connect(cluster.dsn(database)) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
        ).fetchall()
    assert [row for row in rows if row[0] in metadata.tables] == []


def test_other_programs_read_the_geometry_with_its_reference_system(cluster, database):
    store = Store.open(cluster.url(database))
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲", G2="乙"))
    store.close()
    engine = create_engine(cluster.url(database))
    frame = gpd.read_postgis("SELECT code, name, geom FROM grids ORDER BY code", engine, index_col="code")
    assert_geodataframe_equal(frame, grids(G1="甲", G2="乙")[["name", "geom"]], check_dtype=False)
    kind = pd.read_sql(
        "SELECT type, srid FROM geometry_columns WHERE f_table_name = 'grids' AND f_table_schema = 'public'", engine
    )
    assert kind.to_numpy().tolist() == [["MULTIPOLYGON", 4326]]
    engine.dispose()


WRITER = """
import sys
from services.store import Store
store = Store.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    with store.write() as tx:
        tx.touch("grids")
"""


def test_writers_in_two_processes_take_their_turns(cluster, database):
    command = [sys.executable, "-c", WRITER, cluster.url(database)]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    store = Store.open(cluster.url(database))
    with store.read() as tx:
        assert tx.data_version() == 40
    store.close()


# Passwords


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://clerk:canary-secret@127.0.0.1:1/base",
        "postgresql+psycopg://127.0.0.1:1/base?user=clerk&password=canary-secret",
        "postgresql+psycopg://clerk:canary-secret@127.0.0.1:port/base",
        "postgresql://clerk:canary-secret@127.0.0.1/base",
        "mysql://clerk:canary-secret@127.0.0.1/base",
        "postgresql+psycopg://clerk:canary-secret@127.0.0.1:1/base?nonsense=canary-secret",
    ],
)
def test_no_refusal_says_the_password(address, language, caplog):
    use_language(language)
    with pytest.raises(StoreError) as caught:
        Store.open(address)
    use_language("zh")
    said = [translate(caught.value.text), str(caught.value), repr(caught.value), caplog.text]
    assert [words for words in said if "canary-secret" in words] == []


def test_a_wrong_password_is_refused_without_being_said(cluster, database):
    with pytest.raises(StoreError, match="the password is wrong") as caught:
        Store.open(cluster.url_with_password(database).replace(PASSWORD, "canary-wrong"))
    assert "canary-wrong" not in str(caught.value)


# Loss and return


@pytest.fixture
def fragile(cluster):
    """A cluster that a test may stop."""
    with running_cluster(cluster.binaries) as own:
        yield own


def test_a_store_that_is_lost_says_so_and_works_again_when_the_database_is_back(fragile):
    store = Store.open(fragile.url_with_password(fragile.new_database()))
    with store.write() as tx:
        tx.touch("grids")
    fragile.stop()
    with pytest.raises(StoreLostError), store.read() as tx:
        tx.versions()
    with pytest.raises(StoreLostError) as caught, store.write() as tx:
        tx.touch("grids")
    assert PASSWORD not in str(caught.value)
    fragile.start()
    with store.write() as tx:
        tx.touch("grids")
    with store.read() as tx:
        assert tx.data_version() == 2
    store.close()


def test_a_change_under_way_when_the_database_restarts_leaves_nothing(fragile):
    store = Store.open(fragile.url(fragile.new_database()))
    for k in range(3):
        with pytest.raises(StoreLostError), store.write() as tx:
            tx.upsert(Layer.GRIDS, grids(**{f"G{k}": "甲"}))
            fragile.stop()
            fragile.start()
            tx.touch("grids")
    with store.read() as tx:
        assert tx.count(Layer.GRIDS) == 0
    store.close()


def test_a_writer_who_waits_too_long_is_told(cluster, database):
    store = Store.open(cluster.url(database) + "&options=-c%20lock_timeout%3D50")
    with store.write() as tx:
        tx.touch("grids")
        with pytest.raises(StoreLostError, match="lock timeout"), store.write():
            pass
    store.close()


# Sentences


def said_of(address):
    with pytest.raises(StoreError) as caught:
        Store.open(address)
    return translate(caught.value.text)


def test_each_way_of_not_reaching_a_database_has_a_sentence_of_its_own(cluster, database):
    here = cluster.url_with_password(database)
    sentences = {
        "password": said_of(here.replace(PASSWORD, "canary-wrong")),
        "user": said_of(cluster.url(database).replace("postgres@", "nobody_here@")),
        "database": said_of(cluster.url("no_such_base")),
        "host": said_of("postgresql+psycopg://a@no-such-host.invalid/base"),
        "port": said_of("postgresql+psycopg://a@127.0.0.1:1/base"),
        "tls": said_of(f"{here}?sslmode=require"),
    }
    words = {
        "password": "密码不对", "user": "nobody_here", "database": "no_such_base", "host": "no-such-host.invalid",
        "port": "没有回应", "tls": "加密连接",
    }  # fmt: skip
    assert {name: words[name] in said for name, said in sentences.items()} == dict.fromkeys(words, True)
    assert len(set(sentences.values())) == len(words)
    assert [said for said in sentences.values() if "FATAL" in said or "failed" in said or "文件" in said] == []


def test_a_user_without_rights_is_told_which_are_lacking(cluster, database):
    cluster.execute("CREATE ROLE stranger LOGIN")
    try:
        said = said_of(cluster.url(database).replace("postgres@", "stranger@"))
        assert "没有权限" in said
        assert "GRANT ALL" in said
    finally:
        cluster.execute("DROP ROLE stranger")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ('致命错误:  用户 "a" Password 认证失败', "密码不对"),
        ('致命错误:  数据库 "b" 不存在', "没有名为"),
        ('致命错误:  角色 "a" 不存在', "没有可以登录的用户"),
        ("FATAL:  no pg_hba.conf entry for host, SSL off", "pg_hba.conf"),
        ("FATAL:  sorry, too many clients already", "没有空余的连接"),
        ("could not translate host name", "找不到名为"),
        ('server certificate for "x" does not match host name', "加密连接"),
        ("connection timeout expired", "没有回应"),
        ("FATAL:  the database system is starting up", "一分钟后再试"),
    ],
)
def test_what_a_server_says_is_told_apart_in_either_language(words, part):
    told = reaching_fault(psycopg.OperationalError(words), make_url("postgresql+psycopg://a:canary@h/b"))
    assert part in translate(told)
    assert "canary" not in translate(told)


def test_another_reason_is_left_to_others():
    assert reaching_fault(psycopg.OperationalError("odd"), make_url("postgresql+psycopg://a@h/b")) is None


# Views for QGIS


@pytest.fixture
def reader(cluster, database):
    """Return the connection string of the role that the guide makes for QGIS."""
    cluster.execute("DROP ROLE IF EXISTS qgis_reader")
    cluster.execute("CREATE ROLE qgis_reader LOGIN")
    for statement in (
        "GRANT USAGE ON SCHEMA public_map TO qgis_reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public_map TO qgis_reader",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public_map GRANT SELECT ON TABLES TO qgis_reader",
    ):
        cluster.execute(statement, database)
    yield cluster.dsn(database).replace("user=postgres", "user=qgis_reader")
    cluster.execute("DROP OWNED BY qgis_reader", database)
    cluster.execute("DROP ROLE qgis_reader")


def test_a_reader_of_maps_sees_the_layers_and_no_person(cluster, database, reader):
    store = Store.open(cluster.url(database))
    with store.write() as tx:
        tx.upsert(Layer.GRIDS, grids(G1="甲"))
    store.close()
    with psycopg.connect(reader, autocommit=True) as connection:
        assert connection.execute("SELECT code, ST_SRID(geom) FROM public_map.grids").fetchall() == [("G1", 4326)]
        for table in (*metadata.tables, "alembic_version"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f'SELECT 1 FROM public."{table}"')
        with pytest.raises(psycopg.errors.Error):
            connection.execute("DELETE FROM public_map.grids")


def test_no_view_has_a_column_about_a_person(cluster, database):
    with psycopg.connect(cluster.dsn(database)) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public_map'"
        ).fetchall()
    assert {table for table, _ in rows} == {layer.value for layer in MAPPED}
    assert {"members", "teams"} & {table for table, _ in rows} == set()
    personal = {"phone", "contact", "leader", "identity_hash", "phone_hash", "skills"}
    assert [row for row in rows if row[1] in personal] == []


def test_a_reader_of_maps_goes_on_after_the_tables_were_brought_up_to_date(cluster, database, reader):
    Store.bring_up_to_date(cluster.url(database))
    with psycopg.connect(reader) as connection:
        assert connection.execute("SELECT count(*) FROM public_map.estates").fetchone() == (0,)
