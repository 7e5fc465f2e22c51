"""Share the tests among processes: those of servers folder by folder, and all others one by one."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

_GROUPS: Final = ("tests/delivery/", "tests/docs/", "tests/integration/console/", "tests/integration/")
"""The folders of which all runs in one process, since its tests share their servers."""


class ServersApart(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Give each group of tests to one process, the largest first, and all others out one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in _GROUPS if nodeid.startswith(folder)), nodeid)
