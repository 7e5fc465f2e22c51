"""The pages of a worker, on Faust's own web server."""

from collections.abc import Callable

from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.web.access import add_access
from loyalty_stream.ops.web.customers import add_customers
from loyalty_stream.ops.web.health import add_health
from loyalty_stream.runtime.app import StreamApp


def pages(observer: MetricsObserver) -> Callable[[StreamApp], None]:
    """Return the function that adds the pages to an app."""

    def add(app: StreamApp) -> None:
        add_access(app)
        add_health(app, observer)
        add_customers(app)

    return add
