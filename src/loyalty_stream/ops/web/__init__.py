"""The pages of a worker, on Faust's own web server."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from loyalty_stream.ops.history.source import view_of
from loyalty_stream.ops.history.topics import TopicHistory
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.web.access import add_access
from loyalty_stream.ops.web.console import add_console
from loyalty_stream.ops.web.customers import add_customers
from loyalty_stream.ops.web.health import add_health
from loyalty_stream.ops.web.history import Histories, add_history
from loyalty_stream.ops.web.lookup import Lookup
from loyalty_stream.ops.web.openapi import add_openapi
from loyalty_stream.ops.web.owner import Owners
from loyalty_stream.ops.web.pipeline import add_pipeline
from loyalty_stream.ops.web.programs import add_programs
from loyalty_stream.ops.web.site import Site
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.serving.liability import TOTALS_PREFIX

_THREADS: Final = 8
"""In which the view and the topics are read."""


def pages(observer: MetricsObserver) -> Callable[[StreamApp], None]:
    """Return the function that adds the pages to an app."""

    def add(app: StreamApp) -> None:
        settings = app.settings
        site, view = Site(app), view_of(settings)
        threads = ThreadPoolExecutor(_THREADS, "pages")
        owners = Owners(lambda: app.http_client, settings.http_token)
        lookup = Lookup(app, owners, view, settings, threads)
        add_access(app)
        add_health(site, observer)
        add_customers(site, lookup)
        add_history(site, lookup, Histories(view, TopicHistory(settings), threads))
        add_programs(site, view, threads)
        add_pipeline(site, observer.recent)
        add_console(app)
        add_openapi(site)
        observer.watch_programs(lambda: app.committed_rows(TOTALS_PREFIX).values())

    return add
