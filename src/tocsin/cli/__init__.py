"""The command line: one command a file. Commands parse arguments, call the house, and print; they decide nothing.

Heavy packages are imported inside the commands, so that `tocsin --help` answers at once.
"""

from __future__ import annotations

from tocsin.cli.app import main

__all__ = ["main"]
