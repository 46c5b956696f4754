"""The headlines of the registry's pages, from data."""

from __future__ import annotations

from shouwang.language import _
from shouwang.server.registry.imports import Preview
from shouwang.server.registry.models import Upload


def import_headline(upload: Upload, preview: Preview | None) -> str:
    """What an upload would do, or what became of it."""
    if upload.source is not None and upload.source.undone_at is not None:
        return _("这次导入已经撤回")
    if upload.state == "taken":
        return _("已经导入")
    if upload.state == "declined" or preview is None:
        return _("没有导入")
    new, changed = preview.new, preview.changed
    if not any(new.values()) and not any(changed.values()):
        return _("这批文件没有新内容")
    return _("将新增 {households} 户 {members} 人 {items} 条收支，改动 {changed} 户").format(
        households=new["households"], members=new["members"], items=new["income_items"], changed=changed["households"]
    )  # fmt: skip
