"""Time zones by name, as far as this machine knows them: its zone data may drop a name that somebody chose."""

from __future__ import annotations

from zoneinfo import ZoneInfo


def zone_of(name: str) -> ZoneInfo:
    """Give the zone of an IANA name, and UTC in place of one that is not (any more) known: nobody's mail stops for it.

    >>> zone_of("Europe/Atlantis").key
    'UTC'
    """
    return ZoneInfo(name if is_known_zone(name) else "UTC")


def is_known_zone(name: str) -> bool:
    """Tell whether this machine's zone data knows the name.

    >>> is_known_zone("Asia/Beirut"), is_known_zone("../etc/passwd")
    (True, False)
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Unknown; not a name at all; a folder of names, such as "Europe".
        return False
    return True
