"""What is kept of a question: made once, held on to, and never another one's."""

from collections import OrderedDict
from datetime import date

from test_horizon import SMALL

from refund_policy.engine.days import Calendar
from refund_policy.engine.decide import interpreted
from refund_policy.engine.frozen import replace
from refund_policy.engine.kept import KEPT, Kept, kept
from refund_policy.engine.load import load_text

WEEKEND = Calendar(frozenset({5, 6}))


def test_what_is_kept_is_made_once_and_the_last_few_are() -> None:
    cache: Kept[int] = OrderedDict()
    things = [object() for _ in range(KEPT + 1)]
    made = [kept(cache, (thing,), lambda n=n: n) for n, thing in enumerate(things)]  # type: ignore[misc]
    assert made == [*range(KEPT + 1)]
    assert kept(cache, (things[-1],), lambda: -1) == KEPT
    assert kept(cache, (things[0],), lambda: -1) == -1
    assert len(cache) == KEPT


def test_a_thing_that_is_made_where_another_one_lay_is_another_one() -> None:
    cache: Kept[list[int]] = OrderedDict()
    for n in range(10 * KEPT):
        assert kept(cache, ([n],), lambda n=n: [n]) == [n]  # type: ignore[misc]


def test_a_question_under_another_calendar_holds_as_long_as_that_says() -> None:
    text = SMALL.replace("WHEN", "{today: {after: a_week_on}}")
    text = text.replace("[bought_on, 5 business days]", "[2026-01-30, 5 business days]")
    version = load_text(text, "small.yaml")[0]
    moved = replace(version, calendar=WEEKEND)
    facts = {"today": "2026-01-31"}
    question = version.questions["ask"]
    assert question is moved.questions["ask"]
    first, second = (interpreted(one, question, facts) for one in (version, moved))
    assert (first.holds_until, second.holds_until) == (date(2026, 2, 6), date(2026, 2, 14))
