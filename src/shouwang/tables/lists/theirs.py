"""Their side: the national export and the lists of departments, read against our registry."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import labels
from shouwang.tables.intake import departments
from shouwang.tables.intake.intake import learn_villages
from shouwang.tables.intake.listings import TABLES, Listings
from shouwang.tables.intake.model import FileReading, Finding, Record
from shouwang.tables.intake.opening import Part, open_file, shown
from shouwang.tables.intake.registry import Person
from shouwang.tables.lists.ours import Ours

_COMPARED = {
    kind
    for kind, department in departments.DEPARTMENTS.items()
    if (department.lists or department.source) in labels("list_source")
}


@dataclass
class Theirs:
    """Rows of ``national_households``, ``national_members``, ``lists`` and ``listed``.

    ``places`` names file, sheet and row of a key; ``proposed`` the members of ours with the same name;
    ``findings`` what the files hold and nobody can read.
    """

    tables: dict[str, list[Record]]
    places: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, list[Person]] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def identity(self) -> str:
        """A checksum of what the lists say, so that a workbook is tied to them."""
        rows = [sorted(row.items()) for name in TABLES for row in self.tables[name]]
        return hashlib.blake2s(repr(rows).encode(), digest_size=8).hexdigest()


def read_theirs(
    ours: Ours, national: Path | None, lists: Sequence[Path] = (), income_year: int | None = None
) -> Theirs:
    """Reads the files; without a national file the folder's own ``national_households`` are their side.

    Raises :class:`InputError` where there is neither, where a file is of another kind, or cannot be read.
    """
    listings = Listings(ours.registry, ours.villages, ours.on, income_year)
    files = [path for path in (national, *lists) if path is not None]
    parts: list[Part] = []
    readings = [open_file(path, shown(path, files), parts) for path in files]
    for path, reading in zip(files, readings, strict=True):
        _check_kind(path, reading, national=path == national)
    learn_villages(ours.villages, parts)
    for part in parts:
        _take(ours, listings, part)
    theirs = Theirs(listings.tables, listings.places, listings.proposed)
    theirs.names = [reading.file for reading in readings]
    theirs.findings = [
        (reading.file, finding)
        for reading in readings
        for finding in (*reading.quarantined, *reading.not_understood)
    ]
    if national is None:
        _from_folder(ours, theirs)
    return theirs


def _check_kind(path: Path, reading: FileReading, *, national: bool) -> None:
    wanted = {"national_export"} if national else _COMPARED
    if set(reading.kinds) & wanted:
        return
    option = "--national" if national else "--list"
    what = (
        _("不是全国系统导出的监测对象信息表，认不出户编号、姓名、监测对象类别这些列")
        if national
        else _("不是能与我方比对的部门名单（失业、受灾一类的名单请用 shouwang intake 导入）")
    )
    raise InputError(what, where=f"{option} {path.name}", remedy=_("请核对文件；导出后不要改表头"))


def _take(ours: Ours, listings: Listings, part: Part) -> None:
    if part.kind == "national_export":
        listings.national(part.reading, part.table)
        return
    if part.kind not in _COMPARED:
        return
    department = departments.department_of(part.kind, part.table)
    for row in part.table.rows:
        entry = departments.read_row(part.reading, part.table, row, department, ours.villages, ours.on)
        match = ours.registry.match(entry.id, entry.name, entry.village, entry.group)
        listings.department(part.reading, part.table, row, department, (entry, match))


def _from_folder(ours: Ours, theirs: Theirs) -> None:
    """The national list that an intake left in the folder."""
    for name in ("national_households", "national_members"):
        theirs.tables[name] = ours.tables.get(name, [])
    if not theirs.tables["national_households"] and not theirs.tables["listed"]:
        raise InputError(
            _("没有给出全国系统导出表，文件夹里也没有"),
            where="--national",
            remedy=_("请加 --national 监测对象信息.xlsx，或用 --list 给出部门名单"),
        )
