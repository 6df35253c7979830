"""The forms of files with columns, and what reads each."""

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from .json_table import json_table
from .lines import Input
from .tables import Wanted, csv_table, parquet_table

Reader = Callable[[duckdb.DuckDBPyConnection, Path, tuple[str, ...], Wanted], Input]
TABLES: Mapping[str, Reader] = {
    "parquet": parquet_table,
    "csv": csv_table,
    "jsonl": json_table,
}
