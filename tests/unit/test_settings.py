"""Where a setting comes from, who wins, and the sentence when it is wrong."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as often
from hypothesis import strategies as some

from bot.errors import SettingsError
from bot.settings import ENVIRONMENT, Settings, default_home, read_settings

TOKEN = "123456:AbC-dEf"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's environment."""
    for name in (*Settings.model_fields, *ENVIRONMENT.values()):
        for spelled in (name.upper(), f"HUASHU_{name}".upper()):
            monkeypatch.delenv(spelled, raising=False)


def written(home: Path, text: str | bytes) -> Path:
    file = home / "huashu.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refused(home: Path, text: str | bytes | None = None, **given: object) -> str:
    if text is not None:
        written(home, text)
    with pytest.raises(SettingsError) as told:
        read_settings(home=home, **given)
    return told.value.sentence


# Where a setting comes from


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path)
    assert settings.bot_token == ""
    assert settings.database == f"sqlite:///{tmp_path / 'huashu.sqlite3'}"
    assert (settings.book, settings.tz, settings.api_url, settings.webhook) == (None, "", None, None)
    assert (settings.port, settings.playground_port, settings.log_level, settings.log_json) == (
        8080,
        8765,
        "info",
        False,
    )


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    written(tmp_path, "# 还没有设置\n")
    assert read_settings(home=tmp_path) == read_settings(home=tmp_path / "elsewhere").model_copy(
        update={"home": tmp_path}
    )


def test_the_file(tmp_path: Path) -> None:
    written(tmp_path, f"\ufefforg: 好家物业\nport: 9000\nlog_json: true\nbot_token: {TOKEN}\n")
    settings = read_settings(home=tmp_path)
    assert (settings.org, settings.port, settings.log_json, settings.bot_token) == ("好家物业", 9000, True, TOKEN)


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, f"port: 9000\norg: 好家\nbot_token: {TOKEN}\n")
    monkeypatch.setenv("HUASHU_PORT", "9001")
    monkeypatch.setenv("BOT_TOKEN", "2:b")
    settings = read_settings(home=tmp_path)
    assert (settings.port, settings.org, settings.bot_token) == (9001, "好家", "2:b")
    settings = read_settings(home=tmp_path, port=9002, bot_token=None)
    assert (settings.port, settings.bot_token) == (9002, "2:b")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("BOT_TOKEN", TOKEN, ("bot_token", TOKEN)),
        ("DATABASE_URL", "sqlite:////var/huashu.db", ("database", "sqlite:////var/huashu.db")),
        ("HUASHU_BOOK", "/etc/huashu/book", ("book", Path("/etc/huashu/book"))),
        ("HUASHU_TZ", "Asia/Urumqi", ("tz", "Asia/Urumqi")),
        ("HUASHU_LOG_LEVEL", "debug", ("log_level", "debug")),
    ],
)
def test_names_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: tuple[str, object]
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(home=tmp_path), read[0]) == read[1]


