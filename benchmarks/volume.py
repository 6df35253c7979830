"""Millions of cases on DuckDB: the SQL made of the policy beside SQL by hand. No options.

All read the same ten million cases from a Parquet file and give outcome, rule, amount and due
date, once to be counted and once into another Parquet file, in rounds that take turns. Their
answers are compared first. By hand there are two: one trusts every case, one finds wrong ones, as
ours does; what is done with them (ours asks the interpreter) is in neither. Time is that of the
processor, which other work on the machine hardly changes; memory is that of a process each.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from refund_policy import load
from refund_policy.engine.batch_query import Job, query
from refund_policy.engine.tables import Wanted

ROWS, ROUNDS = 10_000_000, 7
POLICY = load(Path(__file__).parent.parent / "policies")
NAMES = ("outcome", "rule", "refund_amount", "respond_by")
TROUBLES = "['duplicate_charge', 'technical_issue', 'unauthorized_charge']"

CASES = f"""
WITH drawn AS (
  SELECT (hash(row) >> 1)::BIGINT AS a, (hash(-row) >> 1)::BIGINT AS b,
    (hash(row::VARCHAR) >> 1)::BIGINT AS c
  FROM range({ROWS}) AS rows(row)
), days AS (
  SELECT *, [1, 3, 10, 12][c % 4 + 1] AS bought, CASE
    WHEN b % 3 = 0 THEN [0, 29, 30, 31][b // 3 % 4 + 1]
    WHEN b % 3 = 1 THEN b // 3 % 31 ELSE b // 3 % 400 END::INTEGER AS first
  FROM drawn
), charges AS (
  SELECT *, CASE WHEN c // 4 % 3 = 0 THEN least(first, [0, 6, 7, 8][c // 12 % 4 + 1])
    ELSE c // 12 % (first + 1) END::INTEGER AS charged
  FROM days
)
SELECT
  DATE '2025-01-01' + (a % 700)::INTEGER AS requested_on,
  requested_on - first AS first_purchase_on,
  requested_on - charged AS charged_on,
  CASE WHEN a // 700 % 2 = 0 THEN 'subscription_fee' ELSE 'credit_purchase' END AS charge_kind,
  ((a // 1400 % 50000 + 1)::DECIMAL(18, 0) * 0.01)::DECIMAL(18, 2) AS amount_paid,
  bought::INTEGER AS credits_purchased,
  CASE WHEN a // 70000000 % 2 = 0 THEN 0 ELSE c // 48 % (bought + 1) END::INTEGER AS credits_unused,
  CASE WHEN b // 1200 % 2 = 0 THEN 'none' ELSE {TROUBLES}[b // 2400 % 3 + 1] END
    AS special_circumstance,
  b // 7200 % 10 < 9 AS account_email_provided,
  b // 72000 % 10 < 9 AS charge_details_provided
FROM charges
"""

BY_HAND = """
WITH one AS (
  SELECT *, requested_on - first_purchase_on <= 30 AS new, charge_kind = 'subscription_fee' AS fee,
    special_circumstance <> 'none' AS trouble, requested_on - charged_on <= 7 AS recent
  FROM cases
), two AS (
  SELECT *, new AND (fee OR credits_unused > 0) AS guaranteed, trouble AND recent AS review,
    NOT (account_email_provided AND charge_details_provided) AS untold
  FROM one
), three AS (
  SELECT *, CASE {wrong} WHEN untold AND (guaranteed OR review) THEN 5 WHEN guaranteed THEN 4
    WHEN review THEN 3 WHEN trouble THEN 2 WHEN new THEN 1 ELSE 0 END AS code
  FROM two
)
SELECT
  CASE code WHEN 5 THEN 'more_information' WHEN 4 THEN 'approved' WHEN 3 THEN 'review'
    {declined} END AS outcome,
  CASE code WHEN 5 THEN 'request_incomplete' WHEN 4 THEN 'money_back_guarantee'
    WHEN 3 THEN 'special_circumstances_review' WHEN 2 THEN 'late_report' WHEN 1 THEN 'credits_used'
    {final_sale} END AS rule,
  CASE WHEN code = 4 THEN CASE WHEN fee THEN amount_paid ELSE (
    ((amount_paid * 100)::BIGINT * credits_unused * 2 + credits_purchased)
      // (credits_purchased * 2))::DECIMAL(18, 0) * 0.01 END END::DECIMAL(18, 2) AS refund_amount,
  CASE WHEN code = 3 THEN requested_on + CASE dayofweek(requested_on)
    WHEN 4 THEN 4 WHEN 5 THEN 4 WHEN 6 THEN 3 ELSE 2 END::INTEGER END AS respond_by
FROM three
"""
WRONG = """WHEN NOT (
  charged_on >= first_purchase_on AND requested_on >= charged_on AND amount_paid >= 0
  AND (fee OR (credits_purchased >= 1 AND credits_unused >= 0
    AND credits_unused <= credits_purchased))
  AND charge_kind IN ('subscription_fee', 'credit_purchase') AND special_circumstance IN (
    'none', 'duplicate_charge', 'technical_issue', 'unauthorized_charge')
) THEN NULL"""
TRUSTED = {"wrong": "", "declined": "ELSE 'declined'", "final_sale": "ELSE 'final_sale'"}
CHECKED = {
    "wrong": WRONG,
    "declined": "WHEN 2 THEN 'declined' WHEN 1 THEN 'declined' WHEN 0 THEN 'declined'",
    "final_sale": "WHEN 0 THEN 'final_sale'",
}
COUNT = "SELECT count(outcome), sum(length(rule)), sum(refund_amount), max(respond_by) FROM ({})"


def generated(database: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return the SQL that `refund decide` runs, for the same columns."""
    job = Job(
        policy=POLICY, question="refund", version=None, path=path, form="parquet", wanted=Wanted({})
    )
    database.create_function(
        "look",
        lambda _line, _text: sys.exit("a case is left open"),
        ["BIGINT", "VARCHAR[]"],
        "VARCHAR[]",
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=True,
    )
    found = query(job, job.input(database), typed=True)
    return exp.select(*NAMES).from_(found.subquery("answers")).sql("duckdb")


def ways(database: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Return each way to decide, as SQL."""
    database.execute(f"CREATE VIEW cases AS FROM '{path}'")
    return {
        "by hand, every case trusted": BY_HAND.format(**TRUSTED),
        "by hand, wrong cases found": BY_HAND.format(**CHECKED),
        "generated": generated(database, path),
    }


def seconds(database: duckdb.DuckDBPyConnection, sql: str) -> float:
    """Return how much of the processor's time a query takes."""
    start = process_time()
    database.execute(sql).fetchall()
    return process_time() - start


def megabytes(path: Path, name: str, sql: str) -> float:
    """Return the largest memory of a process that runs one query."""
    command = [sys.executable, __file__, str(path), name, sql]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def alone(path: Path, name: str, sql: str) -> None:
    """Run one query, and print the memory that this took."""
    with duckdb.connect() as database:
        database.execute(sql.format(ways(database, path)[name]))
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    print(next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")))


def measure(folder: Path) -> None:
    """Measure, and print a table."""
    path, out = folder / "cases.parquet", folder / "answers.parquet"
    copy = f"COPY ({{}}) TO '{out}' (FORMAT parquet)"
    with duckdb.connect() as database:
        database.execute(f"COPY ({CASES}) TO '{path}' (FORMAT parquet)")
        found = ways(database, path)
        answers = {
            name: database.execute(COUNT.format(sql)).fetchone() for name, sql in found.items()
        }
        if len(set(answers.values())) > 1:
            sys.exit(f"they disagree: {answers}")
        times: dict[str, dict[str, list[float]]] = {name: {COUNT: [], copy: []} for name in found}
        for _ in range(ROUNDS):
            for name, sql in found.items():
                for query_, taken in times[name].items():
                    taken.append(seconds(database, query_.format(sql)))
    heads = ("counted", "written", "MB counted", "MB written")
    print("million cases a processor second".ljust(34) + "".join(head.rjust(12) for head in heads))
    for name, taken in times.items():
        speeds = [ROWS / 1e6 / median(taken[query_]) for query_ in (COUNT, copy)]
        memory = [megabytes(path, name, query_) for query_ in (COUNT, copy)]
        shown = [f"{speed:12.1f}" for speed in speeds] + [f"{size:12.0f}" for size in memory]
        print(f"{name:34}{''.join(shown)}")


def main() -> None:
    """Measure in a folder of its own; with arguments, run one query alone."""
    if len(sys.argv) > 1:
        alone(Path(sys.argv[1]), *sys.argv[2:])
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))


if __name__ == "__main__":
    main()
