"""The database: SQLAlchemy Core tables and queries, one module a noun.

Functions take an open connection and records, and decide nothing that is not a matter of rows: who may claim what,
what is unique, what goes together. Nothing here knows RQ, HTTP or mail. SQLite and PostgreSQL behave alike; one suite
of contract tests runs on both.
"""
