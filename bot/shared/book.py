"""The phrasebook on disk: the book that ships, a team's overlay laid over it, each file held to its schema.

Lines are remembered through the merge, so that whoever broke a file hears which line of which file.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from bot.errors import BookError
from bot.language.speech import _


def default_shipped() -> Path:
    """The phrasebook that ships: inside the package in an installed wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "phrasebook"
    return inside if inside.is_dir() else package.parent / "phrasebook"


@dataclass(frozen=True)
class Book:
    """Reads phrasebook files. Every call reads afresh; what is wrong comes as one BookError listing all of it."""

    _shipped: Path
    _overlay: Path | None = None

    def read(self, name: str) -> Any:
        """One file, such as "clocks.yaml", with the team's file of the same name merged over it."""
        problems: list[str] = []
        shipped = self._shipped / name
        if not shipped.is_file():
            problems.append(_("{file}：找不到这个文件。").format(file=self._label(shipped)))
        parts = [self._load(file, problems) for file in (shipped, *self._of_team(name)) if file.is_file()]
        layers = [part for part in parts if part is not None]
        return self._checked(layers, self._schema(Path(name).stem), problems)

    def read_folder(self, name: str) -> list[Any]:
        """All files of a folder, such as "phrases": lists joined, single things collected, overlay merged by id."""
        problems: list[str] = []
        if not (self._shipped / name).is_dir():
            problems.append(_("{file}：找不到这个文件夹。").format(file=self._label(self._shipped / name)))
        shipped = self._gather(self._shipped / name, problems)
        layers = [shipped]
        for folder in self._of_team(name):
            layers.append(self._gather(folder, problems))
        schema = self._schema(name)
        if schema.get("type") != "array":
            schema = {"type": "array", "items": schema, "$defs": schema.get("$defs", {})}
        read: list[Any] = self._checked(layers, schema, problems)
        return read

    def fingerprint(self, *names: str) -> str:
        """What these files and folders are, to the byte, the team's and the schemas too: changes when any of them does."""
        marks = hashlib.sha256()
        for name in names:
            schema = self._shipped / "schema" / f"{Path(name).stem}.schema.json"
            for place in (schema, self._shipped / name, *self._of_team(name)):
                for file in sorted(place.glob("*.yaml")) if place.is_dir() else [place]:
                    letters = file.read_bytes() if file.is_file() else b""
                    marks.update(f"{file.name} {len(letters)}\n".encode() + letters)
        return marks.hexdigest()

    def _of_team(self, name: str) -> list[Path]:
        if self._overlay is None:
            return []
        if not self._overlay.is_dir():
            raise BookError(
                _("{folder}：找不到团队自己的话术文件夹，请建好它，或改正设置 HUASHU_BOOK。").format(
                    folder=self._overlay
                )
            )
        return [self._overlay / name]

    def _schema(self, stem: str) -> dict[str, Any]:
        file = self._shipped / "schema" / f"{stem}.schema.json"
        if not file.is_file():
            raise BookError(_("{file}：找不到这个文件，没法核对内容。").format(file=self._label(file)))
        schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return schema

    def _label(self, file: Path) -> str:
        if file.is_relative_to(self._shipped):
            return (Path("phrasebook") / file.relative_to(self._shipped)).as_posix()
        return str(file)

    def _load(self, file: Path, problems: list[str]) -> "_Node | None":
        return _Reader(self._label(file), problems).read(file)

    def _gather(self, folder: Path, problems: list[str]) -> "_Node":
        items: list[_Node] = []
        for file in sorted(folder.glob("*.yaml")):
            node = self._load(file, problems)
            if node is not None and node.value is not None:
                items.extend(node.value if isinstance(node.value, list) else [node])
        _refuse_twins(items, problems)
        return _Node(items, self._label(folder), 1)

    def _checked(self, layers: "list[_Node]", schema: dict[str, Any], problems: list[str]) -> Any:
        """The layers merged and held to the schema; a file that can't be read at all is told first, alone."""
        if not problems:
            merged = layers[0]
            for over in layers[1:]:
                merged = merged if over.value is None else _merge(merged, over)
            plain = merged.plain()
            problems += _Critic(schema).complaints(merged, plain)
            if not problems:
                return plain
        raise BookError("\n".join(problems))


