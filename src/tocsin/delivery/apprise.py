"""Alerts to chat and push services, by Apprise (the extra ``notify``). Addresses hold secrets and are never logged.

Apprise works in a process of its own, which a service that holds it up costs its life: most of its plug-ins bound each
wait on the network, and none an answer that comes in drops.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from typing import Final

from tocsin.delivery.alert import Notice
from tocsin.delivery.redaction import redacted
from tocsin.feeds.child import Child
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent

APPRISE_SECONDS: Final = 30.0
"""For a message as a whole; the process may take as long again to start on a busy machine."""

_FUNCTION: Final = "tocsin.delivery.apprise_child:answer"
_BY_THE_CLOCK: Final = 1.5
"""What `Child` gives by the clock for each second of CPU time."""

_PASSED_ON: Final = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""What the process knows of our environment, in capitals or not; all else may hold secrets."""

_TRANSIENT: Final = frozenset({408, 425, 429})


class AppriseSender:
    """Sends to the address that an environment variable holds; ``environment`` is where variables are looked up.

    The process starts with the first message and ends with `close`. For one thread.
    """

    def __init__(self, environment: Mapping[str, str], *, seconds: float = APPRISE_SECONDS) -> None:
        self._environment = environment
        self._seconds = seconds
        self._child = Child(_FUNCTION, "Apprise", seconds=max(1, round(seconds / _BY_THE_CLOCK)))

    def send(self, variable: str, notice: Notice) -> Outcome:
        """Send a notice to the service whose Apprise address is in ``variable``."""
        if importlib.util.find_spec("apprise") is None:
            return Deferred("Apprise is not installed; run: pip install 'tocsin[notify]'")
        url = self._environment.get(variable, "").strip()
        if not url:
            return Deferred(f"{variable} is not set; put the service's Apprise address into it and restart Tocsin")
        request = {"url": url, "title": notice.title, "body": notice.body, "environment": self._passed_on()}
        try:
            answer = self._child.ask(json.dumps(request).encode())
        except OSError as error:
            return Deferred(f"Apprise cannot be started: {error}")
        if answer is None:
            return Deferred(f"the service in {variable} kept Apprise longer than {self._seconds:g} s and was cut off")
        return _outcome(json.loads(answer), variable, url)

    def close(self) -> None:
        """End the process, if there is one."""
        self._child.close()

    def _passed_on(self) -> dict[str, str]:
        return {name: value for name, value in self._environment.items() if name.upper() in _PASSED_ON}


def _outcome(answer: Mapping[str, object], variable: str, url: str) -> Outcome:
    """Decide what Apprise's answer means: it tells of the HTTP status, if there was one, in words alone."""
    if not answer["known"]:
        return Deferred(f"{variable} holds no address that Apprise understands; see its list, and restart Tocsin")
    if answer["taken"]:
        return Sent(f"taken by the service in {variable}")
    words = redacted(str(answer["words"]), url) or "no reason given"
    message = f"the service in {variable} did not take the message: {words}"
    status = answer["status"]
    permanent = isinstance(status, int) and 400 <= status < 500 and status not in _TRANSIENT  # noqa: PLR2004 - RFC 9110
    return Refused(message) if permanent else Deferred(message)
