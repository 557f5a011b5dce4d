"""Alerts to chat and push services, by Apprise (the extra ``notify``). Addresses hold secrets and are never logged."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import unquote

from tocsin.delivery.alert import Notice
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent
from tocsin.rendering.clean import one_line

_REASON_LIMIT = 200
_SHORTEST_SECRET = 6


class AppriseSender:
    """Sends to the address that an environment variable holds; ``environment`` is where variables are looked up."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def send(self, variable: str, notice: Notice) -> Outcome:
        """Send a notice to the service whose Apprise address is in ``variable``."""
        try:
            import apprise
        except ImportError:
            return Refused("Apprise is not installed; run: pip install 'tocsin[notify]'")
        url = self._environment.get(variable, "").strip()
        if not url:
            return Deferred(f"{variable} is not set; put the service's Apprise address into it and restart Tocsin")
        _keep_addresses_out_of_logs()
        # No plug-ins from the home folder, and no threads that outlive the call.
        services = apprise.Apprise(asset=apprise.AppriseAsset(plugin_paths=[], secure_logging=True, async_mode=False))
        if not services.add(url):
            return Refused(f"{variable} holds no address that Apprise understands; see its list of services")
        result = services.notify(
            title=notice.title, body=notice.body, body_format=apprise.NotifyFormat.TEXT, log_level=logging.WARNING
        )
        if result:
            return Sent(f"taken by the service in {variable}")
        reason = _without_secrets(" ".join(entry.message for entry in result.logs()), url)
        return Deferred(f"the service in {variable} did not take the message: {reason or 'no reason given'}")


def _keep_addresses_out_of_logs() -> None:
    """Stop the debug lines of Apprise and of what it sends with: they show addresses in full."""
    ours = logging.getLogger("apprise")
    ours.setLevel(logging.WARNING)
    ours.propagate = False
    if not ours.handlers:
        ours.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.INFO)


def _without_secrets(words: str, url: str) -> str:
    """Blank every part of the address that is long enough to be a secret; host names stay readable only if short."""
    _, _, rest = url.partition("://")
    for mark in "/?&=:@#":
        rest = rest.replace(mark, "\n")
    for secret in sorted({*rest.split("\n"), *unquote(rest).split("\n")}, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            words = words.replace(secret, "***")
    return one_line(words, _REASON_LIMIT)
