"""Find entries of a key: in the view's journal where there is one, and what that lacks in the derived topics."""

import time
from contextlib import suppress
from typing import Final, Literal

import msgspec

from loyalty_stream.ops.history.topics import TopicHistory
from loyalty_stream.ops.state import read_changelog
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.customer import CustomerKey, Json
from loyalty_stream.serving.history.entries import Sought
from loyalty_stream.serving.history.explain import explain
from loyalty_stream.serving.view.reader import ViewAwayError, ViewReader

Source = Literal["view", "topics"]
TOPICS_SECONDS_MAX: Final = 10.0
"""For all that one answer of a worker reads from topics."""


def view_of(settings: Settings) -> ViewReader | None:
    """Return the view, where LOYALTY_REDIS_URL says that there is one."""
    if "redis_url" not in settings.model_fields_set:
        return None
    return ViewReader(settings.redis_url.get_secret_value(), settings.view_prefix)


class Search:
    """One search for entries, of one key or several; on one thread."""

    def __init__(self, view: ViewReader | None, topics: TopicHistory, seconds_max: float | None = None) -> None:
        """Take where to look; the time for the topics begins now."""
        self._view = view
        self._topics = topics
        self._deadline = None if seconds_max is None else time.monotonic() + seconds_max

    def fill(self, sought: Sought) -> Source:
        """Find what is sought as far as it can be found, and tell where the last of it was looked for.

        Raises:
            TopicsUnreadableError: The topics are needed and cannot be read.

        """
        if self._view is not None:
            with suppress(ViewAwayError):
                for entry in self._view.journal(sought.key):
                    sought.take(entry)
            if not sought.lacking():
                return "view"
        self._topics.fill(sought, self._deadline)
        return "topics"


def explanation_from_topics(
    settings: Settings, key: CustomerKey, program_id: str | None, currency: str | None
) -> Json | None:
    """Return a customer's explanation without a worker, however long it takes; None where nothing is known.

    Raises:
        StateError: The changelog cannot be read.
        TopicsUnreadableError: The derived topics cannot be read.

    """
    picture = read_changelog(settings, key)
    if picture is None:
        return None
    search = Search(view_of(settings), TopicHistory(settings))
    told: Json = msgspec.to_builtins(explain(picture, search.fill, program_id, currency))
    return told
