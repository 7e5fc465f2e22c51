"""What opens a link is hidden in whatever spelling, and nothing else is changed."""

import json

import pytest

from loyalty_stream.ops.dead_letters.shown import shown, without_signatures
from tests.helpers.secrets import secrets_of

LINK = "https://files.example.com/a/b.csv?Expires=60&Signature=0123456789abcdef"


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        (json.dumps({"url": LINK, "n": 1}), '{"url": "https://files.example.com/a/b.csv?(hidden)", "n": 1}'),
        (r'{"u":"HTTPS:\/\/x.example\/a?s=1","v":"?"}', r'{"u":"HTTPS:\/\/x.example\/a?(hidden)","v":"?"}'),
        (r'{"u":"http://x/a\u003fs=1\u0026t=\/2"}', r'{"u":"http://x/a?(hidden)"}'),
        (r'{"c":"{\"u\":\"http://x/a?s=1\",\"k\":2}"}', r'{"c":"{\"u\":\"http://x/a?(hidden)\",\"k\":2}"}'),
        ("see http://x/a?s=1 and http://y/b?t=2.", "see http://x/a?(hidden) and http://y/b?(hidden)"),
        ("http://x/a is it? yes", "http://x/a is it? yes"),
    ],
)
def test_the_query_of_a_link_is_hidden_and_the_rest_is_as_it_was(value: str, safe: str) -> None:
    assert without_signatures(value.encode()).decode() == safe


def test_no_signature_is_left_where_bytes_are_shown_as_hex() -> None:
    told = shown(b'{"url": "%b", "name": "\xff"}' % LINK.encode())
    assert told is not None
    assert secrets_of(bytes.fromhex(told["hex"])) == {
        *secrets_of(b'{"url": "https://files.example.com/a/b.csv?(hidden)"}')
    }


def test_bytes_are_shown_as_text_or_hex_and_none_as_none() -> None:
    assert shown("ż\n".encode()) == {"text": "ż\n"}
    assert shown(b"\xfe\xff") == {"hex": "feff"}
    assert shown(None) is None
