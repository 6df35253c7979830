"""The words of generated policies: their facts with a few values each, figures, comparisons."""

from collections.abc import Mapping, Sequence
from typing import Any

Data = dict[str, Any]

DATES = ["2026-02-26", "2026-02-27", "2026-02-28", "2026-03-01"]
WHOLE = [-1, 0, 1, 2]
CENTS = ["0.00", "0.01", "0.02", "0.03"]
TENTHS = ["0.0", "0.1", "0.2"]
OPTIONS = ["red", "green", "blue"]

FACTS: Mapping[str, Data] = {
    "first_day": {"type": "date"},
    "second_day": {"type": "date"},
    "count": {"type": "whole_number"},
    "other_count": {"type": "whole_number"},
    "fee": {"type": "money"},
    "price": {"type": "money"},
    "rate": {"type": "decimal", "scale": 1},
    "flag": {"type": "yes_no"},
    "other_flag": {"type": "yes_no"},
    "colour": {"type": "choice", "options": {name: name for name in OPTIONS}},
    "other_colour": {"type": "choice", "options": {name: name for name in reversed(OPTIONS)}},
}
KINDS = {
    "first_day": "date",
    "second_day": "date",
    "count": "number",
    "other_count": "number",
    "fee": "money",
    "price": "money",
    "rate": "rate",
    "flag": "yes_no",
    "other_flag": "yes_no",
    "colour": "choice",
    "other_colour": "choice",
}
DOMAINS: Mapping[str, Sequence[Any]] = {
    "date": DATES,
    "number": WHOLE,
    "money": CENTS,
    "rate": TENTHS,
    "yes_no": [True, False],
    "choice": OPTIONS,
}
BOUNDS: Mapping[str, Data] = {
    "date": {"on_or_after": DATES[0], "on_or_before": DATES[-1]},
    "number": {"at_least": WHOLE[0], "at_most": WHOLE[-1]},
    "money": {"at_least": f"{CENTS[0]} USD", "at_most": f"{CENTS[-1]} USD"},
    "rate": {"at_least": 0, "at_most": 0.2},
}
LITERALS: Mapping[str, Sequence[Any]] = {
    "date": [*DATES, "2026-02-20"],
    "number": [*WHOLE, 3],
    "money": ["0.00 USD", "0.01 USD", "0.02 USD", "1 USD"],
    "rate": [0, 0.1, 0.2, "15 %"],
    "yes_no": ["yes", "no", True, False],
    "choice": OPTIONS,
    "days": ["0 days", "1 day", "2 days", "-1 days"],
    "months": ["0 months", "1 month", "-1 months"],
    "business_days": ["0 business days", "1 business day", "2 business days"],
}
TERMS: Mapping[str, tuple[str, Any]] = {
    "window": ("days", "1 day"),
    "first_of_march": ("date", "2026-03-01"),
    "two": ("number", 2),
    "small_fee": ("money", "0.01 USD"),
    "ten_percent": ("rate", "10 %"),
}
OUTPUT_TYPES: Mapping[str, Any] = {
    "date": "date",
    "number": "whole_number",
    "money": "money",
    "rate": {"type": "decimal", "scale": 1},
    "yes_no": "yes_no",
    "choice": {"type": "choice", "options": {name: name for name in OPTIONS}},
}
WEEK: Data = {"week": ["monday", "tuesday", "thursday", "friday"], "holidays": ["2026-02-27"]}
COMPARISONS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(
        ("number", "money", "rate", "days", "months", "business_days"),
        ("is", "is_not", "at_least", "at_most", "more_than", "less_than"),
    ),
    "date": ("is", "is_not", "before", "after", "on_or_before", "on_or_after"),
    "yes_no": ("is", "is_not"),
    "choice": ("is", "is_not"),
}
