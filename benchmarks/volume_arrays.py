"""Millions of cases as a careful person would decide them with NumPy, and with Polars.

Both find wrong cases, keep money in cents, and read and write whole columns.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import parquet

RULES = {
    "final_sale": "declined",
    "credits_used": "declined",
    "late_report": "declined",
    "special_circumstances_review": "review",
    "money_back_guarantee": "approved",
    "request_incomplete": "more_information",
}
OUTCOMES = tuple(dict.fromkeys(RULES.values()))
KINDS = ("subscription_fee", "credit_purchase")
CIRCUMSTANCES = ("none", "duplicate_charge", "technical_issue", "unauthorized_charge")
DAYS_TO_ANSWER = np.array([2, 2, 2, 4, 4, 3, 2], np.int32)
BATCH = 122_880
WRONG = len(RULES)
Figures: TypeAlias = tuple[int, int, Decimal, date]
Numbers: TypeAlias = np.ndarray[Any, Any]
Batch: TypeAlias = tuple[Numbers, Numbers, Numbers]


# ---------------------------------------------------------------- NumPy


def with_numpy(path: Path, output: Path | None) -> Figures | None:
    """Decide with NumPy, and count or write."""
    batches = decided(path)
    if output is None:
        return counted(batches)
    writer: Any = None
    for code, cents, day in batches:
        found = as_table(code, cents, day)
        writer = writer or parquet.ParquetWriter(output, found.schema)
        writer.write_table(found)
    writer.close()
    return None


def decided(path: Path) -> Iterator[Batch]:
    """Yield the number of the rule, the cents and the day, batch by batch."""
    file = parquet.ParquetFile(path, read_dictionary=["charge_kind", "special_circumstance"])
    for batch in file.iter_batches(BATCH):
        yield of_batch({name: batch.column(name) for name in batch.schema.names})


def of_batch(facts: dict[str, pa.Array]) -> Batch:
    """Decide a batch of cases."""
    asked, first, charged = (
        facts[name].view(pa.int32()).to_numpy()
        for name in ("requested_on", "first_purchase_on", "charged_on")
    )
    told = [
        facts[name].to_numpy(zero_copy_only=False)
        for name in ("account_email_provided", "charge_details_provided")
    ]
    bought, unused = (
        facts[name].to_numpy().astype(np.int64) for name in ("credits_purchased", "credits_unused")
    )
    paid = cents_of(facts["amount_paid"])
    fee = one_of(facts["charge_kind"], KINDS[:1])
    trouble = ~one_of(facts["special_circumstance"], CIRCUMSTANCES[:1])
    new = asked - first <= 30
    guaranteed = new & (fee | (unused > 0))
    review = trouble & (asked - charged <= 7)
    right = (charged >= first) & (asked >= charged) & (paid >= 0)
    right &= fee | ((bought >= 1) & (unused >= 0) & (unused <= bought))
    right &= one_of(facts["charge_kind"], KINDS)
    right &= one_of(facts["special_circumstance"], CIRCUMSTANCES)
    code = new.astype(np.int8)
    untold = ~(told[0] & told[1])
    for number, holds in (
        (2, trouble),
        (3, review),
        (4, guaranteed),
        (5, untold & (guaranteed | review)),
        (WRONG, ~right),
    ):
        code[holds] = number
    share = (paid * unused * 2 + bought) // (np.maximum(bought, 1) * 2)
    weekday = (asked + 3) % 7  # the first day of all was a Thursday
    return code, np.where(fee, paid, share), asked + DAYS_TO_ANSWER[weekday]


def one_of(column: pa.Array, options: tuple[str, ...]) -> Numbers:
    """Return which texts are one of several."""
    known = np.array([text in options for text in column.dictionary.to_pylist()])
    return known[column.indices.to_numpy()]


def cents_of(column: pa.Array) -> Numbers:
    """Return money as cents: the lower half of the 128 bits that Arrow keeps."""
    halves = np.frombuffer(column.buffers()[1], np.int64)
    return halves[2 * column.offset : 2 * (column.offset + len(column)) : 2]


def counted(batches: Iterator[Batch]) -> Figures:
    """Return what all ways are compared by."""
    lengths = np.array([len(rule) for rule in RULES] + [0])
    decisions = letters = cents = 0
    last = 0
    for code, amount, day in batches:
        decisions += int(np.count_nonzero(code != WRONG))
        letters += int(lengths[code].sum())
        cents += int(amount[code == 4].sum())
        last = max(last, int(day[code == 3].max(initial=0)))
    return decisions, letters, Decimal(cents) / 100, date(1970, 1, 1) + timedelta(last)


def as_table(code: Numbers, cents: Numbers, day: Numbers) -> pa.Table:
    """Return a batch of answers."""
    wrong, size = code == WRONG, len(code)
    places = np.array([OUTCOMES.index(outcome) for outcome in RULES.values()] + [0], np.int8)
    halves = np.stack((cents, cents >> 63), axis=1)
    money = pa.Array.from_buffers(
        pa.decimal128(18, 2), size, [bits(code == 4), pa.py_buffer(halves.tobytes())]
    )
    return pa.table(
        {
            "outcome": pa.DictionaryArray.from_arrays(pa.array(places[code], mask=wrong), OUTCOMES),
            "rule": pa.DictionaryArray.from_arrays(pa.array(code, mask=wrong), [*RULES]),
            "refund_amount": money,
            "respond_by": pa.array(day, mask=code != 3).view(pa.date32()),
        }
    )


def bits(holds: Numbers) -> pa.Buffer:
    """Return flags as Arrow keeps them, a bit each."""
    return pa.py_buffer(np.packbits(holds, bitorder="little").tobytes())


# ---------------------------------------------------------------- Polars


def with_polars(path: Path, output: Path | None) -> Figures | None:
    """Decide with Polars, and count or write."""
    answers = answered(pl.scan_parquet(path))
    if output is not None:
        answers.sink_parquet(output)
        return None
    found = answers.select(
        pl.col("outcome").count(),
        pl.col("rule").cast(pl.String).str.len_bytes().sum(),
        pl.col("refund_amount").sum(),
        pl.col("respond_by").max(),
    )
    decisions, letters, amount, last = found.collect(engine="streaming").row(0)
    return decisions, letters, amount, last


def answered(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Return the answers to cases."""
    col = pl.col
    days = (col("requested_on") - col("first_purchase_on")).dt.total_days()
    since = (col("requested_on") - col("charged_on")).dt.total_days()
    one = cases.with_columns(
        new=days <= 30,
        fee=col("charge_kind") == KINDS[0],
        trouble=col("special_circumstance") != CIRCUMSTANCES[0],
        recent=since <= 7,
        cents=(col("amount_paid") * 100).cast(pl.Int64),
        bought=col("credits_purchased").cast(pl.Int64),
        unused=col("credits_unused").cast(pl.Int64),
    )
    two = one.with_columns(
        guaranteed=col("new") & (col("fee") | (col("unused") > 0)),
        review=col("trouble") & col("recent"),
        untold=~(col("account_email_provided") & col("charge_details_provided")),
    )
    code = (
        pl.when(~is_right())
        .then(None)
        .when(col("untold") & (col("guaranteed") | col("review")))
        .then(5)
        .when("guaranteed")
        .then(4)
        .when("review")
        .then(3)
        .when("trouble")
        .then(2)
        .otherwise(col("new").cast(pl.Int32))
    )
    return two.with_columns(code=code.cast(pl.Int8)).select(*outputs())


