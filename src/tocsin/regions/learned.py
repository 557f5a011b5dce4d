"""The numbers that scripts/learn_focus.py learned; not edited by hand."""

from __future__ import annotations

FOCUS: dict[str, float] = {
    "bias": -3.769,
    "title": 0.842,
    "title_people": 1.079,
    "title_institution": 0.657,
    "title_located": 0.549,
    "title_first": 0.000,
    "first": 0.250,
    "lead": 0.635,
    "share": 0.501,
    "relative": 2.177,
    "count": 0.801,
    "located": 0.283,
    "places": 0.000,
    "people_only": -0.155,
    "dateline": 0.348,
    "dateline_only": -0.610,
    "implied": 1.003,
    "home": 1.332,
    "alone": 1.354,
    "heads": 3.540,
    "modifies": -0.122,
    "origin": -0.546,
    "untitled": -0.487,
    "elsewhere_title": -0.949,
    "elsewhere_lead": -0.357,
    "rivals": 0.435,
    "company": 0.206,
    "company_title": 2.675,
    "company_most": 0.988,
    "company_alone": 2.494,
    "money": 0.367,
    "money_most": 1.701,
    "money_alone": 0.217,
    "area": 0.364,
    "area_title": 1.511,
    "area_without": -1.185,
}
"""The weight of each feature of a country."""

IN_FOCUS = 0.4
"""The score from which a country is in focus."""

ENOUGH_FOR_THE_FIRST = 0.1
"""The score from which the strongest is even if it is less."""
