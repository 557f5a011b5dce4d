"""Feeds: fetch, parse, tell what is new, and say when to ask again.

`fetch` does the I/O, `parse` turns bytes into a `ParsedFeed` and never raises, `dedupe` and `next_check` are pure
decisions. No SQL here, no environment, no clock of its own: the caller brings them.
"""
