"""The ``shouwang`` command. Exit status: 0 done; 1 done, but something needs a look; 2 wrong use or input."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from shouwang import __version__, language
from shouwang.errors import InputError
from shouwang.language import _

COMMANDS = (
    "demo",
    "serve",
    "intake",
    "lists",
    "screen",
    "whatif",
    "runs",
    "pack",
    "generate",
    "requirements",
    "income",
)


def main(arguments: list[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status; an :class:`InputError` becomes one clear sentence."""
    arguments = sys.argv[1:] if arguments is None else arguments
    language.use(_language(arguments))
    parser = argparse.ArgumentParser(
        prog="shouwang", description=_("守望：让任何一户农村家庭都不会在无人知晓时返贫")
    )
    parser.add_argument("--version", action="version", version=f"shouwang {__version__}")
    parser.add_argument(
        "--language", choices=language.LANGUAGES, help=_("界面语言：zh 中文（默认），en 英文")
    )
    subparsers = parser.add_subparsers(dest="command", metavar=_("命令"), required=True)
    for name in COMMANDS:
        importlib.import_module(f"shouwang.cli.{name}").add_parser(subparsers)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _language(arguments: list[str]) -> str:
    """The language before the parser exists, since its help speaks it too."""
    for place, word in enumerate(arguments):
        if word == "--language" and place + 1 < len(arguments) and arguments[place + 1] in language.LANGUAGES:
            return arguments[place + 1]
        if word.startswith("--language=") and word.partition("=")[2] in language.LANGUAGES:
            return word.partition("=")[2]
    return language.from_environment()
