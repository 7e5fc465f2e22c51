"""Share the tests among processes: those of servers in two groups, with a broker each, and all others one by one."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

_GROUPS: Final = {"tests/delivery/": "delivery", "tests/docs/": "pages", "tests/integration/": "pages"}
"""What runs in one process, since its tests share their servers."""


class ServersApart(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Give each group of tests to one process, the largest first, and all others out one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for folder, group in _GROUPS.items() if nodeid.startswith(folder)), nodeid)