@dataclass(frozen=True)
class _Node:
    """A value of the book with the place where somebody wrote it."""

    value: Any  # a scalar, list[_Node] or dict[str, _Node]
    file: str
    line: int
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    @property
    def id(self) -> Any:
        return self.value["id"].value if isinstance(self.value, dict) and "id" in self.value else None

    def where(self) -> str:
        return _("{file} 第 {line} 行").format(file=self.file, line=self.line)


def _merge(under: _Node, over: _Node) -> _Node:
    if isinstance(under.value, dict) and isinstance(over.value, dict):
        merged = dict(under.value)
        for key, node in over.value.items():
            merged[key] = _merge(merged[key], node) if key in merged else node
        return replace(over, value=merged)
    if isinstance(under.value, list) and isinstance(over.value, list) and _has_ids(under.value):
        items = {node.id: node for node in under.value}
        for place, node in enumerate(over.value):
            key = ("without id", place) if node.id is None else node.id
            items[key] = _merge(items[key], node) if key in items else node
        return replace(under, value=list(items.values()))
    return over


def _has_ids(nodes: list[_Node]) -> bool:
    return bool(nodes) and all(isinstance(node.id, str) for node in nodes)


def _refuse_twins(nodes: list[_Node], problems: list[str]) -> None:
    first: dict[str, _Node] = {}
    for node in nodes:
        if not isinstance(node.id, str):
            continue
        twin = first.setdefault(node.id, node)
        if twin is not node:
            told = _("{where}：id “{id}” 重复了，{first} 已经用过；每个 id 只能用一次。")
            line = told.format(where=node.where(), id=node.id, first=twin.where())
            if line not in problems:
                problems.append(line)


# Reading: YAML nodes with their lines


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with YAML 1.2's idea of scalars: 05:30 is text, and so are yes, no, on, off and dates."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way


