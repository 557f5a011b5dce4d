"""The process that shows: Starlette pages, read-only. It decides nothing about news, and writes only its heartbeat, and
what WebSub hubs say.
"""
