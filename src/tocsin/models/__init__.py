"""The records that travel through the house, frozen, one module a noun; no behaviour beyond what their own fields
say.

Times end in ``_at`` and are aware UTC; durations are ``timedelta``; ids are NewTypes. Offsets count code points of
Python strings.
"""
