"""The process that shows: Starlette pages, read-only."""
