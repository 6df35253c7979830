"""The same policy in other engines, written as their documentation would have it.

An engine gets days as whole numbers and names the rule that decides; the amount and the day that
come with a rule are left to Python, which works them out faster than any engine would. What it
takes to convert a case is part of the time, as it is for whoever uses the engine.
"""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from .by_hand import FIRST, Facts, amount_of, answer, day_of

Way = Callable[[Facts], Facts]
OUTCOMES = {
    "request_incomplete": "more_information",
    "money_back_guarantee": "approved",
    "special_circumstances_review": "review",
    "late_report": "declined",
    "credits_used": "declined",
    "final_sale": "declined",
}


def plain(facts: Facts) -> Facts:
    """Return what the rules read of a case, with days as whole numbers."""
    return {
        "requested_on": facts["requested_on"].toordinal(),
        "first_purchase_on": facts["first_purchase_on"].toordinal(),
        "charged_on": facts["charged_on"].toordinal(),
        "charge_kind": facts["charge_kind"],
        "credits_unused": facts["credits_unused"],
        "special_circumstance": facts["special_circumstance"],
        "account_email_provided": facts["account_email_provided"],
        "charge_details_provided": facts["charge_details_provided"],
    }


def whole(rule: str, facts: Facts) -> Facts:
    """Return the answer that a rule gives."""
    amount = amount_of(facts) if rule == "money_back_guarantee" else None
    day = day_of(facts) if rule == "special_circumstances_review" else None
    return answer(OUTCOMES[rule], rule, amount, day)


# ---------------------------------------------------------------- CEL

NEW = "requested_on - first_purchase_on <= 30"
TROUBLE = "special_circumstance != 'none'"
REVIEW = f"{TROUBLE} && requested_on - charged_on <= 7"
GUARANTEED = f"{NEW} && (charge_kind == 'subscription_fee' || credits_unused > 0)"
TOLD = "account_email_provided && charge_details_provided"
CEL = f"""
(({GUARANTEED}) || ({REVIEW})) && !({TOLD}) ? 'request_incomplete'
: {GUARANTEED} ? 'money_back_guarantee'
: {REVIEW} ? 'special_circumstances_review'
: {TROUBLE} ? 'late_report'
: {NEW} ? 'credits_used'
: 'final_sale'
"""


def cel() -> Way:
    """Return the policy as an expression of CEL, in Rust."""
    from cel import compile as read  # noqa: PLC0415 - an engine that may not be there

    program = read(CEL)
    return lambda facts: whole(program.execute(plain(facts)), facts)


# ---------------------------------------------------------------- Rego

REGO = """
package refund
import rego.v1

default new := false
default review := false
default guaranteed := false
default told := false
default trouble := false
new if input.requested_on - input.first_purchase_on <= 30
trouble if input.special_circumstance != "none"
review if { trouble; input.requested_on - input.charged_on <= 7 }
guaranteed if { new; input.charge_kind == "subscription_fee" }
guaranteed if { new; input.credits_unused > 0 }
told if { input.account_email_provided; input.charge_details_provided }
asked_well if guaranteed
asked_well if review

rule := "request_incomplete" if { asked_well; not told }
else := "money_back_guarantee" if guaranteed
else := "special_circumstances_review" if review
else := "late_report" if trouble
else := "credits_used" if new
else := "final_sale"
"""


def rego() -> Way:
    """Return the policy in Rego, run by rego-cpp."""
    from regopy import Input, Interpreter  # noqa: PLC0415 - an engine that may not be there

    engine = Interpreter()
    engine.add_module("refund", REGO)
    bundle = engine.build("data.refund.rule")

    def decide(facts: Facts) -> Facts:
        engine.set_input(Input(plain(facts)))
        found = engine.query_bundle(bundle)
        return whole(found.results[0].expressions[0], facts)

    return decide


# ---------------------------------------------------------------- ZEN

MEASURES = {
    "new": "requested_on - first_purchase_on <= 30",
    "fee": "charge_kind == 'subscription_fee'",
    "trouble": "special_circumstance != 'none'",
    "review": "$.trouble and requested_on - charged_on <= 7",
    "guaranteed": "$.new and ($.fee or credits_unused > 0)",
    "told": "account_email_provided and charge_details_provided",
    "asked_well": "$.guaranteed or $.review",
}
ROWS = {
    "request_incomplete": {"asked_well": "true", "told": "false"},
    "money_back_guarantee": {"guaranteed": "true"},
    "special_circumstances_review": {"review": "true"},
    "late_report": {"trouble": "true"},
    "credits_used": {"new": "true"},
    "final_sale": {},
}
COLUMNS = ("asked_well", "told", "guaranteed", "review", "trouble", "new")


def zen_expression() -> Way:
    """Return the policy as an expression of ZEN, in Rust, without the engine around it."""
    from zen import compile_expression  # noqa: PLC0415 - an engine that may not be there

    text = CEL.replace("&&", "and").replace("||", "or").replace("!(", "not (")
    expression = compile_expression(" ".join(text.split()))
    return lambda facts: whole(expression.evaluate(plain(facts)), facts)


