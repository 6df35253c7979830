"""Realistic changes of one line to the policies of `large` and `flawed`, for comparing versions."""

import re
from collections.abc import Callable, Mapping
from random import Random

from written import flow


def edited(text: str, kind: str, seed: int) -> str:
    """Return a policy of this file with one change of a kind of `CHANGES`."""
    return CHANGES[kind](text, Random(f"{kind} {seed}"))  # noqa: S311 - the same again for the same seed


def moved_limit(text: str, random: Random) -> str:
    """Move one limit, mostly by one."""
    found = random.choice([*re.finditer(r"(?m)^  \w+: (\d+)(?= days| USD| %|$)", text)])
    number = max(1, int(found[1]) + random.choice([-1, 1, 1, 10]))
    return text[: found.start(1)] + str(number) + text[found.end(1) :]


def dropped_rule(text: str, random: Random) -> str:
    """Drop one rule, and its name wherever it is overridden."""
    line = random.choice([line for line in rule_lines(text) if "when:" in line])
    name = line.split(":")[0].strip()
    rest = text.replace(f"{line}\n", "")
    rest = re.sub(rf"\b{name}, |, {name}\b(?=[],])", "", rest)
    return re.sub(rf" overrides: \[{name}\],", "", rest)


def new_exception(text: str, random: Random) -> str:
    """Add a rule for one option and one flag, which beats one rule or two."""
    flag = random.choice(re.findall(r"(?m)^  (\w+): {type: yes_no}", text))
    name, options = random.choice([*options_of(text).items()])
    known = [line.split(":")[0].strip() for line in rule_lines(text)]
    rule = {
        "when": {"all": [flag, {name: {"is": random.choice(options)}}]},
        "overrides": random.sample(known, random.choice([1, 2])),
        "outcome": random.choice(["exchanged", "declined"]),
    }
    return f"{text}      new_exception: {flow(rule)}\n"


def added_option(text: str, random: Random) -> str:
    """Add an option to one list of options."""
    places = [*re.finditer(r"{(\w+): {one_of: \[([^]]+)", text)]
    found = random.choice(places)
    known = found[2].split(", ")
    other = [option for option in options_of(text)[found[1]] if option not in known]
    return f"{text[: found.end(2)]}, {random.choice(other)}{text[found.end(2) :]}"


def dropped_override(text: str, random: Random) -> str:
    """Let one rule no longer beat one of those that it beats."""
    found = random.choice([*re.finditer(r" overrides: \[([^]]+)\],", text)])
    names = found[1].split(", ")
    names.remove(random.choice(names))
    less = f" overrides: {flow(names)}," if names else ""
    return text[: found.start()] + less + text[found.end() :]


def rule_lines(text: str) -> list[str]:
    """Return the lines that are rules."""
    return re.findall(r"(?m)^      \w+: {.*$", text)


def options_of(text: str) -> dict[str, list[str]]:
    """Return the options of each choice."""
    found = re.findall(r"(?m)^  (\w+): {type: choice, options: {([^}]*)}", text)
    return {name: re.findall(r"(\w+):", options) for name, options in found}


CHANGES: Mapping[str, Callable[[str, Random], str]] = {
    "limit moved": moved_limit,
    "rule dropped": dropped_rule,
    "new exception": new_exception,
    "option added": added_option,
    "override dropped": dropped_override,
}
