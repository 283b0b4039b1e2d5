"""The database behind the store: its versions, its first opening, and what is said when it fails."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, event, insert

from qn_geo.decisions import DatabaseError, Store, queries
from qn_geo.decisions.database import MIGRATIONS, NOTHING, migrate
from qn_geo.decisions.models import head, metadata
from qn_geo.errors import QnGeoError
from tests.databases import CASE, decide, drop_triggers, run_sql, submit

pytest_plugins = "tests.database_fixtures"


def both(error):
    return error.message("vi"), error.message("en")


def test_migrations_lead_to_the_tables_the_code_has(store):
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def revisions():
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


@pytest.mark.parametrize("revision", revisions())
def test_a_database_of_any_version_is_brought_up_to_date(store, open_store, revision):
    entries = decide(store, "1", "2")
    with store.database.engine.connect() as connection:
        kept = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in metadata.sorted_tables
        }
    with store.database.writing() as connection:
        migrate(connection, NOTHING)
        migrate(connection, revision)
        connection.exec_driver_sql("DELETE FROM ledger_head")
        for name, rows in kept.items():
            table = Table(name, MetaData(), autoload_with=connection)
            names = set(table.columns.keys())
            connection.execute(insert(table), [{key: row[key] for key in names & set(row)} for row in rows])
    store.close()
    later = open_store()
    assert later.history(CASE) == entries
    assert later.verify().ok
    decide(later, "1")


def test_a_newer_database_is_left_alone(store, open_store):
    run_sql(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(QnGeoError, match="update QN Geo") as caught:
        open_store()
    assert "phiên bản mới hơn (9999)" in both(caught.value)[0]


def test_many_may_open_a_new_database_at_once(open_store):
    begin, opened, failed = threading.Barrier(6), [], []

    def run():
        begin.wait()
        try:
            opened.append(open_store())
        except QnGeoError as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    submit(opened[0])
    for one in opened:
        decide(one, "1")
    assert opened[3].verify().entries == 6
    assert opened[3].verify().unsealed == ()


# --- when it fails ---


@pytest.fixture
def held(store):
    """Somebody else's connection that holds the database until the test lets it go."""
    engine = store.database.engine
    with engine.connect().execution_options(writing=True) as connection:
        connection.execute(head.select().with_for_update())
        yield connection


def test_a_locked_database_is_told_and_loses_nothing(open_store, store, held):
    hasty = open_store(patience=0.2)
    with pytest.raises(DatabaseError) as caught:
        decide(hasty, "1")
    assert "chương trình khác giữ" in both(caught.value)[0]
    assert "wait a moment and send it again" in both(caught.value)[1]
    assert hasty.queue()[0].id == CASE  # reading goes on
    held.rollback()
    decide(hasty, "1")
    assert store.verify().entries == 1


def test_a_full_disk_is_told_and_loses_nothing(store, url):
    decide(store, "0")
    if url:
        run_sql(
            store,
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100'', MESSAGE = ''could not extend file''; END'",
            "CREATE TRIGGER disk_full BEFORE INSERT ON ledger FOR EACH STATEMENT EXECUTE FUNCTION disk_full()",
        )
    else:
        with store.database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        # As if the disk ended two pages further on.
        event.listen(
            store.database.engine, "begin", lambda one: one.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        )
    stored = ["0"]

    def fill():
        for number in range(100):
            stored.extend(entry.plot_id for entry in decide(store, f"{number}a", f"{number}b", note="ghi chú " * 200))

    with pytest.raises(DatabaseError) as caught:
        fill()
    assert "Ổ đĩa của cơ sở dữ liệu đã đầy" in both(caught.value)[0]
    assert "make room on the disk" in both(caught.value)[1]
    assert store.verify().ok
    assert [entry.plot_id for entry in store.history(CASE)] == stored


def test_a_ledger_without_head_takes_no_decision(store):
    drop_triggers(store)
    run_sql(store, "DELETE FROM ledger_head")
    with pytest.raises(QnGeoError, match="changed from outside") as caught:
        decide(store, "1")
    assert "bản sao lưu" in both(caught.value)[0]