def zen(*, trace: bool = False) -> Way:
    """Return the policy as a decision table of ZEN: the first row that fits."""
    import zen as engine  # noqa: PLC0415 - an engine that may not be there

    content = engine.ZenDecisionContent(json.dumps(zen_graph()))
    # Through a loader its expressions are compiled once; a decision of its own does that each time.
    loaded = engine.ZenEngine({"loader": lambda _: content})
    options: Any = {"trace": trace}

    def way(facts: Facts) -> Facts:
        return whole(loaded.evaluate("refund", plain(facts), options)["result"]["rule"], facts)

    return way


def zen_graph() -> dict[str, Any]:
    """Return the measures and the table as the nodes of a decision graph."""
    measures = [{"id": key, "key": key, "value": value} for key, value in MEASURES.items()]
    rows = [{"_id": rule, **tests, "rule": f"'{rule}'"} for rule, tests in ROWS.items()]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in COLUMNS],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    kinds = {
        "case": ("inputNode", {}),
        "measures": ("expressionNode", {"expressions": measures, "passThrough": True}),
        "table": ("decisionTableNode", table),
        "answer": ("outputNode", {}),
    }
    steps = list(kinds)
    return {
        "nodes": [
            {"id": name, "name": name, "type": kind, "content": content}
            for name, (kind, content) in kinds.items()
        ],
        "edges": [
            {"id": source, "type": "edge", "sourceId": source, "targetId": target}
            for source, target in pairwise(steps)
        ],
    }


# ---------------------------------------------------------------- Cedar and JSON Logic


def cedar_policies() -> str:
    """Return a permission for each rule; only one of them holds for a case."""
    tests: list[tuple[str, str]] = [
        ("request_incomplete", f"(({GUARANTEED}) || ({REVIEW})) && !({TOLD})"),
        ("money_back_guarantee", GUARANTEED),
        ("special_circumstances_review", REVIEW),
        ("late_report", TROUBLE),
        ("credits_used", NEW),
        ("final_sale", "true"),
    ]
    found, before = [], "true"
    for rule, test in tests:
        when = f"{before} && ({test})".replace("'", '"')
        for name in plain(FIRST):
            when = when.replace(name, f"context.{name}")
        found.append(f'@id("{rule}") permit(principal, action, resource) when {{ {when} }};')
        before += f" && !({test})"
    return "\n".join(found)


def cedar() -> Way:
    """Return the policy as permissions of Cedar, in Rust."""
    import cedarpy  # noqa: PLC0415 - an engine that may not be there

    policies = cedarpy.PolicySet.from_str(cedar_policies())
    entities = cedarpy.Entities.from_json_str("[]")
    who = {"principal": 'User::"a"', "action": 'Action::"refund"', "resource": 'Charge::"c"'}

    def decide(facts: Facts) -> Facts:
        found = cedarpy.is_authorized({**who, "context": plain(facts)}, policies, entities)
        (rule,) = found.diagnostics.id_annotations_by_reason.values()
        return whole(rule, facts)

    return decide


def json_logic() -> Way:
    """Return the policy in JSON Logic, in Python."""
    import json_logic as engine  # noqa: PLC0415 - an engine that may not be there

    logic = logic_of_rules()
    return lambda facts: whole(engine.jsonLogic(logic, plain(facts)), facts)


def logic_of_rules() -> dict[str, Any]:
    """Return a JSON Logic expression for the name of the rule that decides."""

    def of(name: str) -> Facts:
        return {"var": name}

    def at_most(later: str, earlier: str, days: int) -> Facts:
        return {"<=": [{"-": [of(later), of(earlier)]}, days]}

    new = at_most("requested_on", "first_purchase_on", 30)
    trouble = {"!==": [of("special_circumstance"), "none"]}
    review = {"and": [trouble, at_most("requested_on", "charged_on", 7)]}
    fee = {"===": [of("charge_kind"), "subscription_fee"]}
    guaranteed = {"and": [new, {"or": [fee, {">": [of("credits_unused"), 0]}]}]}
    told = {"and": [of("account_email_provided"), of("charge_details_provided")]}
    incomplete = {"and": [{"or": [guaranteed, review]}, {"!": [told]}]}
    tests = [incomplete, guaranteed, review, trouble, new]
    rules = [part for pair in zip(tests, OUTCOMES, strict=False) for part in pair]
    return {"if": [*rules, "final_sale"]}


PEERS: dict[str, Callable[[], Way]] = {
    "CEL in Rust (common-expression-language)": cel,
    "ZEN, one expression (zen-engine)": zen_expression,
    "ZEN, a decision table": zen,
    "ZEN, a decision table with its trace": lambda: zen(trace=True),
    "JSON Logic in Python (panzi-json-logic)": json_logic,
    "Cedar in Rust (cedarpy)": cedar,
    "Rego in C++ (regopy)": rego,
}
