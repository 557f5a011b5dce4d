"""Text as it is read: folding for the scan with a way back to the stored text, language, direction, snippets.

Nothing here knows watches, places or where a text comes from.
"""
