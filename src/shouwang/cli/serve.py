"""``shouwang serve``, ``shouwang migrate`` and ``shouwang user``: the server, its database, its first accounts."""

from __future__ import annotations

import argparse
import os
import re
import socket
from pathlib import Path

from shouwang.errors import InputError
from shouwang.language import _


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the three subcommands."""
    serve = subparsers.add_parser("serve", help=_("启动网页服务"))
    serve.add_argument("--port", type=int, default=8000, help=_("网页服务的端口"))
    serve.add_argument("--host", default="127.0.0.1", help=_("在哪个地址上提供服务；0.0.0.0 表示全部网卡"))
    serve.add_argument(
        "--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help=_("用这张证书和私钥加密（HTTPS）")
    )
    serve.set_defaults(run=_serve)
    migrate = subparsers.add_parser("migrate", help=_("建立或升级数据库"))
    migrate.set_defaults(run=_migrate)
    user = subparsers.add_parser("user", help=_("新建一个账号，随机密码只显示一次"))
    user.add_argument("username", help=_("用户名"))
    user.add_argument("--name", required=True, help=_("姓名"))
    user.add_argument(
        "--role",
        action="append",
        required=True,
        metavar="ROLE@AREA",
        help=_("角色和辖区，如 town_officer@500151122；可以写几次"),
    )
    user.set_defaults(run=_user)
    for parser in (serve, migrate, user):
        parser.add_argument(
            "--dir", type=Path, metavar="DIR", help=_("数据放在哪个文件夹（默认 shouwang-data）")
        )


def start_django(folder: Path | None) -> None:
    """Loads the server's settings over a data folder."""
    import django

    if folder is not None:
        os.environ["SHOUWANG_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.server.config.settings")
    django.setup()


def _migrate(options: argparse.Namespace) -> int:
    start_django(options.dir)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print(_("数据库已是最新的。"))
    return 0


def _user(options: argparse.Namespace) -> int:
    grants = []
    for written in options.role:
        role, at, area = written.partition("@")
        if not re.fullmatch(r"(|[0-9]{6}|[0-9]{9}|[0-9]{12})", area) or (at and not area):
            raise InputError(
                _("“{text}”不是角色和辖区").format(text=written),
                where="--role",
                remedy=_("请写成 town_officer@500151122；管理员不写辖区"),
            )
        grants.append((role, area))
    start_django(options.dir)
    from shouwang.server.accounts.services import create_account

    _account, password = create_account("shouwang user", options.username, options.name, grants)
    print(
        _("账号 {name} 已建立，密码 {password}（只显示这一次）").format(
            name=options.username, password=password
        )
    )
    return 0


def _serve(options: argparse.Namespace) -> int:
    check_port(options.host, options.port)
    return serve_at(options.host, options.port, options.dir, options.tls)


def check_port(host: str, port: int) -> None:
    """InputError where something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise InputError(
                _("端口 {port} 用不了：{why}").format(port=port, why=error.strerror),
                where="--port",
                remedy=_("请换一个端口，例如 --port 8080"),
            ) from error


def serve_at(host: str, port: int, folder: Path | None, tls: tuple[Path, Path] | None = None) -> int:
    """Brings the database up to date and serves until it is stopped."""
    if tls:
        os.environ["SHOUWANG_TLS"] = "1"
    start_django(folder)
    from django.core.management import call_command
    from django.db import connections

    from shouwang.server.config.gunicorn import Served

    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()  # the serving processes open their own
    address = f"{'https' if tls else 'http'}://{host}:{port}"
    print(_("网页服务在 {address}，按 Ctrl+C 停止").format(address=address), flush=True)
    Served(f"{host}:{port}", tls).run()
    return 0
