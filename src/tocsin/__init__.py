"""Tocsin watches the news and says which articles meet your watches, and why."""

from importlib.metadata import version

__version__ = version("tocsin")
