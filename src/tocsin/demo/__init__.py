"""The demo's world: invented outlets with their feeds, a server for them and one for mail, and a watchlist to try.

Nothing here is used by a running service; the rest of the house never imports it.
"""