def test_a_head_that_was_turned_back_overwrites_nothing(store):
    first, second = decide(store, "1", "2")
    with store.database.engine.begin() as connection:
        connection.execute(head.update().values(seq=1, hash=first.hash))
    with pytest.raises(DatabaseError):
        decide(store, "3")
    assert store.history(CASE) == [first, second]


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@on_sqlite
def test_every_commit_is_on_the_disk(store):
    with store.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@on_sqlite
def test_a_disk_that_has_room_again_is_used_again(store):
    run_sql(store, "PRAGMA max_page_count = 1")
    with pytest.raises(DatabaseError, match="make room"):
        decide(store, *[f"{number}" for number in range(500)])
    run_sql(store, "PRAGMA max_page_count = 1000000")
    assert [entry.seq for entry in decide(store, "1")] == [1]


@on_sqlite
def test_a_file_that_may_not_be_written(store):
    event.listen(store.database.engine, "begin", lambda one: one.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(DatabaseError, match="may not be written"):
        decide(store, "1")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "review.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseError, match="damaged or is no database") as caught:
        Store(tmp_path)
    assert caught.value.file == str(tmp_path / "review.sqlite")


def test_nothing_is_written_into_a_file_that_was_taken_away(tmp_path):
    store = Store(tmp_path / "reviews")
    submit(store, CASE)
    path, aside = tmp_path / "reviews" / "review.sqlite", tmp_path / "aside.sqlite"
    store.close()
    path.rename(aside)
    for use in (store.queue, lambda: decide(store, "1")):
        with pytest.raises(DatabaseError, match="moved away"):
            use()
    assert not path.exists(), "no empty database takes its place"
    path.write_bytes(aside.read_bytes())
    entries = decide(store, "1")
    store.close()
    assert Store(tmp_path / "reviews").history(CASE) == entries


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "reviews").write_text("a file")
    with pytest.raises(DatabaseError, match="QN_GEO_REVIEW_DIR"):
        Store(tmp_path / "reviews")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Store(tmp_path, f"sqlite:///{tmp_path}/none/review.sqlite")


@pytest.mark.parametrize("address", ["mysql://a/b", "sqlite://", "sqlite:///:memory:", "what", "oracle+x://"])
def test_only_two_kinds_of_database(tmp_path, address):
    with pytest.raises(QnGeoError, match="QN_GEO_DATABASE_URL"):
        Store(tmp_path, address)


@on_sqlite
def test_another_program_that_opens_the_file_stays_out_of_our_way(store):
    with sqlite3.connect(store.database.name) as other:
        other.execute("SELECT count(*) FROM ledger").fetchone()
        decide(store, "1")
    other.close()


def test_a_server_that_does_not_answer(tmp_path):
    address = f"postgresql://me:geheim@/x?host={tmp_path}"
    with pytest.raises(DatabaseError, match="cannot be opened") as caught:
        Store(tmp_path, address, patience=1)
    assert "geheim" not in "".join(both(caught.value))
    assert "kiểm tra máy chủ" in both(caught.value)[0]


@on_postgres
def test_a_database_that_is_not_there(tmp_path, url):
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Store(tmp_path, url.replace("@/postgres?", "@/none?"))


@on_postgres
def test_the_server_was_restarted_between_two_decisions(store):
    decide(store, "1")
    run_sql(
        store,
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND datname = current_database()""",
    )
    decide(store, "2")
    assert store.verify().entries == 2


@on_postgres
def test_a_connection_lost_in_the_middle(store, monkeypatch):
    original = queries.follow

    def cut(connection, *more):
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        original(connection, *more)

    monkeypatch.setattr(queries, "follow", cut)
    with pytest.raises(DatabaseError, match="look at the history before deciding again"):
        decide(store, "1")
    monkeypatch.undo()
    decide(store, "1")
    assert store.verify().entries == 1