def is_right() -> pl.Expr:
    """Return whether nothing is wrong with a case."""
    col = pl.col
    possible = (col("bought") >= 1) & (col("unused") >= 0) & (col("unused") <= col("bought"))
    return (
        (col("charged_on") >= col("first_purchase_on"))
        & (col("requested_on") >= col("charged_on"))
        & (col("cents") >= 0)
        & (col("fee") | possible)
        & col("charge_kind").is_in(KINDS)
        & col("special_circumstance").is_in(CIRCUMSTANCES)
    )


def outputs() -> Iterator[pl.Expr]:
    """Yield the columns of the answers."""
    col = pl.col
    rules = [*RULES]
    yield named_by_code([*RULES.values()]).alias("outcome")
    yield named_by_code(rules).alias("rule")
    share = (col("cents") * col("unused") * 2 + col("bought")) // (col("bought") * 2)
    cents = pl.when("fee").then("cents").otherwise(share)
    money = (cents.cast(pl.Decimal(18, 0)) * Decimal("0.01")).cast(pl.Decimal(18, 2))
    yield pl.when(col("code") == 4).then(money).alias("refund_amount")
    weekday = col("requested_on").dt.weekday()
    ahead = pl.when(weekday.is_in((4, 5))).then(4).when(weekday == 6).then(3).otherwise(2)
    later = (col("requested_on").cast(pl.Int32) + ahead).cast(pl.Date)
    yield pl.when(col("code") == 3).then(later).alias("respond_by")


def named_by_code(texts: list[str]) -> pl.Expr:
    """Return the text that belongs to the number of the rule."""
    kind = pl.Enum([*dict.fromkeys(texts)])
    return pl.col("code").replace_strict(range(len(texts)), texts, return_dtype=kind)
