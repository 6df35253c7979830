"""All ways to decide: a new one is one more entry of `TARGETS`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from differential import files, warehouses
from differential.asked import Asked, Got, Said, answer, in_python
from differential.judge import Agrees, decides_all, decides_what_is_plain
from refund_policy.engine.compiled import compiled
from refund_policy.engine.reading import Record
from refund_policy.engine.ready import ready

Run = Callable[[Asked, Path], Iterator[Got]]


@dataclass(frozen=True, slots=True)
class Target:
    """How cases are decided (`run`, with a folder to work in), and what must agree.

    One that is slow takes its turn once in `every` so many.
    """

    run: Run
    agrees: Agrees
    is_there: Callable[[], bool] = lambda: True
    every: int = 1


def python(asked: Asked, _folder: Path) -> Iterator[Got]:
    """Decide by the library, with the function of each version made beforehand."""
    for version in asked.versions:
        question = version.questions[asked.question]
        ready(version, question).function = compiled(version, question)
    for number, case in enumerate(asked.cases):
        for facts in (case, in_python(case, asked.facts)):
            record = Record(number, facts)
            yield Got(
                number, record, answer(lambda f: asked.policy.decide(asked.question, f), facts)
            )


EVERYTHING = frozenset(Said.__dataclass_fields__)
IN_A_TABLE = EVERYTHING - {"also", "reasons", "kind"}
PLAIN = decides_what_is_plain
TARGETS: dict[str, Target] = {
    "python": Target(python, decides_all(EVERYTHING)),
    "csv": Target(files.csv, decides_all(IN_A_TABLE)),
    "jsonl": Target(files.jsonl, decides_all(IN_A_TABLE)),
    "parquet": Target(files.parquet, decides_all(IN_A_TABLE)),
    "duckdb": Target(warehouses.duckdb, PLAIN),
    "postgres": Target(warehouses.postgres, PLAIN, warehouses.postgres_is_there),
    "spark": Target(warehouses.spark, PLAIN, warehouses.spark_is_there, every=4),
}


def there() -> dict[str, Target]:
    """Return the targets that can run here."""
    return {name: target for name, target in TARGETS.items() if target.is_there()}
