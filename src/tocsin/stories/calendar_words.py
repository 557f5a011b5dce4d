"""Weekdays and months in words, and which day an article speaks of by them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tocsin.stories.tokens import Token

_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "de": "montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miercoles jueves viernes sabado domingo",
    "it": "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "pt": "segunda terca quarta quinta sexta sabado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": "poniedzialek wtorek sroda/srode czwartek piatek sobota/sobote niedziela/niedziele",
    "tr": "pazartesi sali carsamba persembe cuma cumartesi pazar",
    "ru": "понедельник вторник среду/среда четверг пятницу/пятница субботу/суббота воскресенье",
    "uk": "понеділок вівторок середу/середа четвер п'ятницю суботу/субота неділю/неділя",
    "ar": "الاثنين/الإثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد",
}
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar/janner februar marz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января/январе февраля/феврале марта/марте апреля/апреле мая/мае июня/июне июля/июле августа/августе "
          "сентября/сентябре октября/октябре ноября/ноябре декабря/декабре",
    "ar": "يناير/كانون فبراير/شباط مارس/اذار ابريل/نيسان مايو/ايار يونيو/حزيران يوليو/تموز اغسطس/اب "
          "سبتمبر/ايلول اكتوبر/تشرين نوفمبر ديسمبر",
}  # fmt: skip
_DAYS_A_WEEK = 7


def days_of(tokens: Iterable[Token], language: str | None, published: int) -> frozenset[int]:
    """Return the days (proleptic ordinals) that an article of a day names by their weekdays: the last of each, by then.

    "On Friday", read on a Sunday, is two days before; read on a Friday, that day.
    """
    names = weekdays(language)
    today = (published - 1) % _DAYS_A_WEEK
    return frozenset(
        published - (today - names[token.folded]) % _DAYS_A_WEEK for token in tokens if token.folded in names
    )


@lru_cache(maxsize=32)
def weekdays(language: str | None) -> dict[str, int]:
    """Return the folded names of the weekdays in a language, Monday as 0."""
    return _numbered(_WEEKDAYS.get(language or "", ""))


@lru_cache(maxsize=32)
def months(language: str | None) -> dict[str, int]:
    """Return the folded names of the months in a language, January as 0."""
    return _numbered(_MONTHS.get(language or "", ""))


@lru_cache(maxsize=32)
def date_words(language: str | None) -> frozenset[str]:
    """Return the folded names of weekdays and months in a language."""
    return frozenset((*weekdays(language), *months(language)))


def _numbered(names: str) -> dict[str, int]:
    return {folded: at for at, name in enumerate(names.split()) for folded in name.split("/")}
