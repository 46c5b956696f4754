"""The one kind of error that people see: a sentence with what, where and how to mend it."""

from __future__ import annotations

from shouwang import language


class InputError(Exception):
    """Something a person gave us cannot be used.

    ``what`` is the fault in one sentence, ``where`` its place (file, sheet and cell; file and line;
    command-line option), ``remedy`` the sentence that mends it. The command line prints all three and
    ends with status 2; nothing has been written by then.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        colon = ": " if language.current() == "en" else "："
        head = f"{self.where}{colon}{self.what}" if self.where else self.what
        return f"{head}\n  → {self.remedy}" if self.remedy else head
