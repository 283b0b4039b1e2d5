"""Fixtures for the tests of the review's memory, in both databases; modules load them with `pytest_plugins`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from qn_geo.decisions import Store
from tests.databases import submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests. None on this machine is a failure."""
    if str(SCRIPTS) not in sys.path:
        sys.path.append(str(SCRIPTS))
    script = import_module("postgres")
    programs = script.find()
    if programs is None:
        pytest.fail(script.REMEDY, pytrace=False)
    with script.cluster(programs) as url:
        yield url


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Make an empty database of a kind and return its setting; "sqlite" is the default, an empty setting."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return ""
        server = request.getfixturevalue("postgres_server")
        with psycopg.connect(server, autocommit=True) as connection:
            (count,) = connection.execute("SELECT count(*) FROM pg_namespace").fetchone()
            name = f"test_{count}"
            connection.execute(f"CREATE SCHEMA {name}")
        # Cheaper than a database for every test, and just as empty.
        return f"{server}&options=-csearch_path%3D{name}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """Setting of an empty database, once of each kind."""
    return new_database(request.param)


@pytest.fixture
def open_store(url: str, tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Open another store over the same database and folder; all are closed at the end."""
    opened: list[Store] = []

    def make(**options: Any) -> Store:
        opened.append(Store(tmp_path / "reviews", url, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    """A store with one checked submission."""
    made = open_store()
    submit(made)
    return made
