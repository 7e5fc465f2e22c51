"""Run the view: build where nothing usable is there, follow, compare, tidy up; wait while Redis is away."""

import logging
import time
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Final

import redis
from confluent_kafka import KafkaException

from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.view.audit import Audit
from loyalty_stream.serving.view.batch import Batch
from loyalty_stream.serving.view.build import Builder
from loyalty_stream.serving.view.errors import Retired, ViewError
from loyalty_stream.serving.view.feed import Topics
from loyalty_stream.serving.view.generation import Generation
from loyalty_stream.serving.view.metrics import ViewMetrics
from loyalty_stream.serving.view.store import REDIS_AWAY, Counts, Store, now_ms, refusal

if TYPE_CHECKING:
    from loyalty_stream.serving.view.names import Place

_LOOK_SECONDS: Final = 1.0
_AWAY_SECONDS: Final = 0.5
_OTHERS_BUILD_SECONDS: Final = 0.5
_SWEEPS: Final = 20
"""Steps of deleting that a second has room for, each of a thousand keys looked at."""
_FRESH_MS: Final = 30_000
"""A view of which all until so long ago is in Redis is ready."""

logger = logging.getLogger(__name__)


class View:
    """One process that keeps the view; any number of them may run."""

    def __init__(
        self, settings: Settings, store: Store, metrics: ViewMetrics, stop: Event, name: str | None = None
    ) -> None:
        """Take what it reads and writes; `stop` ends it. Of those that have a name, one at a time works."""
        self._settings = settings
        self._store = store
        self._metrics = metrics
        self._stop = stop
        self._topics = Topics(settings)
        self._name = name
        self._is_keeping: bool | None = None
        self._sweep_cursor = 0
        self._lacks: str | None = "the view is starting"
        self._complete_until = 0

    def missing(self) -> str | None:
        """Return what the view lacks to be ready, or None."""
        if self._lacks is None and now_ms() - self._complete_until > _FRESH_MS:
            return f"what was committed in the last {_FRESH_MS // 1000} s or more is not in Redis yet"
        return self._lacks

    def run(self) -> None:
        """Keep the view until told to stop.

        Raises:
            ViewError: An operator must set something right.

        """
        while not self._stop.is_set():
            try:
                if self._may_keep():
                    self._follow(self._usable())
                else:
                    self._stop.wait(_LOOK_SECONDS)
            except Retired as reason:
                logger.info("the generation is %s: looking again", reason)
            except redis.RedisError as error:
                problem = refusal(error)
                if problem is not None:
                    raise problem from error
                if not isinstance(error, REDIS_AWAY):
                    raise
                self._wait_for_redis(error)

        self._leave()

    def _may_keep(self) -> bool:
        """Tell whether this process shall keep the view, and log where that changes."""
        if self._name is None:
            return True
        may = self._store.keep(self._name)
        if may != self._is_keeping:
            logger.info("keeping the view" if may else "another worker keeps the view")
            self._metrics.standing_by()
        self._is_keeping = may
        return may

    def _leave(self) -> None:
        if self._name is not None:
            with suppress(redis.RedisError):
                self._store.leave(self._name)

    def _wait_for_redis(self, error: Exception) -> None:
        self._metrics.redis_failed()
        if self._lacks is None or "Redis" not in self._lacks:
            logger.warning("Redis does not answer (%s): waiting", type(error).__name__)
        self._lacks = "Redis does not answer"
        self._stop.wait(_AWAY_SECONDS)

    def _usable(self) -> str | None:
        """Return the generation to follow, made where there is none; None where another process makes it."""
        number = self._store.current()
        if number is not None:
            self._check_source(number)
            if not self._is_stale(number):
                return number
            logger.warning("the view was away for so long that deletions may be missed: building it anew")
        self._lacks = "the view is being built"
        built = Builder(self._settings, self._store, self._topics, self._stop).build(self._metrics.applied)
        if built is None:
            self._stop.wait(_OTHERS_BUILD_SECONDS)
        return built

    def _check_source(self, number: str) -> None:
        if self._store.source(number) != self._topics.source():
            raise ViewError(
                f"{self._store.names.current} in Redis is the view of another changelog than "
                f"{self._topics.changelog} of this cluster. Give each application a LOYALTY_VIEW_PREFIX of its own; "
                "if the topic was made anew: loyalty-stream view rebuild"
            )

    def _is_stale(self, number: str) -> bool:
        """Tell whether tombstones may be gone that the generation has not seen; half their time, to be sure."""
        until = self._store.complete_until(number) or 0
        return now_ms() - until > self._topics.tombstones_kept_ms() / 2

    def _follow(self, number: str | None) -> None:
        """Bring a generation forward until told to stop, and look around each second."""
        if number is None:
            return
        audit = Audit()

        def applied(batch: Batch, counts: Counts) -> None:
            self._metrics.applied(batch, counts)
            audit.note(batch.rows)

        generation = Generation(self._settings, self._store, self._topics, number, applied)
        self._metrics.generation(number)
        self._lacks = None
        logger.info("following, generation %s", number)
        feed = generation.feed(self._topics.places)
        completion = Completion(self._topics)
        looked = time.monotonic()
        try:
            while not self._stop.is_set():
                generation.forward(feed)
                until = completion.reached(generation)
                if until:
                    generation.forward(feed, complete_until=until)
                    self._complete_until = until
                    self._metrics.complete(until)
                if time.monotonic() - looked > _LOOK_SECONDS:
                    looked = time.monotonic()
                    if not self._may_keep():
                        return
                    completion.ask()
                    self._look(generation, completion, audit)
        finally:
            feed.close()

    def _look(self, generation: Generation, completion: "Completion", audit: Audit) -> None:
        """Measure the lag, compare a sample, delete a few keys of what is used no more."""
        self._metrics.lag(generation.positions, completion.ends)
        compared, different = audit.compare(self._store)
        if different and generation.is_overtaken():
            compared = different = 0  # what differs may be newer
        self._metrics.audited(compared, different)
        if different:
            logger.error("%s of %s rows in Redis are not those of the changelog", different, compared)
        for _ in range(_SWEEPS):
            self._sweep_cursor = self._store.sweep(self._sweep_cursor)
            if self._sweep_cursor == 0:
                return


class Completion:
    """Until when all that was committed is applied: a moment, and where the topics ended then."""

    def __init__(self, topics: Topics) -> None:
        """Ask where the topics end now."""
        self.ends: dict[Place, int] = {}
        self._topics = topics
        self._asked = 0
        self.ask()

    def ask(self) -> None:
        """Ask where the topics end now, unless the last answer is not reached yet."""
        if self._asked:
            return
        asked = now_ms()
        try:
            self.ends = self._topics.ends(self._topics.places)
        except KafkaException as failure:
            logger.warning("cannot see where the topics end: %s", failure.args[0].str())
        else:
            self._asked = asked

    def reached(self, generation: Generation) -> int:
        """Return the moment of the last answer once a generation has all of it, each moment once; else 0."""
        if not self._asked or not generation.reached(self.ends):
            return 0
        asked, self._asked = self._asked, 0
        return asked
