"""Configure librdkafka's clients; `credentials` tells Faust's consumer the same of security."""

import logging
from typing import Any, Final

from pydantic import SecretStr

from loyalty_stream.runtime.settings import Settings

LIBRARY_LOG: Final = logging.getLogger("librdkafka")
"""Where a client of a worker says what its C library has to say, which would write to standard error itself."""

MESSAGE_BYTES_MAX: Final = 32 * 1024 * 1024
TRANSACTION_TIMEOUT_MS: Final = 30_000
"""How long readers wait for a transaction that its dead owner left open, where no new owner ends it before."""


def client_config(settings: Settings) -> dict[str, Any]:
    """Return what every librdkafka client needs to reach the cluster."""
    config: dict[str, Any] = {
        "bootstrap.servers": settings.bootstrap_servers,
        "client.id": settings.app_id,
        "security.protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        config["sasl.mechanism"] = settings.kafka_sasl_mechanism
        config["sasl.username"] = settings.kafka_sasl_username
        config["sasl.password"] = secret(settings.kafka_sasl_password)
    if settings.kafka_security_protocol.endswith("SSL"):
        locations = {
            "ssl.ca.location": settings.kafka_ssl_ca_location,
            "ssl.certificate.location": settings.kafka_ssl_certificate_location,
            "ssl.key.location": settings.kafka_ssl_key_location,
        }
        config.update({name: str(path) for name, path in locations.items() if path is not None})
        if settings.kafka_ssl_key_password is not None:
            config["ssl.key.password"] = secret(settings.kafka_ssl_key_password)
    return config


def producer_config(settings: Settings, transactional_id: str) -> dict[str, Any]:
    """Return the configuration of one lane's producer."""
    return {
        **client_config(settings),
        "transactional.id": transactional_id,
        "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
        # By default librdkafka (2.16) forgets a cluster of which no broker answers and learns it anew; a transaction in
        # flight then waits for its forgotten coordinator for ever. With "none" it reconnects.
        "metadata.recovery.strategy": "none",
        "linger.ms": 5,
        "compression.type": "lz4",
        "batch.size": 1 << 20,
        "batch.num.messages": 10_000,
        "message.max.bytes": MESSAGE_BYTES_MAX,
        "queue.buffering.max.messages": 1_000_000,
        "queue.buffering.max.kbytes": 512 * 1024,
        "partitioner": "murmur2_random",  # Kafka's own default: the same key goes where any other client puts it
    }


def reader_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of a consumer that only reads its group's committed offsets, and only stable ones."""
    return {
        **client_config(settings),
        "group.id": settings.app_id,
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
    }


def end_reader_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of a consumer that is told where each partition ends, and that soon."""
    return {
        **reader_config(settings),
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        "log_level": 0,
        # A broker waits so long for more before it tells of an end; the library's 500 ms are felt in a command.
        "fetch.wait.max.ms": 50,
    }


def secret(value: SecretStr | None) -> str | None:
    """Return what is kept secret, for a client's configuration only."""
    return None if value is None else value.get_secret_value()
