"""Every setting: what it means, its unit, its default. From the environment and `huashu.yaml`; the environment wins."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import AliasChoices, AnyHttpUrl, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from bot.errors import SettingsError
from bot.language.speech import _

ENVIRONMENT = {"bot_token": "BOT_TOKEN", "database_url": "DATABASE_URL", "home": "HUASHU_HOME", "book": "HUASHU_BOOK",
               "tz": "HUASHU_TZ"}  # fmt: skip


def default_home() -> Path:
    """Where data lives unless HUASHU_HOME says otherwise (XDG base directories)."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "huashu"


class Settings(BaseSettings):
    """Names with their environment variables; in huashu.yaml the same names in small letters."""

    model_config = SettingsConfigDict(
        env_prefix="HUASHU_", env_ignore_empty=True, extra="forbid", populate_by_name=True
    )

    bot_token: Annotated[
        str,
        Field(
            validation_alias=AliasChoices("BOT_TOKEN", "bot_token"), description="BotFather 给的令牌；空着就进演练场"
        ),
    ] = ""
    database_url: Annotated[
        str,
        Field(
            validation_alias=AliasChoices("DATABASE_URL", "database_url"),
            description="数据库地址，如 sqlite:///绝对路径；空着用数据文件夹里的文件",
        ),
    ] = ""
    home: Annotated[Path, Field(description="数据文件夹")] = Field(default_factory=default_home)
    book: Annotated[Path | None, Field(description="团队自己的话术文件夹，叠加在自带的之上")] = None
    tz: Annotated[str, Field(description="团队所在时区，如 Asia/Shanghai；空着用话术文件夹里 calendar.yaml 写的")] = ""
    org: Annotated[str, Field(description="对客户自称的单位名；空着时话术里留【单位】", max_length=40)] = ""
    api_url: Annotated[AnyHttpUrl | None, Field(description="另一个 Bot API 服务器的地址")] = None
    webhook: Annotated[AnyHttpUrl | None, Field(description="Telegram 推送消息的地址；空着就由机器人主动取")] = None
    webhook_secret: Annotated[
        str, Field(description="推送的暗号，1–256 个字母、数字、_ 或 -", pattern=r"^[A-Za-z0-9_-]{0,256}$")
    ] = ""
    port: Annotated[int, Field(description="接收推送的端口", ge=0, le=65535)] = 8080
    playground_port: Annotated[int, Field(description="演练场网页的端口，0 为任选", ge=0, le=65535)] = 8765
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="日志详细程度")] = "info"
    log_json: Annotated[bool, Field(description="日志是否用 JSON 格式")] = False

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value and value not in available_timezones():
            raise ValueError(_("不是时区名，要写成 Asia/Shanghai 这样"))
        return value

    @field_validator("bot_token")
    @classmethod
    def _token_shape(cls, value: str) -> str:
        if value and ":" not in value:
            raise ValueError(_("不像 BotFather 给的令牌，应是“数字:字母”的样子"))
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'huashu.sqlite3'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = Path(init_settings.init_kwargs.get("home") or default_home())  # type: ignore[attr-defined]
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, home / "huashu.yaml")


def read_settings(**given: Any) -> Settings:
    """Read all settings; `given` (from the command line) wins over the environment, that over huashu.yaml.

    Raises SettingsError naming each setting, where it was read, what is wrong and what is allowed.
    """
    home = Path(given.pop("home", None) or os.environ.get("HUASHU_HOME") or default_home())
    file = home / "huashu.yaml"
    lines = _lines(file)
    try:
        return Settings(home=home, **{name: value for name, value in given.items() if value is not None})
    except ValidationError as problem:
        raise SettingsError("\n".join(_told(error, file, lines) for error in problem.errors())) from None


def _lines(file: Path) -> dict[str, int]:
    """On which line each setting of huashu.yaml stands. Raises SettingsError when the file is not a plain list of them."""
    if not file.is_file():
        return {}
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise SettingsError(
            _("{file} 第 {line} 行：不是合法的 YAML，请检查缩进、冒号和引号。").format(file=file, line=line)
        ) from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise SettingsError(_("{file} 第 1 行：要写成“设置名: 值”，每行一个。").format(file=file))
    for key, _value in node.value:
        if key.tag != "tag:yaml.org,2002:str":
            raise SettingsError(
                _("{file} 第 {line} 行：冒号前面要写设置名。").format(file=file, line=key.start_mark.line + 1)
            )
    return {key.value: key.start_mark.line + 1 for key, _value in node.value}


def _told(error: Any, file: Path, lines: dict[str, int]) -> str:
    """One problem as a sentence. Values are not repeated for secrets."""
    name = str(error["loc"][0]) if error["loc"] else ""
    key = name.lower()
    variable = ENVIRONMENT.get(key, f"HUASHU_{key.upper()}")
    in_file = key in lines and not os.environ.get(variable)
    where = (
        _("{file} 第 {line} 行").format(file=file, line=lines[key])
        if in_file
        else _("环境变量 {name}").format(name=variable)
    )
    if error["type"] == "extra_forbidden":
        known = "、".join(Settings.model_fields)
        return _("{where}：没有 {name} 这个设置。可以写：{known}。").format(where=where, name=name, known=known)
    field = Settings.model_fields.get(key)
    allowed = (field.description or "") if field else ""
    limits = {
        "int_parsing": _("要写整数"), "bool_parsing": _("要写 true 或 false"), "url_parsing": _("要写完整网址，如 https://…"),
        "url_scheme": _("网址要以 http:// 或 https:// 开头"), "greater_than_equal": _("数太小"), "less_than_equal": _("数太大"),
        "string_too_long": _("太长"), "string_pattern_mismatch": _("有不允许的字符"),
    }  # fmt: skip
    if error["type"] == "literal_error":
        wrong = _("只能是 {values}").format(values=error["ctx"]["expected"].replace("'", "").replace(" or ", "、"))
    elif error["type"] == "value_error":
        wrong = str(error["ctx"]["error"])
    else:
        wrong = limits.get(error["type"], _("写法不对"))
    return _("{where}：{name} {wrong}（{allowed}）。").format(where=where, name=name, wrong=wrong, allowed=allowed)
