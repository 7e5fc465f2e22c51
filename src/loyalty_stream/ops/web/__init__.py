"""The pages of a worker, on Faust's own web server."""

from collections.abc import Callable

from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.web.customers import add_customers
from loyalty_stream.ops.web.health import add_health
from loyalty_stream.ops.web.programs import add_programs
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.serving.liability import TOTALS_PREFIX


def pages(observer: MetricsObserver) -> Callable[[StreamApp], None]:
    """Return the function that adds the pages to an app."""

    def add(app: StreamApp) -> None:
        add_health(app, observer)
        add_customers(app)
        add_programs(app)
        observer.watch_programs(lambda: app.committed_rows(TOTALS_PREFIX).values())

    return add
