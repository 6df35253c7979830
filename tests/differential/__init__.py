"""One harness for all ways to decide: each gets the same cases, and has to say what is meant.

What is meant is what the interpreter says. A target is an entry of `targets.TARGETS`; a
disagreement is shrunk, printed, and kept in `found/`.
"""
