"""Keep the developer's own settings out of the tests."""

import pytest

from loyalty_stream.runtime.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LOYALTY_{name.upper()}", raising=False)
