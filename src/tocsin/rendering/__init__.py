"""How records become words, HTML and text: the Jinja2 environment, its filters, and the view of one story.

Mail and web pages both draw from here. What a message or a page contains is decided above, not here.
"""

from __future__ import annotations

from tocsin.rendering.environment import environment, templates_folder
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.story import StoryView, story_view

__all__ = ["Rendered", "StoryView", "environment", "story_view", "templates_folder"]
