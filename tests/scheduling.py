"""Share the tests among processes: side by side, those of servers would only wait for each other's CPU."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

_OF_SERVERS: Final = ("tests/delivery/", "tests/docs/", "tests/integration/")


class ServersApart(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Give the tests of servers to one process, which begins with them, and all others out one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(_OF_SERVERS) else nodeid
