"""DuckDB in memory: opened, and queries that can be watched and stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
WRITERS = "async_threads"


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory, which fetches nothing from elsewhere."""
    with duckdb.connect(config=SETTINGS) as database:
        database.execute("SET enable_progress_bar = true")  # else it doesn't tell how far it is
        database.execute("SET enable_progress_bar_print = false")
        # DuckDB 2.0 may wait for ever when a write on another thread fails, as on a full disk.
        if database.execute(f"FROM duckdb_settings() WHERE name = '{WRITERS}'").fetchall():
            database.execute(f"SET {WRITERS} = 0")
        yield database


def run(
    database: duckdb.DuckDBPyConnection,
    sql: str,
    show: Callable[[float], None],
    explained: Callable[[duckdb.Error], Exception],
) -> None:
    """Run a query, and show how far it is; whatever breaks it off stops it."""
    failed: list[BaseException] = []
    done = Event()  # a thread whose `join` is broken off by a signal looks as if it had ended

    def work() -> None:
        try:
            database.execute(sql)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised below
            failed.append(error)
        finally:
            done.set()

    Thread(target=work).start()
    try:
        while not done.wait(0.1):
            show(max(database.query_progress(), 0) / 100)
    finally:
        while not done.is_set():
            database.interrupt()  # again, since before the query runs this does nothing
            done.wait(0.1)
    if failed:
        error = failed.pop()  # so that nothing holds on to the database by way of itself
        raise explained(error) if isinstance(error, duckdb.Error) else error
    show(1)
