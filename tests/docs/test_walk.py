"""The tool that runs documentation: a page that says something false must fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.walk import Reader, blocks_of, missing

PAGE = """
```sh
export NAME=world
```

Text.

```sh
echo "hello $NAME at broker:9092"
echo done
```

```text
hello … at 127.0.0.1:1
done
```

```sh again
cat FOLDER/later
```

```text
there
```
"""


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path, {}, {"broker:9092": "127.0.0.1:1", "FOLDER": str(tmp_path)}) as reader:
        yield reader


def test_what_one_block_sets_holds_in_the_next_and_what_takes_a_moment_is_waited_for(
    reader: Reader, tmp_path: Path
) -> None:
    first, second, third = blocks_of(PAGE)
    reader.follow(first)
    reader.follow(second)
    reader.follow(first._replace(commands=f"(sleep 1.5; echo there > {tmp_path}/later) &"))
    reader.follow(third)


def test_a_command_that_fails_fails_the_page(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="exit code 1"):
        reader.follow(blocks_of("```sh\nfalse\necho on\n```\n")[0])


def test_output_that_does_not_come_in_this_order_fails_the_page(reader: Reader) -> None:
    [block] = blocks_of("```sh\necho two; echo one\n```\n\n```text\none\ntwo\n```\n")
    with pytest.raises(AssertionError, match="does not show 'two'"):
        reader.follow(block)


def test_an_ellipsis_stands_for_anything_within_a_line() -> None:
    assert missing(["a … c"], "x\na b c\n") is None
    assert missing(["a … c"], "a\nc\n") == "a … c"
