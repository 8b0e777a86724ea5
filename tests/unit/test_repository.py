"""What is in the repository stays fit for strangers: no company's name, no machine's path, no secret, no dead statement."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.shared.book import Book, default_shipped

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).relative_to(ROOT).as_posix()
ROOMS = sorted(file.parent for file in (ROOT / "bot").glob("*/queries.sql"))
SHELF = default_shipped()

COMPANY = re.compile("[恒]大|[弘]毅|[比](?:亚|亞)[迪]")
# A package index, wherever it is written: as a setting or as an address.
REGISTRY = re.compile(
    r"https?://[^\s/\"']*\b(?:pypi|python[h]osted|registry|npmjs|artifactory|nexus|devpi|mirrors?)\b|"
    r"(?:index|registry)[-_]url\s*[=:]?\s*[\"']?https?:|//[^\s/]+(?:/[^\s/]+)*/simple/?(?=[\s\"']|$)",
    re.IGNORECASE | re.MULTILINE,
)
MACHINE = re.compile(r"(?<![\w.$}/-])/(?:work|root|home/\w+|Users/\w+)\b|\b[A-Z]:\\Users\\|(?:\.\./)(?:shared|norms)\b")
TOKEN = re.compile(
    r"\b\d{6,12}:[A-Za-z0-9_-]{30,}|\b(?:gh[pousr]|github_pat|xox[abp]|sk|AKIA)[-_]?[A-Za-z0-9]{20,}|PRIVATE KEY-----"
)


def tracked() -> Iterator[tuple[str, str]]:
    """Every text file that git knows, with what is in it now."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("这里不是 git 检出的目录，没法知道哪些文件属于仓库。")
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip(f"git 没能列出文件：{asked.stderr.strip()}")
    for name in filter(None, asked.stdout.split("\0")):
        file = ROOT / name
        data = file.read_bytes() if file.is_file() else b""
        if b"\0" not in data and name != HERE:  # this file has to name what it looks for
            yield name, data.decode("utf-8", errors="replace")


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, content in tracked()
        for text in (content, name)
        for match in pattern.finditer(text)
    ]


@pytest.mark.parametrize("pattern", [COMPANY, REGISTRY, MACHINE], ids=["a-company", "a-registry", "a-machine"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    assert found(pattern) == []


def test_no_file_holds_a_secret() -> None:
    assert [place for place in found(TOKEN) if not place.startswith("tests/")] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (COMPANY, "某某恒" + "大物业"),
        (REGISTRY, "--index-url https://packages.example/simple"),
        (REGISTRY, "index-url = http://packages.example:8080/root/simple/"),
        (REGISTRY, 'registry_url: "https://x.example"'),
        (REGISTRY, "https://files.python" + "hosted.org/a.whl"),
        (MACHINE, "cd /wo" + "rk/main"),
        (MACHINE, "'/root/.cache'"),
        (MACHINE, "HOME=/home/wang"),
        (MACHINE, "see ../sha" + "red/notes.md"),
        (TOKEN, "BOT_TOKEN=7123456789:AAHk2l3j4h5g6f7d8s9a0qwertyuiopzxcv"),
        (TOKEN, "ghp_0123456789abcdefghijABCDEFGHIJ"),
    ],
)
def test_what_is_looked_for_would_be_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text", ["--no-emit-index-url", "https://t.me/x", "bot/wo" + "rk/x", "/workdays", "a/home", "#0611:07"]
)
def test_what_is_harmless_is_let_be(text: str) -> None:
    assert not any(pattern.search(text) for pattern in (COMPANY, REGISTRY, MACHINE, TOKEN))


@pytest.mark.parametrize("name", sorted(file.name for file in SHELF.glob("*.yaml")))
def test_every_file_of_the_phrasebook_keeps_its_schema(name: str) -> None:
    assert Book(SHELF).read(name)


@pytest.mark.parametrize("name", sorted({f.relative_to(SHELF).parts[0] for f in SHELF.glob("*/**/*.yaml")}))
def test_every_folder_of_the_phrasebook_keeps_its_schema(name: str) -> None:
    assert Book(SHELF).read_folder(name)
    assert not list((SHELF / name).glob("*/*.yaml")), "子文件夹里的文件没有人读。"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.name))
def test_a_room_uses_every_statement_it_has_and_has_every_one_it_uses(room: Path) -> None:
    named = re.findall(r"^--\s*name:\s*(\w+)", (room / "queries.sql").read_text(encoding="utf-8"), re.MULTILINE)
    code = "\n".join(file.read_text(encoding="utf-8") for file in room.glob("*.py"))
    used = set(re.findall(r"\bQ\.(\w+)", code))
    assert len(named) == len(set(named)), "同一个名字写了两条语句。"
    assert set(named) - used == set(), "这些语句没有人用。"
    assert used - set(named) == set(), "代码里用了 queries.sql 里没有的语句。"
