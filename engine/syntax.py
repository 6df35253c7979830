"""Syntax errors: PyYAML's words → what the author did, and what to do.

The first row whose pattern fits is used.
"""

DIRECTIVE_HINT = "remove the line: directives aren't allowed"
_QUOTE = "put the text in quotes"
_WHOLE = "put the whole text in quotes, with `''` for an apostrophe; or mend the indentation"
_ALIGN = "give what belongs together the same indentation"
_OPENED = " for the bracket in line {opened.line}"
AT_THE_OPENING = (
    (r"quoted scalar: .*end of stream", "this quote is never closed", "close it"),
    (r"document separator", "this quote spans the end of the document", "close it"),
    (r"scanning an a", "text can't start with `*` or `&`", _QUOTE),
    (r"(scanning|parsing) a tag|undefined tag", "text can't start with `!`", _QUOTE),
    (
        r"block scalar",
        "nothing may follow `|` or `>` on its line",
        "start the text on the next line",
    ),
    (r"simple key", "a `:` is missing after this", "write `key: value`; indent text that goes on"),
    (r"flow sequence: .*stream end", "this `[` is never closed", "close it with `]`"),
    (r"flow mapping: .*stream end", "this `{{` is never closed", "close it with `}`"),
)
AT_THE_STOP = (
    (r"directive|incompatible|duplicate tag", "this directive can't be read", DIRECTIVE_HINT),
    (r"any token", "text can't start with {sign}", _QUOTE),
    (r"unknown escape", "a backslash before {sign} has no meaning", r"write `\\` for a backslash"),
    (r"hexadecimal", "this character code is too short", "write all its digits"),
    (r"out of range", "this number is too large", "use a smaller one"),
    (r"values", "a `:` can't stand here", "put text with `: ` in quotes, or mend the indentation"),
    (r"mapping keys", "a `?` can't stand here", _QUOTE),
    (r"entries", "a list entry can't start here", "start the list on a line of its own"),
    (r"node: .*stream end", "the file ends inside brackets", "close them"),
    (r"node: ", "a value is missing here", "write one, or put text with brackets in quotes"),
    (r"flow sequence", "a `,` or `]` is missing here" + _OPENED, f"close `[`, or {_QUOTE}"),
    (r"flow mapping", "a `,` or `}}` is missing here" + _OPENED, f"close `{{`, or {_QUOTE}"),
    (r"block mapping: .*':'", "a key is missing before this `:`", "write `key: value`"),
    (r"block mapping: .*scalar", "this doesn't belong to the value before it", _WHOLE),
    (r"block collection", "this doesn't fit into the list above", _ALIGN),
    (r"block mapping", "this doesn't fit into the mapping above", _ALIGN),
    (r"", "this doesn't belong to what stands before it", "check quotes, brackets and indentation"),
)
