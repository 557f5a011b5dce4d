"""What browser tests find wrong with a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

from browser_view import Opened


def violations(found: Opened) -> list[str]:
    """Give what axe finds, best practices included, as rule, remedy and the elements concerned."""
    found_by_axe = Axe().run(found.page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']]}" for one in found_by_axe]


def overhang(found: Opened) -> int:
    """Give by how many pixels the page is wider than its window."""
    wider: int = found.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
