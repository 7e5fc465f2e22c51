import signal
import threading

import pytest

from loyalty_stream.ops.child import signals_held


def interrupted(number: signal.Signals, done: list[str]) -> None:
    with signals_held():
        signal.raise_signal(number)
        done.append("finished")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_amid_what_must_be_finished_is_raised_behind_it(number: signal.Signals) -> None:
    done: list[str] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(number, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted(number, done)
        assert signal.getsignal(number) is interrupt
    finally:
        signal.signal(number, before)
    assert done == ["finished"]


def test_where_no_signal_comes_all_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with signals_held():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_hold_nothing_back() -> None:
    held = []

    def hold() -> None:
        with signals_held():
            held.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert held == [signal.getsignal(signal.SIGINT)]
