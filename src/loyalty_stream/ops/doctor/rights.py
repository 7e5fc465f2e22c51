"""Look at what this user may do on the cluster."""

import logging
from collections.abc import Iterator, Mapping
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer, TopicCollection
from confluent_kafka.admin import AclOperation, AdminClient

from loyalty_stream.ops.doctor.cluster import COORDINATOR_SECONDS_MAX, SECONDS_MAX, describe_group
from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.runtime.clients import producer_config
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_READ: Final = (AclOperation.READ, AclOperation.DESCRIBE)
_WRITE: Final = (AclOperation.WRITE, AclOperation.DESCRIBE)
_BOTH: Final = (AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE)
_GRANT: Final = "grant them: kafka-acls --add --allow-principal User:... --operation ... --topic ..."


def check_topic_rights(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """See whether this user may read and write the topics as a worker does."""
    lacking = _lacking(admin, _needed(settings))
    if lacking:
        yield Finding.problem("rights on topics", f"this user lacks {'; '.join(lacking)}", _GRANT)
    else:
        yield Finding.ok("rights on topics", "this user may read and write what a worker reads and writes")


def check_history_rights(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """See whether this user may read back what was derived, as journals, explanations and the view do."""
    lacking = _lacking(admin, dict.fromkeys(_config(settings).derived_topics, _READ))
    if lacking:
        found = f"this user lacks {'; '.join(lacking)}: a worker runs, but no journal, explanation or view can be told"
        yield Finding.warning("rights on histories", found, _GRANT)
    else:
        yield Finding.ok("rights on histories", "this user may read the derived topics")


def _lacking(admin: AdminClient, wanted: Mapping[str, tuple[AclOperation, ...]]) -> list[str]:
    lacking = []
    for name, needed in wanted.items():
        [answer] = admin.describe_topics(
            TopicCollection([name]), include_authorized_operations=True, request_timeout=SECONDS_MAX
        ).values()
        try:
            allowed = answer.result().authorized_operations
        except KafkaException as failure:
            if failure.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                lacking.append(f"{name}: everything")
            continue  # one that is missing is told of by its own check
        missing = [operation.name for operation in needed if allowed is not None and operation not in allowed]
        if missing:
            lacking.append(f"{name}: {', '.join(missing)}")
    return lacking


def _needed(settings: Settings) -> Mapping[str, tuple[AclOperation, ...]]:
    return {
        **{settings.raw_topic(dialect): _READ for dialect in DIALECTS},
        settings.canonical_topic: _BOTH,
        settings.changelog_topic: _BOTH,
        **dict.fromkeys(_config(settings).outputs, _WRITE),
    }


def _config(settings: Settings) -> PipelineConfig:
    return PipelineConfig(**{name: getattr(settings, name) for name in PipelineConfig.__struct_fields__})


def check_group_rights(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """See whether this user may be a member of the group and commit its offsets."""
    try:
        allowed = describe_group(settings, admin).authorized_operations
    except KafkaException as failure:
        found = f"the group cannot be looked at ({failure.args[0].name()})"
    else:
        if AclOperation.READ in allowed:
            yield Finding.ok("rights on the group", f"this user may be a member of {settings.app_id!r}")
            return
        found = f"this user lacks READ on the group {settings.app_id!r}"
    fix = f"grant it: kafka-acls --add --allow-principal User:... --operation READ --group {settings.app_id}"
    yield Finding.problem("rights on the group", found, fix)


def check_transactions(settings: Settings, _admin: AdminClient) -> Iterator[Finding]:
    """Open a transactional producer under a name of its own: that proves the coordinator and the rights."""
    transactional_id = f"{settings.app_id}-doctor"
    quiet = logging.getLogger(__name__)
    quiet.disabled = True  # what librdkafka would print is told by the finding
    producer = Producer(producer_config(settings, transactional_id), logger=quiet)
    try:
        producer.init_transactions(COORDINATOR_SECONDS_MAX)
    except KafkaException as failure:
        yield Finding.problem(
            "transactions",
            f"no transaction can be opened as {transactional_id!r} ({failure.args[0].str()})",
            f"grant WRITE and DESCRIBE on the transactional ids that begin with {settings.app_id}-: kafka-acls --add "
            f"--allow-principal User:... --operation WRITE --transactional-id {settings.app_id}- "
            "--resource-pattern-type prefixed; on a cluster of one or two brokers see "
            "transaction.state.log.replication.factor and transaction.state.log.min.isr",
        )
    else:
        yield Finding.ok("transactions", "can be opened")
