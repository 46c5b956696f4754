"""The folder of a what-if: whatif.xlsx, whatif.html and whatif.json."""

from __future__ import annotations

import json
from pathlib import Path

from shouwang.documents.whatif_book import write_book
from shouwang.documents.whatif_machine import machine
from shouwang.documents.whatif_page import write_page
from shouwang.policy.whatif.result import WhatIf

BOOK, PAGE, MACHINE = "whatif.xlsx", "whatif.html", "whatif.json"


def write_whatif(folder: Path, found: WhatIf) -> None:
    """Writes all three into a folder that is there."""
    write_book(folder / BOOK, found)
    write_page(folder / PAGE, found)
    text = json.dumps(machine(found), ensure_ascii=False, indent=1)
    (folder / MACHINE).write_text(text + "\n", encoding="utf-8")
