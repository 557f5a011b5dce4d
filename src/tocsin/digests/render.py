"""The mail of a digest: subject, preheader, HTML and text, kept below the size at which mail programs clip."""

from __future__ import annotations

from jinja2 import Environment

from tocsin.digests.folding import FULL_STORIES, TITLE_LINES, fold
from tocsin.digests.size import encoded_size
from tocsin.digests.view import DigestView
from tocsin.rendering.clean import shortened
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.story import StoryView

SUBJECT_LIMIT = 70
PREHEADER_LIMIT = 140
SIZE_LIMIT = 96_000
"""Bytes of both parts as they are encoded. Gmail clips a mail at about 102 kB; headers take up to 3 kB more."""

TITLES_KEPT = 10
"""Below so many title lines full stories become title lines themselves."""

_TITLE_SIZE = 500
"""Bytes that a title line takes, about, in both parts."""


def render_digest(view: DigestView, environment: Environment) -> Rendered:
    """Render a digest as built by `build_digest`, folded to at most 15 full stories, or to fewer until it fits.

    ``environment`` is one that speaks the view's locale.
    """
    full, titles = FULL_STORIES, TITLE_LINES
    while True:
        folded = fold(view, full, titles)
        html, text = _html(folded, view, environment), _text(folded, environment)
        size = encoded_size(html) + encoded_size(text)
        if size <= SIZE_LIMIT or full + titles == 0:
            return Rendered(subject=subject(view), preheader=preheader(view), html=html, text=text)
        full, titles = _fewer(full, titles, size)


def subject(view: DigestView) -> str:
    """Give "Siege of Deir el-Zour broken (5 outlets) + 4 more stories · Wed 6 Sep", of at most 70 characters.

    The outlets are named where there is room. The day, and the time where a day has several digests, make it another
    one each time: mail programs show mails with the same subject as one conversation.
    """
    stories, locale = _stories(view), view.locale
    if not stories:
        return _quiet_subject(view)
    lead, others = stories[0], len(stories) - 1
    outlets = 1 + lead.context.also_in if lead.context else 1
    named = locale.text("%(title)s (%(outlets)s)", title=lead.title, outlets=locale.count("outlet", outlets))
    if outlets > 1 and len(_subject(view, named, others)) <= SUBJECT_LIMIT:
        return _subject(view, named, others)
    rest = len(_subject(view, "", others))
    return _subject(view, shortened(lead.title, SUBJECT_LIMIT - rest), others)


def preheader(view: DigestView) -> str:
    """Give what mail programs show beside the subject: the second and third story; how the only one goes on; or what
    was looked through in vain.
    """
    match _stories(view):
        case ():
            told = [*view.notices, view.quiet_words or view.heading]
        case (only,):
            told = ["".join(piece.text for piece in only.pieces), view.heading]
        case (_, *others):
            told = [story.title for story in others[:2]]
    return shortened(" · ".join(filter(None, told)), PREHEADER_LIMIT)


def _subject(view: DigestView, title: str, others: int) -> str:
    if not others:
        return view.locale.text("%(title)s · %(day)s", title=title, day=view.stamp)
    more = view.locale.count("more story", others)
    return view.locale.text("%(title)s + %(more)s · %(day)s", title=title, more=more, day=view.stamp)


def _quiet_subject(view: DigestView) -> str:
    moment = view.locale.moment(view.end_at, view.timezone)
    return view.locale.text("%(heading)s until %(time)s", heading=view.heading, time=moment)


def _html(view: DigestView, whole: DigestView, environment: Environment) -> str:
    template = environment.get_template("email/digest.html")
    return inlined(template.render(view=view, subject=subject(whole), preheader=preheader(whole)))


def _text(view: DigestView, environment: Environment) -> str:
    return environment.get_template("email/digest.txt").render(view=view)


def _fewer(full: int, titles: int, size: int) -> tuple[int, int]:
    """Give how much to try next where a mail of that size did not fit: first fewer titles, then fewer full stories."""
    if titles > TITLES_KEPT:
        return full, max(TITLES_KEPT, titles - 1 - (size - SIZE_LIMIT) // _TITLE_SIZE)
    if not full:
        return 0, 0
    return min(full - 1, int(0.95 * full * SIZE_LIMIT / size)), titles


def _stories(view: DigestView) -> tuple[StoryView, ...]:
    return tuple(story for part in view.sections for story in (*part.stories, *part.lines))
