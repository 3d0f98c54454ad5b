"""Skills of members in a store of each kind: joined in frames, kept as they were checked, moved from older stores."""

import pandas as pd
import pytest
from alembic import command

from geo.schema import Layer
from services.store import Store, postgis
from services.store.versions import migration_config

CHECKED = {"skill": "driving", "level": "checked", "valid_until": "2027-12-31"}


def members(**skills):
    index = pd.Index(list(skills), name="code")
    return pd.DataFrame({"name": [f"党员{code}" for code in skills], "skills": list(skills.values())}, index=index)


def stated(*codes):
    return [{"skill": code, "level": "stated", "valid_until": None} for code in codes]


def words_of(tx):
    words = tx.read_layer(Layer.MEMBERS)["skills"]
    return {code: None if pd.isna(value) else value for code, value in words.items()}


def add_batch(tx):
    return tx.records.add_batch(
        layer="members", file_name="f", file_sha256="", at="", actor="", rows_read=0, rows_accepted=0,
        rows_rejected=0, report="{}",
    )  # fmt: skip


def test_frames_offer_the_names_joined_and_other_words_behind_them(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="潜水;司机;医护", M2=None))
        assert words_of(tx) == {"M1": "医疗;驾驶;潜水", "M2": None}
        assert tx.skills.read() == {"M1": stated("medical", "driving", "潜水")}
        assert tx.read_layer(Layer.MEMBERS, columns=["skills", "name"]).columns.tolist() == ["name", "skills"]
        assert "skills" not in tx.read_layer(Layer.MEMBERS, columns=["name"])


def test_a_skill_that_is_stated_again_stays_as_it_was_checked(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶;医疗"))
        tx.skills.replace({"M1": [CHECKED]})
        tx.upsert(Layer.MEMBERS, members(M1="司机;消防"))
        assert tx.skills.read(["M1"]) == {"M1": [CHECKED, *stated("fire")]}


def test_a_file_without_the_column_leaves_skills_alone(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶"))
        tx.upsert(Layer.MEMBERS, members(M1="消防").drop(columns="skills"))
        assert words_of(tx) == {"M1": "驾驶"}


def test_taking_an_import_back_brings_checked_skills_back_and_leaves_none_of_its_own(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶"), batch_id=add_batch(tx))
        tx.skills.replace({"M1": [CHECKED]})
        second = add_batch(tx)
        tx.upsert(Layer.MEMBERS, members(M1="消防", M2="医疗"), batch_id=second)
        tx.restore_replaced(Layer.MEMBERS, second)
        assert tx.skills.read() == {"M1": [CHECKED]}


def test_a_word_that_the_catalogue_has_learned_is_that_skill_and_the_proof_stays(store):
    with store.write() as tx:
        tx.skills.replace({"M1": [CHECKED, *stated("司机", "潜水")]})
        assert tx.skills.read() == {"M1": [CHECKED, *stated("潜水")]}


def test_skills_go_with_their_member(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶", M2="消防", M3="医疗"))
        tx.delete(Layer.MEMBERS, ["M1"])
        assert tx.people.erase(["M2"])["skills"] == 1
        assert set(tx.skills.read()) == {"M3"}


def test_a_change_of_skills_raises_the_version_of_their_table(store):
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶"))
        before = tx.versions()["member_skills"]
        tx.change_row(Layer.MEMBERS, "M1", {"skills": "消防"})
        assert tx.versions()["member_skills"] > before
        assert words_of(tx) == {"M1": "消防"}


def leave_as_before(store):
    """Bring a store to where skills were words in the row of a member."""
    with store.engine.connect().execution_options(write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            postgis.drop_views(connection)
        command.downgrade(migration_config(connection), "0018")


@pytest.fixture
def with_skills(store):
    """A store in which an import has replaced skills; what it replaced stands in the rows kept."""
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, members(M1="驾驶;潜水", M2=None), batch_id=add_batch(tx))
        tx.upsert(Layer.MEMBERS, members(M1="医疗;消防", M2=None), batch_id=add_batch(tx))
    return store


def test_an_older_store_had_words_and_gets_rows_of_them(with_skills, store_url):
    leave_as_before(with_skills)
    with with_skills.write() as tx:
        run = tx._connection.exec_driver_sql
        assert dict(run("SELECT code, skills FROM members ORDER BY code").all()) == {"M1": "医疗;消防", "M2": None}
        run("UPDATE members SET skills = '护士;司机;书画' WHERE code = 'M2'")
    Store.bring_up_to_date(store_url)
    with with_skills.write() as tx:
        assert tx.skills.read() == {"M1": stated("medical", "fire"), "M2": stated("medical", "driving", "书画")}
        tx.restore_replaced(Layer.MEMBERS, 2)
        assert words_of(tx) == {"M1": "驾驶;潜水", "M2": None}
