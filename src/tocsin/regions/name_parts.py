"""Words beside the name of a place that make it a part of another name, or do not; all folded."""

from __future__ import annotations

from tocsin.regions.word_sets import words

PERSON_TITLES = words(
    "mr mrs ms miss dr sir prof professor lord lady herr frau monsieur madame mme senor senora senhor senhora sig "
    "signor signora pan pani don dona bay bayan خانم آقای اقای السيد السيدة श्री श्रीमती"
)
"""Forms of address that stand before a name."""

OFFICES = words(
    "president vice senator sen representative rep congressman congresswoman governor gov chancellor "
    "king queen pope cardinal bishop judge justice sheriff sergeant sgt captain capt general gen colonel col "
    "lieutenant lt officer detective coach secretary presidente "
    "presidenta ministro ministra ministre "
)
"""Offices that stand before the name of who holds them, with a capital."""

OTHER_BEFORE = words("st saint san santa sao fort mount mt lake los las camp cape nueva nuevo nova novo")
"""Words that make another name of the one behind them: "St. Paris", "Lake Victoria"."""

STREETS = words("road rd street st avenue ave lane drive boulevard blvd highway crescent parkway terrace")
"""Words that make a street of the name before them."""

LANDSCAPE = words(
    "lake river creek valley hill hills park bay ridge springs falls mountain island forest canyon township church "
    "cathedral library museum theater theatre hotel mall tower arena stadium"
)
"""Words that make a landmark of the name of a small place before them."""

BEFORE_A_PLACE = words(
    "in the near from at of downtown greater central inner north south east west northern southern eastern western "
    "upper lower mayor and new old city county northeast northwest southeast southwest port on to with by for as when "
    "while but where since after before republic state province region"
)
"""Words that stand with a capital before the name of a place."""

AFTER_A_PLACE = words(
    "police university airport city county state province district court council international street road hospital "
    "school college station river valley bay island mayor governor parliament government embassy ministry department "
    "high middle elementary board commission legislature senate house supreme attorney national regional general "
    "public community metropolitan convention area fire medical health central north south east west downtown "
    "assembly council association society authority agency office center centre fair festival chamber and or "
    "residents"
)
"""Words that stand with a capital behind the name of a place."""

TITLES_BEHIND = words("先生 女士 小姐 さん さま 教授")
"""Forms of address of two characters that stand behind a name."""

ORGANISATIONS_AFTER = words(
    "bank bancorp bankshares times post herald tribune chronicle gazette telegraph journal observer examiner inquirer "
    "fc afc united rovers wanderers hotspur albion athletic airlines airways motors motor steel petroleum electric "
    "insurance holdings holding group inc corp corporation co ltd plc llc ag sa nv gmbh spa oyj industries "
    "technologies systems pharmaceuticals financial savings securities capital partners ventures records pictures "
    "studios magazine dragons lions tigers bulls bears eagles giants jets rangers yankees lakers celtics cowboys "
    "patriots raiders dolphins packers hawks knicks mets cubs sox redskins ravens steelers saints broncos chiefs reds "
    "canucks oilers flames bruins mining telecom telekom airline refining tobacco"
)
"""Kinds of companies, papers and clubs that a city or country stands before: "Boston Globe", "Leeds United"."""

ORGANISATIONS_BEFORE = words(
    "real inter ac as fc sc sv vfb vfl tsv bayern borussia eintracht hertha olympique stade racing sporting dynamo "
    "dinamo spartak lokomotiv atletico athletic cska banco banque banca bank times duke duchess earl marquess baron "
    "viscount prince princess bishop archbishop treaty battle air"
)
"""Words that make an organisation or a title of the name behind them, with or without "of"."""

CLUBS_AFTER = words(
    "fc afc united rovers wanderers hotspur albion athletic dragons lions tigers bulls bears eagles giants jets "
    "rangers yankees lakers celtics cowboys patriots raiders dolphins packers hawks knicks mets cubs sox redskins "
    "ravens steelers saints broncos chiefs reds canucks oilers flames bruins munchen munich leverkusen"
)
CLUBS_BEFORE = words(
    "real inter ac fc sc sv vfb vfl tsv bayern borussia eintracht hertha olympique stade racing sporting dynamo "
    "dinamo spartak lokomotiv atletico athletic cska"
)
"""Of these organisations, the clubs: they play anywhere, and tell nothing of their country."""

COMPANIES = {
    "american": "express airlines eagle standard tobacco cyanamid brands", "british": "american airways telecom "
    "petroleum steel aerospace gas", "swiss": "life re bank reinsurance", "deutsche": "bank telekom post bahn borse "
    "lufthansa", "canadian": "pacific tire imperial", "bayern": "munchen munich leverkusen", "french": "connection",
    "royal": "dutch", "dutch": "shell", "nippon": "steel", "manchester": "city", "leicester": "city",
    "norwich": "city", "hull": "city", "bristol": "city", "stoke": "city", "cardiff": "city", "swansea": "city",
    "birmingham": "city", "lincoln": "city", "exeter": "city", "bradford": "city", "coventry": "city",
    "melbourne": "city", "new york city": "fc", "mumbai": "city indians",
}  # fmt: skip
"""Names of places and peoples by the words behind them that make companies and clubs of them."""
