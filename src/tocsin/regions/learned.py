"""The numbers that scripts/learn_focus.py learned; not edited by hand."""

from __future__ import annotations

FOCUS: dict[str, float] = {
    "bias": -3.748,
    "title": 0.904,
    "title_people": 1.451,
    "title_institution": 0.632,
    "title_located": 0.473,
    "first": 0.263,
    "lead": 0.638,
    "share": 0.199,
    "relative": 2.029,
    "count": 0.932,
    "located": 0.268,
    "people_only": -0.002,
    "dateline": 0.307,
    "dateline_only": -0.623,
    "implied": 1.207,
    "home": 1.508,
    "alone": 1.374,
    "heads": 3.488,
    "modifies": -0.251,
    "origin": -0.366,
    "untitled": -0.456,
    "elsewhere_title": -0.735,
    "elsewhere_lead": -0.250,
    "rivals": 0.399,
    "company": 0.205,
    "company_title": 2.815,
    "company_most": 0.990,
    "company_alone": 2.484,
    "money": 0.355,
    "money_most": 1.896,
    "money_alone": 0.045,
    "area": 0.407,
    "area_title": 1.370,
    "area_without": -1.106,
    "actor_title": -1.161,
}
"""The weight of each feature of a country."""

IN_FOCUS = 0.4
"""The score from which a country is in focus."""

ENOUGH_FOR_THE_FIRST = 0.1
"""The score from which the strongest is even if it is less."""
