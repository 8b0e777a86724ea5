"""Exit 0 when the bot keeps up, else 1 with the reason: nothing that arrived may wait for long, whichever way it came."""

import sqlite3
import sys
import urllib.request
from datetime import UTC, datetime, timedelta

from bot.settings import Settings, read_settings
from bot.shared.database import path_of, stored

LONGEST_WAIT = timedelta(minutes=2)


def problem(settings: Settings, now: datetime) -> str | None:
    if not settings.bot_token:
        return "没有 BOT_TOKEN，开着的是演练场。"
    file = path_of(settings.database)
    if not file.is_file():
        return f"还没有数据库 {file}。"
    if late := waiting(settings, now):
        return f"有 {late} 条消息收到两分钟还没处理。"
    if settings.webhook:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/healthz", timeout=5):
            pass
    return None


def waiting(settings: Settings, now: datetime) -> int:
    """How many updates have been here too long."""
    database = sqlite3.connect(path_of(settings.database), timeout=5)
    try:
        database.execute("PRAGMA query_only = ON")
        query = "SELECT COUNT(*) FROM updates WHERE done_at IS NULL AND received_at < ?"
        return int(database.execute(query, (stored(now - LONGEST_WAIT),)).fetchone()[0])
    finally:
        database.close()


def main() -> None:
    try:
        told = problem(read_settings(), datetime.now(UTC))
    except Exception as error:
        told = f"{type(error).__name__}：{error}"
    if told:
        sys.exit(told)


if __name__ == "__main__":
    main()
