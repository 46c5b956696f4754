"""Runs one subcommand by itself, so that these tests do not wait for the others."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture
def command() -> Callable[..., int]:
    """``command(module, *words)`` parses the words as that subcommand's and runs it."""

    def run(module: ModuleType, *words: str) -> int:
        parser = argparse.ArgumentParser()
        module.add_parser(parser.add_subparsers())
        options = parser.parse_args([module.__name__.rpartition(".")[2], *words])
        return int(options.run(options))

    return run
