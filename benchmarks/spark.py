"""Millions of cases on Spark: the SQL made of the policy beside SQL by hand.

Both read the same cases from a Parquet file (see `volume`), find out which are wrong, and give
outcome, rule, amount and due date, of which counts and sums are taken, in rounds that take turns,
on two cores. Their answers are compared first. Ours also checks that days are in the calendar and
that no number is too large for what is worked out; by hand nothing does. Time is that of the
processor, in Spark's own process.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from pyspark.sql import SparkSession

from refund_policy.engine.to_sql import Asked, to_sql

from .tables import table
from .volume import COUNT, NAMES, POLICY, ROWS, make_cases

ROUNDS, WARM = 9, 2
BY_HAND = """
WITH one AS (
  SELECT *, datediff(requested_on, first_purchase_on) <= 30 AS new,
    charge_kind = 'subscription_fee' AS fee, special_circumstance <> 'none' AS trouble,
    datediff(requested_on, charged_on) <= 7 AS recent
  FROM cases
), two AS (
  SELECT *, new AND (fee OR credits_unused > 0) AS guaranteed, trouble AND recent AS review,
    NOT (account_email_provided AND charge_details_provided) AS untold
  FROM one
), three AS (
  SELECT *, CASE WHEN NOT (
      charged_on >= first_purchase_on AND requested_on >= charged_on AND amount_paid >= 0
      AND (fee OR (credits_purchased >= 1 AND credits_unused >= 0
        AND credits_unused <= credits_purchased))
      AND charge_kind IN ('subscription_fee', 'credit_purchase') AND special_circumstance IN (
        'none', 'duplicate_charge', 'technical_issue', 'unauthorized_charge')) THEN NULL
    WHEN untold AND (guaranteed OR review) THEN 5 WHEN guaranteed THEN 4
    WHEN review THEN 3 WHEN trouble THEN 2 WHEN new THEN 1 ELSE 0 END AS code
  FROM two
)
SELECT
  CASE code WHEN 5 THEN 'more_information' WHEN 4 THEN 'approved' WHEN 3 THEN 'review'
    WHEN 2 THEN 'declined' WHEN 1 THEN 'declined' WHEN 0 THEN 'declined' END AS outcome,
  CASE code WHEN 5 THEN 'request_incomplete' WHEN 4 THEN 'money_back_guarantee'
    WHEN 3 THEN 'special_circumstances_review' WHEN 2 THEN 'late_report' WHEN 1 THEN 'credits_used'
    WHEN 0 THEN 'final_sale' END AS rule,
  CAST(CASE WHEN code = 4 THEN CASE WHEN fee THEN amount_paid ELSE CAST(
    (CAST(amount_paid * 100 AS BIGINT) * credits_unused * 2 + credits_purchased)
      DIV (credits_purchased * 2) AS DECIMAL(18, 0)) * 0.01 END END AS DECIMAL(18, 2))
    AS refund_amount,
  CASE WHEN code = 3 THEN date_add(requested_on, CASE dayofweek(requested_on)
    WHEN 5 THEN 4 WHEN 6 THEN 4 WHEN 7 THEN 3 ELSE 2 END) END AS respond_by
FROM three
"""


def seconds(spark: SparkSession, sql: str) -> float:
    """Return how much of the processor's time a query takes."""
    assert spark._jvm, "INVARIANT: Spark runs on this machine"  # noqa: SLF001 - there is no other way
    process = spark._jvm.java.lang.ProcessHandle.current().pid()  # noqa: SLF001 - ditto
    before = ticks(process)
    spark.sql(COUNT.format(sql)).collect()
    return (ticks(process) - before) / os.sysconf("SC_CLK_TCK")


def ticks(process: int) -> int:
    """Return how long a process has run, on all cores."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def measured(rows: int = ROWS) -> dict[str, float]:
    """Compare the answers, and return how many million cases a second of the processor decides."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.log.level", "ERROR").getOrCreate()
    generated = to_sql(POLICY.versions, "refund", Asked("spark"))
    ways = {
        "Spark, SQL by hand": BY_HAND,
        "**refund-policy on Spark**": f"SELECT {', '.join(NAMES)} FROM ({generated})",
    }
    with tempfile.TemporaryDirectory() as folder:
        path = make_cases(Path(folder), rows)
        spark.read.parquet(str(path)).createOrReplaceTempView("cases")
        counts = {name: spark.sql(COUNT.format(sql)).collect() for name, sql in ways.items()}
        if len({str(found) for found in counts.values()}) > 1:
            sys.exit(f"they disagree: {counts}")
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, sql in ways.items():
                times[name].append(seconds(spark, sql))
    spark.stop()
    return {name: rows / 1e6 / median(found[WARM:]) for name, found in times.items()}


def shown(found: dict[str, float]) -> str:
    """Return the speeds as a table."""
    hand = next(iter(found.values()))
    rows = [(name, f"{speed:.1f}", f"{speed / hand:.2f}") for name, speed in found.items()]
    return table(("millions of cases on Spark", "counted", "× hand"), rows)
