"""Every setting is documented, and every documented one is read somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\b(?:SHOUWANG_[A-Z_]+|DATABASE_URL)\b")


@pytest.mark.req("SEC-1")
@pytest.mark.parametrize("page", ["settings.md", "settings.en.md"])
def test_settings_are_on_their_page(page: str) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))
    assert listed == set(NAME.findall(sources))


@pytest.mark.req("REG-7")
def test_the_migrations_are_those_of_the_models(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
