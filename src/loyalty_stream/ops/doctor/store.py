"""Look at the Redis of the view, which workers do without."""

from collections.abc import Iterator
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.runtime.settings import Settings

_CHECK: Final = "redis"
_SECONDS_MAX: Final = 3.0
_KEEPS_ALL: Final = "noeviction"


def check_redis(settings: Settings) -> Iterator[Finding]:
    """See whether the view's Redis answers, and keeps what it is given."""
    client = redis.Redis.from_url(
        settings.redis_url.get_secret_value(),
        decode_responses=True,
        socket_connect_timeout=_SECONDS_MAX,
        socket_timeout=_SECONDS_MAX,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        server, memory = client.info("server"), client.info("memory")
    except redis.RedisError as failure:
        kind = type(failure).__name__  # its text may hold the address, and with it a password
        if settings.redis_url == Settings.model_fields["redis_url"].default:
            yield Finding.skipped(_CHECK, f"none answers at the default address ({kind}); only the view needs one")
        else:
            fix = "start it, or set LOYALTY_REDIS_URL to where it is; workers do without, and the view waits"
            yield Finding.warning(_CHECK, f"none answers at LOYALTY_REDIS_URL ({kind})", fix)
        return
    finally:
        client.close()
    found = f"Redis {server['redis_version']}, maxmemory-policy {memory['maxmemory_policy']}"
    if memory["maxmemory_policy"] == _KEEPS_ALL:
        yield Finding.ok(_CHECK, found)
    else:
        yield Finding.warning(_CHECK, found, f"set maxmemory-policy {_KEEPS_ALL}: an evicted key is a customer unknown")
