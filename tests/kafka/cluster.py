"""Run three brokers that replicate to each other, any one of which may be away: a cluster as production has it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from confluent_kafka import KafkaException, TopicCollection

from tests.kafka.client import admin_client, wait_until
from tests.kafka.local import LocalKafka
from tests.kafka.settings import free_ports

BROKERS: Final = 3
_IN_SYNC_SECONDS_MAX: Final = 90
_ALL: Final = str(BROKERS)
_ALL_BUT_ONE: Final = str(BROKERS - 1)


class LocalCluster:
    """Three nodes, each broker and controller; every topic has a replica on each, and two must have a record."""

    def __init__(self, folder: Path) -> None:
        ports = free_ports(2 * BROKERS)
        nodes = [(number, ports[2 * number - 2], ports[2 * number - 1]) for number in range(1, BROKERS + 1)]
        voters = ",".join(f"{number}@127.0.0.1:{controller}" for number, _, controller in nodes)
        self.brokers = [
            self._node(folder / str(number), number, (port, controller), voters) for number, port, controller in nodes
        ]
        self.bootstrap_servers = ",".join(broker.bootstrap_servers for broker in self.brokers)

    @staticmethod
    def _node(folder: Path, number: int, ports: tuple[int, int], voters: str) -> LocalKafka:
        folder.mkdir(parents=True)
        more = {
            "node.id": str(number),
            "controller.quorum.voters": voters,
            "default.replication.factor": _ALL,
            "min.insync.replicas": _ALL_BUT_ONE,
            "offsets.topic.replication.factor": _ALL,
            "transaction.state.log.replication.factor": _ALL,
            "transaction.state.log.min.isr": _ALL_BUT_ONE,
        }
        return LocalKafka(folder, more, ports)

    def start(self) -> None:
        """Start all of them and wait until they answer."""
        for broker in self.brokers:
            broker.launch()
        for broker in self.brokers:
            broker.wait_ready()

    def kill(self) -> None:
        """End all of them without notice."""
        for broker in self.brokers:
            broker.kill()

    def wait_in_sync(self) -> None:
        """Wait until every partition has all of its replicas: then the next broker may be away."""
        admin = admin_client(self.bootstrap_servers)

        def in_sync() -> bool:
            try:
                topics = TopicCollection(list(admin.list_topics(timeout=10).topics))
                found = [answer.result(10) for answer in admin.describe_topics(topics).values()]
            except KafkaException:
                return False
            return all(len(partition.isr) == BROKERS for topic in found for partition in topic.partitions)

        assert wait_until(in_sync, _IN_SYNC_SECONDS_MAX), "replicas are not in sync"


@contextmanager
def local_cluster() -> Iterator[LocalCluster]:
    """Run a cluster on a temporary folder for as long as the context is open.

    Raises:
        NoServerError: Java or Maven is missing, or a broker does not start.

    """
    with tempfile.TemporaryDirectory(prefix="loyalty-cluster-", ignore_cleanup_errors=True) as folder:
        cluster = LocalCluster(Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.kill()
