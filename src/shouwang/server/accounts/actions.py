"""What people call the acts of the audit trail."""

from __future__ import annotations

from shouwang.language import current

ACTIONS: dict[str, tuple[str, str]] = {
    "sign_in": ("登录", "signed in"),
    "sign_in.refused": ("登录未成", "was refused"),
    "sign_out": ("退出登录", "signed out"),
    "account.create": ("新建账号", "made an account"),
    "upload": ("上传表格", "sent spreadsheets"),
    "upload.declined": ("没有导入", "did not take them in"),
    "import": ("导入", "took facts in"),
    "import.undone": ("撤回导入", "took an import back"),
    "screening": ("研判", "screened"),
    "ledger.export": ("下载台账", "downloaded the ledger"),
    "number.read": ("看完整号码", "saw whole numbers"),
}


def action_name(action: str) -> str:
    """The act in the language now spoken; the action itself where it has no name."""
    zh, en = ACTIONS.get(action, (action, action))
    return en if current() == "en" else zh