class _SlowLoader(yaml.SafeLoader):
    """The same in Python: asked only when a file is broken, for its steadier error messages."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way


_INT, _FLOAT, _BOOL, _NULL, _STR = (f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null", "str"))


def _scalars_of_yaml_1_2() -> None:
    digits = list("-+0123456789")
    for loader in (_Loader, _SlowLoader):
        loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
        loader.add_implicit_resolver(_NULL, re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
        loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?[0-9]+$"), digits)
        loader.add_implicit_resolver(
            _FLOAT, re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$"), [*digits, "."]
        )


_scalars_of_yaml_1_2()


class _Reader:
    """One file to nodes; what is wrong goes to `problems` and the rest is read on."""

    def __init__(self, label: str, problems: list[str]) -> None:
        self._label = label
        self._problems = problems
        self._open: set[int] = set()

    def read(self, file: Path) -> _Node | None:
        before = len(self._problems)
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._problems.append(_("{file}：不是 UTF-8 编码，请用 UTF-8 另存。").format(file=self._label))
            return None
        root = self._compose(text)
        if len(self._problems) > before:
            return None
        if root is None:
            return _Node(None, self._label, 1)
        node = self._node(root, root.start_mark.line + 1)
        return None if len(self._problems) > before else node

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            composed: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        except yaml.YAMLError:
            try:
                composed = yaml.compose(text, Loader=_SlowLoader)
            except yaml.YAMLError as error:
                line, what = _explain(error, text)
                self._say(line, what)
                return None
        return composed

    def _say(self, line: int, what: str) -> None:
        where = _("{file} 第 {line} 行").format(file=self._label, line=line)
        self._problems.append(_("{where}：{what}").format(where=where, what=what))

    def _node(self, node: yaml.Node, line: int) -> _Node:
        if id(node) in self._open:
            self._say(line, _("这里的 * 引用绕回了自己。"))
            return _Node(None, self._label, line)
        self._open.add(id(node))
        read = self._opened(node, line)
        self._open.discard(id(node))
        return read

    def _opened(self, node: yaml.Node, line: int) -> _Node:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, line)
        if isinstance(node, yaml.SequenceNode):
            items = [self._node(item, item.start_mark.line + 1) for item in node.value]
            _refuse_twins(items, self._problems)
            return _Node(items, self._label, line)
        return _Node(self._scalar(node, line), self._label, line)

    def _mapping(self, node: yaml.MappingNode, line: int) -> _Node:
        entries: dict[str, _Node] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._say(key_line, _("名称只能是一个词；文字以 {{ 或 [ 开头时请用引号括起来。").format())
                continue
            key = str(key_node.value)
            if key in entries:
                told = _("`{key}` 写了两次，第 {first} 行已经有了，请留一个。")
                self._say(key_line, told.format(key=key, first=lines[key]))
                continue
            lines[key] = key_line
            entries[key] = self._node(value_node, key_line)
        return _Node(entries, self._label, line, lines)

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        text = str(node.value)
        if node.tag == _NULL:
            return None
        if node.tag == _BOOL and text.lower() in ("true", "false"):
            return text.lower() == "true"
        try:
            if node.tag == _INT:
                return int(text)
            if node.tag == _FLOAT:
                return float(text)
        except ValueError:
            self._say(line, _("“{text}” 不是数字。").format(text=text))
            return None
        if node.tag != _STR:
            self._say(line, _("“{tag}” 这种标签不能用，请直接写文字或数字。").format(tag=node.tag))
        return text


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """A syntax error as line number and Chinese sentence, with a guess at the usual slips."""
    if not isinstance(error, yaml.MarkedYAMLError):
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return line, _("有一个不能用的控制字符，请删掉后重新输入。")
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    number = min((mark.line if mark else 0) + 1, max(len(lines), 1))
    problem = f"{error.context or ''} {error.problem or ''}"
    here = lines[number - 1] if lines else ""
    if "'\\t'" in problem or "\t" in here[: len(here) - len(here.lstrip())]:
        return number, _("用了制表符（Tab）缩进，只能用空格。")
    started = error.context_mark.line + 1 if error.context_mark else number
    for place in (number, started):
        written = lines[place - 1].strip() if 0 < place <= len(lines) else ""
        opening = written.removeprefix("- ").split(": ", 1)[-1].strip()
        if opening[:1] == "{" and "flow" not in problem.replace("flow mapping", "") and not opening.endswith("}"):
            return place, _("文字以 {{ 开头时，整句请用英文引号括起来。").format()
    if "quoted scalar" in problem:
        return started, _("引号没有配成对。")
    if "undefined alias" in problem:
        return number, _("* 开头表示引用，可前面没有这个名字；文字以 * 开头时请用英文引号括起来。")
    if "cannot start any token" in problem:
        return number, _("文字不能以“{char}”开头，请用英文引号把整句括起来。").format(char=_offending(problem))
    for place in range(number, max(min(started, number - 1), 1) - 1, -1):
        if re.match(r"\s*(- )?[^\s：:\"'#]+：", lines[place - 1] if place <= len(lines) else ""):
            return place, _("用了中文冒号“：”，名称后面要用英文冒号加一个空格。")
    if "mapping values are not allowed" in problem:
        return number, _("这里的冒号放错了：要么上一行缩进不对，要么文字里有冒号，须用英文引号括起来。")
    if "expected ':'" in problem:
        return number, _("缺少英文冒号加空格，或缩进与上文没有对齐。")
    if "flow" in problem:
        return number, _("方括号或花括号没有配成对；文字以括号开头时请用英文引号括起来。")
    if "block" in problem:
        return number, _("缩进与上文没有对齐，或少了“- ”。")
    if "document" in problem:
        return number, _("一个文件里只能有一份内容，请去掉多余的“---”。")
    return number, _("这里不符合 YAML 的写法，请对照上下文检查缩进、冒号和引号。")


def _offending(problem: str) -> str:
    quoted = problem.split("found character ", 1)[-1].split(" that cannot", 1)[0]
    return quoted.strip("'\"")


# Checking: what the schema's keywords mean, in Chinese


class _Critic:
    """Holds a merged file to its schema and says in Chinese what is wrong and what is allowed."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._root = schema
        self._validator = Draft202012Validator(schema)

    def complaints(self, merged: _Node, plain: Any) -> list[str]:
        told: dict[tuple[int, str], None] = {}
        for error in self._validator.iter_errors(plain):
            for line, sentence in self._tell(error, merged):
                told.setdefault((line, sentence))
        return [sentence for _line, sentence in sorted(told, key=lambda pair: pair[0])]

    def _tell(self, error: ValidationError, merged: _Node) -> Iterator[tuple[int, str]]:
        branch = self._branch(error)
        if branch:
            for inner in branch:
                yield from self._tell(inner, merged)
            return
        node, path = _follow(merged, error.absolute_path)
        for line, what in self._sentences(error, node, path):
            place = replace(node, line=line)
            yield line, _("{where}：{what}").format(where=place.where(), what=what)

    def _branch(self, error: ValidationError) -> list[ValidationError]:
        """Of several allowed forms, the errors of the only one this value could have meant; else none."""
        if error.validator not in ("anyOf", "oneOf") or not error.context:
            return []
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [
            errors
            for errors in branches.values()
            if not any(e.validator in ("type", "const", "enum") and e.instance is error.instance for e in errors)
        ]
        return meant[0] if len(meant) == 1 else []

    def _sentences(self, error: ValidationError, node: _Node, path: str) -> Iterator[tuple[int, str]]:
        rule: str = str(error.validator)
        allowed: Any = error.validator_value
        given: Any = error.instance
        schema = error.schema if isinstance(error.schema, dict) else {}
        called = f"`{path}` " if path else _("文件")
        if rule == "required":
            for key in allowed:
                if key not in given:
                    what = _("{called}缺少 `{key}`{note}。")
                    properties = schema.get("properties", {})
                    yield node.line, what.format(called=called, key=key, note=self._note(properties.get(key, {})))
        elif error.parent is None and "propertyNames" in error.absolute_schema_path:
            told = _("{called}里的名称 {value} 写得不对，名称只能是 {allowed}。")
            line = node.key_lines.get(given, node.line)
            yield line, told.format(called=called, value=_quoted(given), allowed=self._with_note(schema))
        elif rule in ("additionalProperties", "unevaluatedProperties"):
            yield from self._strangers(error, node, called, schema)
        elif rule == "dependentRequired":
            for key, needed in allowed.items():
                for other in needed:
                    if key in given and other not in given:
                        yield (
                            node.line,
                            _("{called}写了 `{key}`，还要写 `{other}`。").format(called=called, key=key, other=other),
                        )
        elif rule in ("uniqueItems",):
            yield node.line, _("{called}里有重复的项，每项只能写一次。").format(called=called)
        elif rule == "contains":
            told = _("{called}里至少要有一项是 {allowed}。")
            yield node.line, told.format(called=called, allowed=self._allowed(allowed))
        elif rule in ("minItems", "maxItems"):
            told = _("{called}有 {count} 项，只能是 {allowed}。")
            yield node.line, told.format(called=called, count=len(given), allowed=self._with_note(schema))
        elif rule in ("minProperties", "maxProperties"):
            told = _("{called}里写了 {count} 个名称，{bound}。")
            bound = _("至少要 {n} 个") if rule == "minProperties" else _("最多 {n} 个")
            yield node.line, told.format(called=called, count=len(given), bound=bound.format(n=allowed))
        elif rule in ("not", "dependentSchemas") or error.schema is False:
            told = _("{called}不能写成 {value}{note}。")
            yield node.line, told.format(called=called, value=_quoted(given), note=self._note(schema))
        else:
            told = _("{called}写成了 {value}，只能是 {allowed}。")
            shown = _quoted(given)
            yield node.line, told.format(called=called, value=shown, allowed=self._with_note(schema))

    def _strangers(
        self, error: ValidationError, node: _Node, called: str, schema: Mapping[str, Any]
    ) -> Iterator[tuple[int, str]]:
        given: Any = error.instance
        known = [str(key) for key in schema.get("properties", {})]
        # `additionalProperties: false` names nobody: ask again which keys no rule covers.
        patterns = schema.get("patternProperties", {})
        for key in given:
            if key in known or any(re.search(pattern, key) for pattern in patterns):
                continue
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            line = node.key_lines.get(key, node.line)
            if near:
                told = _("{called}里没有 `{key}` 这个名称，是不是想写 `{near}`？")
                yield line, told.format(called=called, key=key, near=near[0])
            else:
                told = _("{called}里没有 `{key}` 这个名称，可用的有：{known}。")
                listed = "、".join(f"`{name}`" for name in known)
                yield line, told.format(called=called, key=key, known=listed or _("（无）"))

    def _resolved(self, schema: Any) -> dict[str, Any]:
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/"):
            target: Any = self._root
            for part in reference[2:].split("/"):
                target = target.get(part, {}) if isinstance(target, dict) else {}
            return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema

    def _note(self, schema: Any) -> str:
        description = self._resolved(schema).get("description")
        return _("（{text}）").format(text=str(description).rstrip("。")) if description else ""

    def _with_note(self, schema: Mapping[str, Any]) -> str:
        return self._allowed(schema) + self._note(schema)

    def _allowed(self, schema: Any) -> str:
        """What a schema lets through, as a noun phrase."""
        schema = self._resolved(schema)
        if "const" in schema:
            return _shown(schema["const"])
        if "enum" in schema:
            return _("{choices} 之一").format(choices="、".join(_shown(choice) for choice in schema["enum"]))
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return _("，或 ").join(self._with_note(choice) for choice in schema[several])
        kinds = schema.get("type")
        named = [kinds] if isinstance(kinds, str) else list(kinds or [self._implied(schema)])
        return _("，或 ").join(self._kind(kind, schema) for kind in named)

    def _implied(self, schema: Mapping[str, Any]) -> str:
        if schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}:
            return "number"
        if schema.keys() & {"pattern", "minLength", "maxLength", "format"}:
            return "string"
        return "array" if "items" in schema else "object" if "properties" in schema else "any"

    def _kind(self, kind: str, schema: Mapping[str, Any]) -> str:
        if kind in ("integer", "number"):
            whole = _("整数") if kind == "integer" else _("数字")
            steps = schema.get("multipleOf")
            if steps is not None:
                whole = _("{n} 的倍数").format(n=steps)
            least, most = schema.get("minimum"), schema.get("maximum")
            above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
            if least is not None and most is not None:
                return _("{least}–{most} 之间的{kind}").format(least=least, most=most, kind=whole)
            bounds = [
                told.format(n=bound)
                for told, bound in (
                    (_("不小于 {n}"), least),
                    (_("不大于 {n}"), most),
                    (_("大于 {n}"), above),
                    (_("小于 {n}"), below),
                )
                if bound is not None
            ]
            return _("{bounds} 的{kind}").format(bounds="、".join(bounds), kind=whole) if bounds else whole
        if kind == "string":
            return self._text(schema)
        if kind == "array":
            size = _span(schema.get("minItems"), schema.get("maxItems"), _("项"))
            return _("列表{size}，每项以“- ”开头").format(size=size)
        return {
            "boolean": _("true 或 false"),
            "object": _("一组“名称: 值”"),
            "null": _("留空"),
        }.get(kind, _("别的写法"))

    def _text(self, schema: Mapping[str, Any]) -> str:
        said = _("文字{size}").format(size=_span(schema.get("minLength"), schema.get("maxLength"), _("个字")))
        examples = schema.get("examples")
        if examples:
            return said + _("，例如 {some}").format(some="、".join(_shown(example) for example in examples))
        if "pattern" in schema and "description" not in schema:
            return said + _("，写法须符合 {pattern}").format(pattern=schema["pattern"])
        return said


def _span(least: Any, most: Any, unit: str) -> str:
    if least is None and most is None:
        return ""
    if least is not None and most is not None:
        told = _("（{least}–{most} {unit}）") if least != most else _("（{least} {unit}）")
    else:
        told = _("（至少 {least} {unit}）") if least is not None else _("（最多 {most} {unit}）")
    return told.format(least=least, most=most, unit=unit)


def _follow(node: _Node, path: Iterable[str | int]) -> tuple[_Node, str]:
    """The node at a path, and the path as a person would name it: list items by their id, else by number."""
    named: list[str] = []
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
            named.append(str(node.id) if isinstance(node.id, str) else _("第{n}项").format(n=step + 1))
        else:
            node = node.value[step]
            named.append(str(step))
    return node, ".".join(named)


def _quoted(value: Any) -> str:
    if value is None:
        return _("空")
    if isinstance(value, dict):
        return _("一组“名称: 值”")
    if isinstance(value, list):
        return _("列表")
    text = _shown(value)
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _("留空") if value is None else str(value)