def test_home_from_the_environment_or_by_the_customs_of_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    written(tmp_path, "org: 好家\n")
    assert (read_settings().home, read_settings().org) == (tmp_path, "好家")
    monkeypatch.delenv("HUASHU_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == read_settings().home == tmp_path / "data" / "huashu"


# What is wrong is told as a sentence: where, what, and what is allowed


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("org: 好家\nport: 八千\n", 2, ("port 要写整数", "接收推送的端口")),
        ("port: 99999\n", 1, ("port 数太大",)),
        ("port: -1\n", 1, ("port 数太小",)),
        ("log_level: loud\n", 1, ("log_level 只能是", "debug", "error")),
        ("log_json: maybe\n", 1, ("要写 true 或 false",)),
        ("tz: Mars/Base\n", 1, ("tz 不是时区名", "Asia/Shanghai")),
        ("api_url: api.example.cn\n", 1, ("api_url 要写完整网址",)),
        ("webhook: ftp://example.cn\n", 1, ("webhook 网址要以 http:// 或 https:// 开头",)),
        ("\nwebhook_secret: 有 空格\n", 2, ("webhook_secret 有不允许的字符",)),
        (f"org: {'好' * 41}\n", 1, ("org 太长",)),
        ("prot: 80\n", 1, ("没有 prot 这个设置", "port", "log_level")),
        ("org:\n", 1, ("org",)),
        ("- port\n", 1, ("要写成“设置名: 值”",)),
        ("port 80\n", 1, ("要写成“设置名: 值”",)),
        ("org: 好家\nport: [80\n", 3, ("不是合法的 YAML",)),
        ("org: 好家\n\tport: 80\n", 2, ("不是合法的 YAML",)),
        ("org: 好家\n---\norg: 坏家\n", 2, ("不是合法的 YAML",)),
        ("org: 好家\n".encode("gbk"), 1, ("不是合法的 YAML",)),
    ],
)
def test_a_mistake_in_the_file_by_its_line(
    tmp_path: Path, text: str | bytes, line: int, words: tuple[str, ...]
) -> None:
    sentence = refused(tmp_path, text)
    assert sentence.startswith(f"{tmp_path / 'huashu.yaml'} 第 {line} 行：")
    for word in words:
        assert word in sentence


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    lines = refused(tmp_path, "port: 八千\nprot: 80\nlog_level: loud\n").splitlines()
    assert sorted(line.split("：")[0][-5:] for line in lines) == ["第 1 行", "第 2 行", "第 3 行"]


@pytest.mark.parametrize("token", ["secret-without-colon", "还没有"])
def test_a_wrong_token_is_never_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("BOT_TOKEN", token)
    sentence = refused(tmp_path)
    assert sentence.startswith("环境变量 BOT_TOKEN：")
    assert "不像 BotFather 给的令牌" in sentence
    assert token not in sentence


def test_a_wrong_setting_of_the_environment_is_called_by_its_name_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUASHU_TZ", "Mars/Base")
    assert refused(tmp_path).startswith("环境变量 HUASHU_TZ：tz 不是时区名")


@pytest.mark.parametrize("text", ["org: 2026-13-45\n", "org: !our company\n", "[a]: 1\n", "{{ port }}: 1\n", "1: 80\n"])
def test_what_yaml_reads_in_a_strange_way_is_a_sentence_too(tmp_path: Path, text: str) -> None:
    assert "第 1 行" in refused(tmp_path, text)


@pytest.mark.parametrize("text", ["", "port: 8080\n"])
def test_a_wrong_port_of_the_environment_is_called_huashu_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("HUASHU_PORT", "八千")
    assert refused(tmp_path, text).startswith("环境变量 HUASHU_PORT：")


@pytest.mark.parametrize("name", ["HUASHU_BOOK", "HUASHU_PORT", "HUASHU_API_URL"])
def test_an_empty_variable_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")  # as compose files hand on what is not set
    settings = read_settings(home=tmp_path)
    assert (settings.book, settings.port, settings.api_url) == (None, 8080, None)


# Whatever is written


@often(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    some.dictionaries(
        some.sampled_from(sorted(set(Settings.model_fields) - {"home", "tz"})),
        some.integers(-1, 99999).map(str)
        | some.sampled_from(
            ("好家", "true", "info", "debug", TOKEN, "https://a.cn", "Asia/Shanghai", "''", "a b", "1.5", "~")
        ),
        max_size=5,
    )
)
def test_any_values_are_read_or_refused_with_a_line_each(tmp_path: Path, values: dict[str, str]) -> None:
    file = written(tmp_path, "".join(f"{name}: {value}\n" for name, value in values.items()))
    try:
        read_settings(home=tmp_path)
    except SettingsError as problem:
        for line in problem.sentence.splitlines():
            assert line.startswith(f"{file} 第 ")
