"""A picture of a page, taken by a browser that is installed: Chromium or Chrome by their own protocol, or Firefox.

The browser starts with a profile of its own, which is deleted afterwards, and sees one file. Chromium is spoken to by
the DevTools protocol over two pipes (https://chromedevtools.github.io/devtools-protocol/): by its command line alone it
cannot be told how tall a page is, nor be narrower than a window.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tocsin.errors import TocsinError

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
FIREFOX: Final = ("firefox", "firefox-esr")
SECONDS: Final = 60
"""After so long a browser is given up."""

_TALLEST = 16_000
"""Pixels: what no browser draws beyond in one piece."""

_STILL = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-gpu",
    "--hide-scrollbars",
)


class PictureError(TocsinError):
    """No picture could be taken; the message says why and what to do."""

    exit_code = 2


def take_picture(html: str, *, width: int, dark: bool = False) -> bytes:
    """Give a page as PNG, as wide as said and as tall as it is, by Firefox as tall as a window at least; ``dark`` as
    readers see it who like it dark.

    Raises:
        PictureError: No browser is installed, or it takes no picture.

    """
    with tempfile.TemporaryDirectory(prefix="tocsin-picture-", ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        browser = installed_browser()
        if browser is None:
            wanted = ", ".join((*CHROMIUM, *FIREFOX))
            raise PictureError(f"no browser is installed to take the picture; install one of {wanted}, or see --html")
        way = _by_firefox if Path(browser).name in FIREFOX else _by_chromium
        return way(browser, page, width, dark)


def installed_browser() -> str | None:
    """Find a browser that takes pictures, by its path; None where there is none."""
    return next(filter(None, map(shutil.which, (*CHROMIUM, *FIREFOX))), None)


def _by_chromium(browser: str, page: Path, width: int, dark: bool) -> bytes:
    with _started(browser, page.parent / "profile") as devtools:
        target = devtools.ask("Target.createTarget", url="about:blank")["targetId"]
        devtools.session = devtools.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        # A page is at least as tall as its window: the least window shows how tall it is.
        devtools.ask("Emulation.setDeviceMetricsOverride", width=width, height=1, deviceScaleFactor=1, mobile=False)
        look = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        devtools.ask("Emulation.setEmulatedMedia", features=[look])
        devtools.ask("Page.enable")
        devtools.ask("Page.navigate", url=page.as_uri())
        devtools.wait_for("Page.loadEventFired")
        height = min(int(devtools.ask("Page.getLayoutMetrics")["cssContentSize"]["height"]), _TALLEST)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        taken = devtools.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])


def _by_firefox(browser: str, page: Path, width: int, dark: bool) -> bytes:
    profile, picture = page.parent / "profile", page.parent / "page.png"
    profile.mkdir()
    look = f'user_pref("ui.systemUsesDarkTheme", {int(dark)});\n'
    (profile / "user.js").write_text(look, encoding="utf-8")
    command = (
        *(browser, "--headless", "--no-remote", "--profile", str(profile)),
        *("--screenshot", str(picture), f"--window-size={width}", page.as_uri()),
    )
    try:
        subprocess.run(command, check=False, timeout=SECONDS, capture_output=True)  # noqa: S603 - no shell, our words
        return picture.read_bytes()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PictureError(f"{browser} took no picture; try `{browser} --headless --version` by hand") from error


class _DevTools:
    """One end of a conversation with a browser: commands with their answers, each a JSON text that ends with NUL."""

    def __init__(self, browser: str, commands: int, answers: int) -> None:
        self._browser = browser
        self._commands, self._answers = commands, answers
        self._ends_at = time.monotonic() + SECONDS
        self._rest = b""
        self._number = 0
        self._seen: set[str] = set()
        self.session: str | None = None

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Give the browser's answer to a command."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        told = command if self.session is None else command | {"sessionId": self.session}
        try:
            os.write(self._commands, json.dumps(told).encode() + b"\0")
        except OSError as error:
            raise self._ended() from error
        while True:
            message = self._next()
            if message.get("id") != self._number:
                continue
            if "error" in message:
                reason = message["error"].get("message", "no reason")
                raise PictureError(f"{self._browser} took no picture: {method}: {reason}")
            result: dict[str, Any] = message["result"]
            return result

    def wait_for(self, event: str) -> None:
        """Wait until something has happened, or see that it has."""
        while event not in self._seen:
            self._next()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            left = max(0.0, self._ends_at - time.monotonic())
            if not select.select([self._answers], [], [], left)[0]:
                raise PictureError(f"{self._browser} took no picture within {SECONDS} s; try again")
            got = os.read(self._answers, 1 << 20)
            if not got:
                raise self._ended()
            self._rest += got
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self._seen.add(message.get("method", ""))
        return message

    def _ended(self) -> PictureError:
        return PictureError(f"{self._browser} ended before it took a picture; try `{self._browser} --headless` by hand")


@contextmanager
def _started(browser: str, profile: Path) -> Iterator[_DevTools]:
    """Start a browser and end it."""
    (takes, commands), (answers, gives) = os.pipe(), os.pipe()
    # The browser reads commands from 3 and writes answers to 4; the shell puts them there, whatever numbers they have.
    shell = ("/bin/sh", "-c", f'exec "$@" 3</dev/fd/{takes} 4>/dev/fd/{gives}', "sh")
    command: Sequence[str] = (*shell, browser, *_STILL, f"--user-data-dir={profile}", *_sandbox(), "about:blank")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - the browser is one that is installed, and the words are ours
        command, pass_fds=(takes, gives), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    os.close(takes)
    os.close(gives)
    devtools = _DevTools(browser, commands, answers)
    try:
        yield devtools
        devtools.session = None
        devtools.ask("Browser.close")
        process.wait(SECONDS)
    finally:
        os.close(commands)
        os.close(answers)
        if process.poll() is None:
            process.kill()
            process.wait()


def _sandbox() -> tuple[str, ...]:
    """Chromium refuses to run as root with its sandbox, as in most containers; the page is ours, and has no script."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()
