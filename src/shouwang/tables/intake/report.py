"""The report: counts per file as ``report.json`` has them, and a workbook for people."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from typing import Any

from shouwang.language import _, current
from shouwang.tables.dictionary import labels
from shouwang.tables.intake import kinds
from shouwang.tables.intake.departments import DEPARTMENTS, NO_ALERT
from shouwang.tables.intake.intake import Intake
from shouwang.tables.intake.model import FileReading, Finding

_MATCHES = ("by_id", "by_name_village", "ambiguous", "none")


def report(intake: Intake) -> dict[str, Any]:
    """The whole report as JSON values; identity numbers and phones are masked."""
    files = [file_report(reading) for reading in intake.files]
    return {
        "on": intake.on.isoformat(),
        "area": intake.area,
        "notes": intake.notes,
        "files": files,
        "totals": _totals(intake, files),
        "written": {name: len(rows) for name, rows in sorted(intake.tables.items()) if rows},
        "proposals": len(intake.proposals),
    }


def file_report(reading: FileReading) -> dict[str, Any]:
    """One file: what it was taken for, counts, and every doubtful place."""
    ids = Counter(row.id.status for row in reading.rows)
    entry: dict[str, Any] = {
        "file": reading.file,
        "taken_for": ";".join(reading.kinds) or "unknown",
        "taken_for_name": _("、").join(kinds.name(kind) for kind in reading.kinds) or _("看不出是什么表"),
        "content": reading.content,
        "encoding": reading.encoding,
        "data_rows": len(reading.rows),
        "households": len({row.values["household"] for row in reading.rows if row.values.get("household")}),
        "members": sum(row.kind in ("roster", "national_export") for row in reading.rows),
        "ids_accepted": ids["accepted"],
        "ids_repaired": dict(sorted(Counter(r.id.how for r in reading.rows if r.id.repaired).items())),
        "ids_missing": ids["missing"],
        "ids_words": ids["words"],
        "ids_quarantined": ids["quarantined"],
        "quarantined": [finding.as_json() for finding in reading.quarantined],
        "alerts": dict(sorted(_alerts(reading).items())),
        "rows_that_are_no_alert": reading.no_alert,
        "match": _match(reading) if _matched(reading) else {},
        "not_understood": [finding.as_json() for finding in reading.not_understood],
        "rows_left_out": {name: count for name, count in sorted(reading.left_out.items()) if count},
        "imported": dict(sorted(reading.imported.items())),
        "unused_heads": reading.unused_heads,
        "notes": reading.notes,
    }
    entry["rows"] = [_row(row) for row in reading.rows if row.match]
    return entry


def _alerts(reading: FileReading) -> Counter[str]:
    return Counter(
        row.values["alert"] for row in reading.rows if row.values.get("alert") not in (None, NO_ALERT)
    )


def _matched(reading: FileReading) -> bool:
    return any(row.match for row in reading.rows)


def _match(reading: FileReading) -> dict[str, int]:
    counts = Counter(row.match for row in reading.rows if row.match)
    return {how: counts[how] for how in _MATCHES}


def _row(row: Any) -> dict[str, Any]:
    return {"sheet": row.sheet, "row": row.row, "match": row.match, "match_rows": row.match_rows}


def _totals(intake: Intake, files: list[dict[str, Any]]) -> dict[str, Any]:
    totals: dict[str, Any] = {
        name: sum(entry[name] for entry in files)
        for name in ("data_rows", "ids_accepted", "ids_missing", "ids_words", "ids_quarantined")
    }
    alerts: Counter[str] = Counter()
    match: Counter[str] = Counter()
    for reading, entry in zip(intake.files, files, strict=True):
        alerts.update(entry["alerts"])
        if set(reading.kinds) & set(DEPARTMENTS):
            match.update(entry["match"])
    totals["households"] = len(intake.tables.get("households", ()))
    totals["members"] = len(intake.tables.get("members", ()))
    totals["alerts"] = dict(sorted(alerts.items()))
    totals["match_of_department_rows"] = {how: match[how] for how in _MATCHES}
    totals["quarantined"] = sum(len(entry["quarantined"]) for entry in files)
    totals["not_understood"] = sum(len(entry["not_understood"]) for entry in files)
    return totals


def as_json(intake: Intake) -> str:
    """The report as text; the same intake gives the same bytes."""
    return json.dumps(report(intake), ensure_ascii=False, indent=1) + "\n"


# ---- the workbook for people ---------------------------------------------------------------------------


def workbook(intake: Intake) -> bytes:
    """Four sheets (summary, kept out, not understood, matches); every cell is text, nothing a formula."""
    import datetime

    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime.datetime(2024, 1, 1)})  # the same input gives the same bytes
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
    body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for name, widths, rows in _sheets(intake):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, str(text), head if number == 0 else body)
        sheet.autofilter(0, 0, max(len(rows) - 1, 0), len(widths) - 1)
    book.close()
    return stream.getvalue()


def _sheets(intake: Intake) -> list[tuple[str, tuple[int, ...], list[list[Any]]]]:
    return [
        (_("汇总"), (30, 30, 9, 9, 9, 10, 10, 10, 10, 40, 10, 12, 12, 10, 50), _summary(intake)),
        (_("存疑单元格"), (30, 14, 10, 24, 60), _findings(intake, "quarantined")),
        (_("看不懂的内容"), (30, 14, 10, 24, 60), _findings(intake, "not_understood")),
        (_("待确认的匹配"), (12, 30, 14, 8, 12, 14, 22, 22, 16), _proposals(intake)),
    ]


def _summary(intake: Intake) -> list[list[Any]]:
    names = labels("alert_kind", current())
    rows: list[list[Any]] = [
        [
            _("文件"),
            _("认作"),
            _("数据行"),
            _("户"),
            _("人"),
            _("证件可用"),
            _("证件空缺"),
            _("未办证等"),
            _("证件存疑"),
            _("预警"),
            _("不是预警"),
            _("按证件对上"),
            _("按姓名待确认"),
            _("重名"),
            _("说明"),
        ]
    ]
    for reading in intake.files:
        entry = file_report(reading)
        match = entry["match"]
        rows.append(
            [
                entry["file"],
                entry["taken_for_name"],
                entry["data_rows"],
                entry["households"],
                entry["members"],
                entry["ids_accepted"],
                entry["ids_missing"],
                entry["ids_words"],
                entry["ids_quarantined"],
                "；".join(f"{names[kind]} {count}" for kind, count in entry["alerts"].items()),
                entry["rows_that_are_no_alert"],
                match.get("by_id", ""),
                match.get("by_name_village", ""),
                match.get("ambiguous", ""),
                " ".join(entry["notes"]),
            ]
        )
    return rows


def _findings(intake: Intake, which: str) -> list[list[Any]]:
    rows: list[list[Any]] = [[_("文件"), _("工作表"), _("单元格或行"), _("内容（已遮盖）"), _("原因")]]
    for reading in intake.files:
        findings: list[Finding] = getattr(reading, which)
        for finding in findings:
            place = finding.cell or _("第 {row} 行").format(row=finding.row)
            rows.append([reading.file, finding.sheet, place, finding.value, finding.reason])
    return rows


def _proposals(intake: Intake) -> list[list[Any]]:
    words = {"by_name_village": _("姓名和村相同"), "ambiguous": _("重名，需选定")}
    columns = ("file", "sheet", "row", "name", "village", "household_id", "member_id", "roster_row")
    rows: list[list[Any]] = [
        [
            _("匹配"),
            _("文件"),
            _("工作表"),
            _("行"),
            _("姓名"),
            _("村"),
            _("户编号"),
            _("成员编号"),
            _("花名册位置"),
        ]
    ]
    for proposal in intake.proposals:
        rows.append([words[proposal["match"]], *(proposal.get(column, "") for column in columns)])
    return rows
