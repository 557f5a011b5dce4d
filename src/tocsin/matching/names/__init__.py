"""Names and their families: from one spelling, by rules, the ways in which newspapers write it.

Knows no list of people or places; the gazetteer is asked only what country a name belongs to, and for collisions.
"""

from __future__ import annotations

from tocsin.matching.names.evidence import objection_to
from tocsin.matching.names.family import MOST_VARIANTS, Variant, family
from tocsin.matching.names.risks import Collision, collisions_of, risks_of

__all__ = ["MOST_VARIANTS", "Collision", "Variant", "collisions_of", "family", "objection_to", "risks_of"]
