"""Whatever people read is complete in English, with the same names to fill, and compiled."""

from __future__ import annotations

import gettext

import pytest

from scripts import messages
from shouwang import language


def test_every_message_has_english_with_the_same_names_and_the_compiled_file_is_fresh() -> None:
    assert messages.mistakes() == [], "run make messages and fill in what is missing"


def test_every_message_is_found_by_gettext_in_the_compiled_file() -> None:
    with messages.MO.open("rb") as file:
        english = gettext.GNUTranslations(file)
    for message in messages.messages(messages.extracted()):
        assert english.gettext(str(message.id)) != message.id or not messages.CHINESE.search(str(message.id))


def test_the_language_changes_and_changes_back() -> None:
    language.use("en")
    assert language._("监测范围") == "Monitoring range"
    language.use("zh")
    assert language._("监测范围") == "监测范围"


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ("", "has no English"),
        ("{count} households", "other {names}"),
        ("{n} 户", "still Chinese"),
        ("{n} households", ""),
        ("{n} households of “监测对象信息”", ""),
    ],
)
def test_faults_of_a_translation(english: str, fault: str) -> None:
    message = messages.Message("{n} 户", english, locations=[("cli/x.py", 1)])
    found = list(messages._faults(message))
    assert [fault in told for told in found] == ([True] if fault else [])
