"""The transport `batch://`: Faust's aiokafka driver with batches for messages and lanes for transactions."""

from typing import ClassVar

from faust.transport.drivers import aiokafka as driver

from loyalty_stream.runtime.consumer import Consumer as BatchConsumer
from loyalty_stream.runtime.lane_manager import LaneManager


class Transport(driver.Transport):
    """Entry point `faust.transports: batch`."""

    Consumer: ClassVar[type[BatchConsumer]] = BatchConsumer
    TransactionManager: ClassVar[type[LaneManager]] = LaneManager
