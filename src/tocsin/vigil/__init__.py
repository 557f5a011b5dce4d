"""What lasts: floods and bursts, begun and ended by whoever looks, from what the database holds.

The judgement is that of `tocsin.alerts`; here it is fed and its outcome kept. The classifier looks with each batch, the
scheduler from time to time, since what has dried up brings no batch.
"""

from __future__ import annotations

from tocsin.vigil.bursts import Pulses, end_bursts
from tocsin.vigil.floods import end_floods, look_for_floods

__all__ = ["Pulses", "end_bursts", "end_floods", "look_for_floods"]
