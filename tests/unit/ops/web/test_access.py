"""Only the whole token opens the pages."""

import pytest
from pydantic import SecretStr

from loyalty_stream.ops.web.access import may_see

TOKEN = SecretStr("correct-horse")


@pytest.mark.parametrize("authorization", ["Bearer correct-horse", "bearer correct-horse", "Bearer  correct-horse "])
def test_the_token_opens(authorization: str) -> None:
    assert may_see(TOKEN, authorization)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "correct-horse",
        "Basic correct-horse",
        "Bearer correct",
        "Bearer correct-horse-2",
        "Bearer \udcff",
    ],
)
def test_nothing_else_opens(authorization: str) -> None:
    assert not may_see(TOKEN, authorization)
