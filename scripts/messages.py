"""The English of everything a person reads: gathers messages, keeps translations, compiles them.

    python scripts/messages.py             renew locale/en/LC_MESSAGES/shouwang.po and shouwang.mo
    python scripts/messages.py --check     change nothing; say what is missing, different or stale
    python scripts/messages.py --prune     renew, and drop translations of messages that are gone

Message ids are the Chinese sentences in ``_("…")`` all over src/shouwang, and in ``{% t "…" %}`` of the server's
pages. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import re
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "shouwang"
FOLDER = SOURCE / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "shouwang.po", FOLDER / "shouwang.mo"
KEYWORDS = {"_": None}
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)  # a date in the files would differ with each run
IN_PAGES = re.compile(r"""\{%\s*t\s+(["'])(.*?)\1""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# words of the forms and sheets may stay as they are written there
QUOTED = re.compile(r"“[^”]*”|`[^`]*`|\([^)]*\)")


def main(arguments: list[str]) -> int:
    """Renews the files, or with ``--check`` returns 1 where something is wrong with them."""
    parser = argparse.ArgumentParser(description="gathers and compiles the English messages")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--prune", action="store_true", help="drop translations of messages that are gone")
    options = parser.parse_args(arguments)
    if options.check:
        faults = mistakes()
        print("\n".join(faults), file=sys.stderr)
        return 1 if faults else 0
    catalog = renewed(prune=options.prune)
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalog))
    MO.write_bytes(mo_bytes(catalog))
    missing = [message for message in messages(catalog) if not message.string]
    print(f"{len(list(messages(catalog)))} messages, {len(missing)} without English")
    return 0


def extracted() -> Catalog:
    """Every message in the sources, with the files it stands in."""
    found = Catalog(project="shouwang", creation_date=EPOCH, revision_date=EPOCH, fuzzy=False)
    for path in sorted(SOURCE.rglob("*.py")):
        with path.open("rb") as file:
            for line, message, comments, _context in extract("python", file, KEYWORDS):
                place = (str(path.relative_to(SOURCE)), line)
                found.add(message, locations=[place], auto_comments=comments)
    for path in sorted(SOURCE.glob("server/*/templates/**/*.html")):
        for place, message in said_in_page(path.read_text(encoding="utf-8")):
            found.add(message, locations=[(str(path.relative_to(SOURCE)), place)])
    return found


def said_in_page(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a page with their lines."""
    for match in IN_PAGES.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[2]


def kept() -> Catalog:
    """The translations that are there."""
    if not PO.is_file():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def renewed(*, prune: bool) -> Catalog:
    """The messages of today with the translations that are there; nothing is guessed from likeness."""
    old, catalog = kept(), extracted()
    catalog.locale = "en"
    catalog.fuzzy = False
    catalog.header_comment = "# English of Shouwang. Message ids are the Chinese sentences of the sources."
    catalog.version = "0.1"
    catalog.msgid_bugs_address = ""
    catalog.last_translator = "Shouwang"
    catalog.language_team = "English"
    for message in messages(catalog):
        known = old.get(message.id) or old.obsolete.get(message.id)
        message.string = known.string if known is not None else ""
        message.locations = sorted({(place, 0) for place, _line in message.locations})
    if not prune:
        gone = {message.id: message for message in [*messages(old), *old.obsolete.values()]}
        catalog.obsolete.update({key: gone[key] for key in sorted(gone) if catalog.get(key) is None})
    return catalog


def messages(catalog: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalog if message.id)


def po_bytes(catalog: Catalog) -> bytes:
    """The text file; sorted by message, without line numbers, so that it changes only where messages do."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=110, sort_output=True, include_lineno=False, include_previous=False)
    return stream.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled file."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def mistakes() -> list[str]:
    """Every fault of the two files, a sentence each; an empty list where there is none."""
    catalog = renewed(prune=False)
    faults = [fault for message in messages(catalog) for fault in _faults(message)]
    renew = "run python scripts/messages.py"
    if not PO.is_file() or PO.read_bytes() != po_bytes(catalog):
        faults.append(f"{PO.name} is stale: {renew}")
    if not MO.is_file() or MO.read_bytes() != mo_bytes(catalog):
        faults.append(f"{MO.name} is stale: {renew}")
    return faults


def _faults(message: Message) -> Iterator[str]:
    where = f"{message.locations[0][0]}: {message.id!r}"
    if not message.string:
        yield f"{where} has no English"
        return
    if fields(message.id) != fields(message.string):
        yield f"{where} has other {{names}} in English: {sorted(fields(message.string))}"
    if CHINESE.search(QUOTED.sub("", message.string)):
        yield f"{where} is still Chinese in English: {message.string!r}"


def fields(text: str) -> set[str]:
    """The ``{names}`` of a sentence."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
