"""Reads a pack and those it extends: every entry with its file and line, every mistake of form told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy import entries, yaml_source
from shouwang.policy.mistakes import Mistake, PackError, nearest
from shouwang.policy.pack import Pack, Place
from shouwang.policy.sections import Entry, Section, Sources
from shouwang.tables.places import packs_folder

FILES = ("pack", "parameters", "income", "calendar", "indicators", "focus", "rules")
QUALITY_PARTS = ("parameters", "rows", "groups", "aggregates", "indicators", "rules")
_FREE_OF_MISTAKES: set[str] = set()  # hashes of packs that were checked: a process loads the same one often
_PACK_KEYS = (
    "id",
    "title",
    "title_en",
    "extends",
    "sources",
    "area",
    "holds",
    "focus_categories",
    "ledger_title",
)


def find(name: str) -> Path:
    """The folder of a pack: a path, or a name among the packs that ship. InputError where there is none."""
    path = Path(name)
    if (path / "pack.yaml").is_file():
        return path
    shipped = packs_folder() / name
    if "/" not in name and (shipped / "pack.yaml").is_file():
        return shipped
    if path.is_dir():
        raise InputError(
            _("文件夹里没有 pack.yaml，不是政策包"), where=name, remedy=_("用 shouwang pack new 建一个")
        )
    known = sorted(folder.name for folder in packs_folder().iterdir() if (folder / "pack.yaml").is_file())
    raise InputError(_("没有叫 {name} 的政策包").format(name=name), remedy=nearest(name, known))


def load(name: str) -> Pack:
    """The pack of that name or folder, checked; PackError with every mistake, each with file, line and remedy."""
    pack, mistakes = read(name)
    if not mistakes and pack.hash not in _FREE_OF_MISTAKES:
        from shouwang.policy.plan import check

        mistakes = check(pack)
    if mistakes:
        raise PackError(pack.id, mistakes)
    _FREE_OF_MISTAKES.add(pack.hash)
    return pack


def read(name: str) -> tuple[Pack, list[Mistake]]:
    """The pack as far as it can be read, and the mistakes of form found on the way."""
    sources = Sources()
    _gather(find(name), sources, ())
    pack = entries.build(sources)
    digest = hashlib.sha256()
    for file, content in sources.files:
        digest.update(file.encode() + b"\0" + content + b"\0")
    pack.hash = digest.hexdigest()
    return pack, sources.mistakes


def files(name: str) -> list[tuple[str, bytes]]:
    """The YAML files of a pack and of those it extends, parents first: ``folder/file.yaml`` and its content.

    These are what the pack's hash is over; laid out in one folder they make the same pack again.
    """
    sources = Sources()
    _gather(find(name), sources, ())
    return list(sources.files)


def _gather(folder: Path, sources: Sources, children: tuple[str, ...]) -> None:
    """Reads the parent first, so that what stands in the child wins."""
    head = yaml_source.read(folder / "pack.yaml", f"{folder.name}/pack.yaml", sources.tell)
    head = head if isinstance(head, yaml_source.Mapping) else None
    parent = head.get("extends") if head else None
    if parent is not None:
        _gather_parent(str(parent), folder, head, sources, children)
    sources.lineage.append(folder.name)
    for file in FILES:
        path = folder / f"{file}.yaml"
        if path.is_file():
            name = f"{folder.name}/{path.name}"
            sources.files.append((name, path.read_bytes()))
            document = yaml_source.read(path, name, sources.tell if file != "pack" else _silent)
            _merge(file, name, document, sources)
    for path in sorted((folder / "quality").glob("*.yaml")):
        name = f"{folder.name}/quality/{path.name}"
        sources.files.append((name, path.read_bytes()))
        _merge_quality(name, yaml_source.read(path, name, sources.tell), sources)


def _merge_quality(name: str, document: Any, sources: Sources) -> None:
    """One theme of quality rules: its parts join the sections of the same name, its rules a section of their own."""
    if not isinstance(document, yaml_source.Mapping):
        if document is not None:
            sources.tell(Mistake(name, 1, _("最外层应是“名字: 内容”"), _("参照 national 里的同名文件")))
        return
    for part, content, line in _parts(document):
        if part not in QUALITY_PARTS:
            sources.tell(
                Mistake(name, line, _("不认识的部分 {part}").format(part=part), nearest(part, QUALITY_PARTS))
            )
            continue
        section = {"parameters": "parameters", "rules": "quality"}.get(part, f"indicators.{part}")
        _merge_section(sources.sections.setdefault(section, {}), content, name, line, sources.tell)


def _silent(mistake: Mistake) -> None:
    """pack.yaml was read once already and its mistakes told."""


def _gather_parent(parent: str, folder: Path, head: Any, sources: Sources, children: tuple[str, ...]) -> None:
    file = f"{folder.name}/pack.yaml"
    if parent in children or parent == folder.name:
        circle = " → ".join((*children, folder.name, parent))
        sources.tell(
            Mistake(
                file,
                head.at("extends"),
                _("政策包互相继承成了圈：{circle}").format(circle=circle),
                _("去掉其中一个 extends"),
            )
        )
        return
    beside = folder.parent / parent
    try:
        found = beside if (beside / "pack.yaml").is_file() else find(parent)
    except InputError as error:
        sources.tell(Mistake(file, head.at("extends"), error.what, error.remedy))
        return
    _gather(found, sources, (*children, folder.name))


def _merge(file: str, name: str, document: Any, sources: Sources) -> None:
    if document is None:
        return
    if not isinstance(document, yaml_source.Mapping):
        sources.tell(Mistake(name, 1, _("最外层应是“名字: 内容”"), _("参照 national 里的同名文件")))
        return
    if file == "pack":
        unknown = [key for key in document if key not in _PACK_KEYS]
        for key in unknown:
            sources.tell(
                Mistake(
                    name, document.at(key), _("不认识的字段 {key}").format(key=key), nearest(key, _PACK_KEYS)
                )
            )
        _merge_entry(sources.sections.setdefault("pack", {}), "pack", document, Place(name, document.line))
        return
    if file in ("indicators", "calendar", "income"):
        for part, content, line in _parts(document):
            _merge_section(
                sources.sections.setdefault(f"{file}.{part}", {}), content, name, line, sources.tell
            )
        return
    _merge_section(sources.sections.setdefault(file, {}), document, name, document.line, sources.tell)


def _parts(document: yaml_source.Mapping) -> Iterator[tuple[str, Any, int]]:
    for part, content in document.items():
        yield part, content, document.at(part)


def _merge_section(
    section: Section, content: Any, file: str, line: int, tell: Callable[[Mistake], None]
) -> None:
    if content is None:
        return
    if not isinstance(content, yaml_source.Mapping):
        tell(Mistake(file, line, _("这里应是“名字: 内容”"), _("参照 national 里的同名文件")))
        return
    for key, value in content.items():
        place = Place(file, content.at(key))
        if isinstance(value, yaml_source.Mapping):
            _merge_entry(section, key, value, place)
        else:
            section[key] = Entry({"": value}, {"": place}, place)


def _merge_entry(section: Section, key: str, value: yaml_source.Mapping, place: Place) -> None:
    old = section.get(key)
    entry = (
        Entry(dict(old.fields), dict(old.places), place)
        if old and "" not in old.fields
        else Entry(place=place)
    )
    for name, content in value.items():
        inherited = entry.fields.get(name)
        if name == "sources" and isinstance(inherited, dict) and isinstance(content, dict):
            content = {**inherited, **content}
        entry.fields[name] = content
        entry.places[name] = Place(place.file, value.at(name))
    section[key] = entry


def shipped() -> list[Pack]:
    """The packs that ship and that a campaign can run from (those that say for which place they hold), by id."""
    folders = sorted(path.parent.name for path in packs_folder().glob("*/pack.yaml"))
    return [pack for name in folders if (pack := load(name)).area]
