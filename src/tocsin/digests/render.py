"""The mail of a digest: subject, preheader, HTML and text, kept below the size at which mail programs clip."""

from __future__ import annotations

from jinja2 import Environment

from tocsin.digests.content import FULL_STORIES, fold
from tocsin.digests.view import DigestView
from tocsin.rendering.clean import shortened
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.story import StoryView
from tocsin.rendering.times import local_time
from tocsin.rendering.words import count

SUBJECT_LIMIT = 90
PREHEADER_LIMIT = 140
# Gmail clips at about 102 kB; the encoding counts, and base64 with its line ends takes 37 % more.
HTML_LIMIT = 72_000
_STEPS = (FULL_STORIES, 10, 6, 3, 0)


def render_digest(view: DigestView, environment: Environment) -> Rendered:
    """Render a digest as built by `build_digest`, folded to at most 15 full stories, or fewer until it fits."""
    for full in _STEPS:
        folded = fold(view, full)
        html = _html(folded, environment)
        if len(html.encode()) <= HTML_LIMIT:
            break
    text = environment.get_template("email/digest.txt").render(view=folded)
    return Rendered(subject=subject(view), preheader=_preheader(view), html=html, text=text)


def subject(view: DigestView) -> str:
    """Give "Siege of Deir el-Zour broken + 4 more stories", of at most 90 characters."""
    stories = _stories(view)
    if not stories:
        return f"Nothing matched until {local_time(view.end_at, view.timezone)}"
    more = f" + {count('more story', len(stories) - 1)}" if len(stories) > 1 else ""
    return shortened(stories[0].title, SUBJECT_LIMIT - len(more)) + more


def _html(view: DigestView, environment: Environment) -> str:
    template = environment.get_template("email/digest.html")
    return inlined(template.render(view=view, subject=subject(view), preheader=_preheader(view)))


def _preheader(view: DigestView) -> str:
    """Give what mail programs show beside the subject: the second and third story, or what there is instead."""
    titles = [story.title for story in _stories(view)[1:3]]
    if not titles:
        titles = [view.heading, f"{view.coverage.checked} of {count('feed', view.coverage.total)} checked"]
    return shortened(" · ".join(titles), PREHEADER_LIMIT)


def _stories(view: DigestView) -> tuple[StoryView, ...]:
    return tuple(story for part in view.sections for story in (*part.stories, *part.lines))
