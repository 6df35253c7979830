"""The characters of a file: what may stand in a text at all, and where a character stands."""

import re

from .errors import Finding, Where, one_line

MAX_SHOWN = 60  # characters of the author's text in a message

QUESTION = "\ufdd0"  # stands in for a `?` inside text; no author can write it
_ESCAPED_QUESTION = r"\\(?:u|U0000)[Ff][Dd][Dd]0"
HALF = r"[\ud800-\udfff]"
FORBIDDEN = (
    ("tab", r"\t", "a tab stands here", "use spaces"),
    ("carriage-return", r"\r", "a lone carriage return stands here", "end lines with LF or CRLF"),
    ("line-separator", r"[\x85\u2028\u2029]", "{} ends a line unseen", "use a common line break"),
    ("byte-order-mark", r"\ufeff", "a byte order mark ({}) stands inside the text", "remove it"),
    ("surrogate", HALF, "{} is half a character", "write the character itself"),
    (
        "noncharacter",
        rf"[\ufdd0-\ufdef\ufffe\uffff]|{_ESCAPED_QUESTION}",
        "{} is no character",
        "remove it",
    ),
    (
        "control-character",
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]",
        "the control character {} stands here",
        "remove it",
    ),
)
_ANY_FORBIDDEN = re.compile("|".join(pattern for _, pattern, _, _ in FORBIDDEN))


def decode(data: bytes, file: str) -> str | Finding:
    """Return the text that bytes stand for, or the finding about the first wrong byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        lines = re.sub("\r\n?", "\n", before)
        message = f"the byte 0x{data[error.start]:02X} isn't UTF-8"
        where = place(lines, len(lines), file)
        return finding_at("not-utf-8", where, message, "save the file as UTF-8")


def place(text: str, index: int, file: str) -> Where:
    """Return where a character stands."""
    line_start = text.rfind("\n", 0, index) + 1
    return Where(file, text.count("\n", 0, index) + 1, index - line_start + 1)


def mask(text: str, file: str) -> tuple[str, list[Finding]]:
    """Blank out forbidden characters, place by place, so that the rest can be read all the same."""
    clean = _ANY_FORBIDDEN.sub(lambda bad: "\n" if bad[0] == "\r" else " " * len(bad[0]), text)
    return clean, [
        finding_at(
            code, place(clean, bad.start(), file), message.format(character_name(bad[0])), hint
        )
        for code, pattern, message, hint in FORBIDDEN
        if (bad := re.search(pattern, text))
    ]


def character_name(character: str) -> str:
    """Return a character's number, or an escape as it is written."""
    return f"U+{ord(character):04X}" if len(character) == 1 else f"`{character}`"


def finding_at(code: str, where: Where, message: str, hint: str) -> Finding:
    """Return an error."""
    return Finding(code=code, where=where, message=message, hint=hint)


def quoted(text: str) -> str:
    """Quote the author's words on one line, shortened, with invisible characters spelt out."""
    whole = text.replace(QUESTION, "?")
    short = whole if len(whole) <= MAX_SHOWN else whole[:MAX_SHOWN] + "…"
    return f"`{one_line(short)}`"
