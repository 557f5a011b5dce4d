"""The process that shows: Starlette pages. It decides nothing about news, and writes only its heartbeat, what WebSub
hubs say, and what readers answer to alerts.
"""
