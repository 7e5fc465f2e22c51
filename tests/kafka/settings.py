"""Say how a broker for tests is configured, wherever it runs."""

import socket
from contextlib import ExitStack

KAFKA_VERSION = "4.1.1"
CLUSTER_ID = "bG95YWx0eS1zdHJlYW0tdA"
"""A cluster id as Kafka wants it: 16 bytes in URL-safe base64."""

_MIB = 1024 * 1024


def free_ports(count: int) -> list[int]:
    """Return distinct local ports that nothing listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for held_socket in sockets:
            held_socket.bind(("127.0.0.1", 0))
        return [int(held_socket.getsockname()[1]) for held_socket in sockets]


def broker_settings(port: int, controller_port: int, log_dir: str, host: str = "127.0.0.1") -> dict[str, str]:
    """Return the properties of one node that is broker and controller at once."""
    return {
        "node.id": "1",
        "process.roles": "broker,controller",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listeners": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{host}:{port}",
        "log.dirs": log_dir,
        "auto.create.topics.enable": "false",
        "message.max.bytes": str(32 * _MIB),
        "replica.fetch.max.bytes": str(32 * _MIB),
        # One node: nothing to replicate to, and few partitions of the internal topics so that it starts fast.
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        # Killed workers are the point of many tests: notice them, and end their transactions, soon.
        "group.min.session.timeout.ms": "3000",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    }
