"""Take the pictures of README and docs from the demo: the digest as its reader gets it, and the pages, on a desktop
and on a phone.

    python scripts/take_pictures.py

It needs Chromium (`apt-get install chromium`) and the development dependencies, and writes docs/pictures/*.png.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, async_playwright

from tocsin.demo.run import Demo, read_feeds, running_demo, send_digests

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
READER = "zoe@example.org"
_ARGUMENTS = ("--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be taken; sizes are CSS pixels, of which each becomes four."""

    name: str
    address: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


async def main() -> None:
    """Run the demo, and take the pictures while it is up."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_demo(Path(folder) / "demo") as demo:
            await read_feeds(demo, lambda _: None)
            await send_digests(demo)
            await _take(_pictures(demo))


def _pictures(demo: Demo) -> list[Picture]:
    digest = next(mail.message for mail in demo.mailbox.mails if READER in mail.recipients)
    page = demo.home / "digest.html"
    for part in filter(None, [digest.get_body(("html",))]):
        page.write_text(part.get_content(), encoding="utf-8")
    return [
        Picture("digest", page.as_uri(), 600, 918),
        Picture("digest-phone", page.as_uri(), 360, 780, "dark"),
        Picture("pages", demo.settings.base_url, 1100, 800),
        Picture("phone", demo.settings.base_url, 360, 780, "dark"),
    ]


async def _take(pictures: list[Picture]) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False, args=_ARGUMENTS)
        for picture in pictures:
            await _shoot(browser, picture)
        await browser.close()


async def _shoot(browser: Browser, picture: Picture) -> None:
    size = {"width": picture.width, "height": picture.height}
    page = await browser.new_page(
        viewport=size,  # type: ignore[arg-type]  # a mapping of the form that Playwright asks for
        device_scale_factor=2,
        color_scheme=picture.scheme,
    )
    await page.goto(picture.address)
    await page.screenshot(path=PICTURES / f"{picture.name}.png")
    await page.close()
    print(PICTURES / f"{picture.name}.png")


if __name__ == "__main__":
    asyncio.run(main())
