"""Minding one's words: an agent writes a draft and is told what breaks a norm, why, and what to say instead."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.check import Checker, as_json
from bot.checks.rule import Occasion
from bot.checks.tight import tighten
from bot.checks.yaml_file import read_replacements, read_rules
from bot.shared.book import Book, default_shipped

BOOK = Book(default_shipped())
CHECKER = Checker(read_rules(BOOK), read_replacements(BOOK))


def told(draft: str, occasion: Occasion | None = None) -> list[str]:
    """The classes of what is wrong with a draft."""
    return [finding.kind for finding in CHECKER.check(draft, occasion=occasion).findings]


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("这个我不清楚，您再等等吧", "不知道"),
        ("我哪知道什么时候来电", "不知道"),
        ("这与我无关", "推诿"),
        ("您去找工程部吧", "推诿"),
        ("规定就是这样，不能退就是不能退", "生硬拒绝"),
        ("这个问题我处理不了", "推诿"),
        ("急什么，烦死人了", "不耐烦"),
        ("我已经说得很清楚了", "不耐烦"),
        ("要下班了，有事明天再来", "打发"),
        ("您听明白了没有", "反问质问"),
        ("您为什么不早说", "反问质问"),
        ("您搞错了", "责怪客户"),
        ("请您冷静一下好吗", "责怪客户"),
        ("有本事你去告", "挑衅"),
        ("墙上贴着，没长眼睛呀", "侮辱"),
        ("别打断我，听我说完", "打断"),
        ("我保证明天修好", "绝对承诺"),
        ("我们会双倍赔偿您", "越权承诺"),
        ("房子可以给您退", "越权承诺"),
        ("对不起，这是我们的错", "认责"),
        ("大概要等几天吧", "模糊承诺"),
        ("过几天给您答复", "模糊承诺"),
        ("我们尽快给您安排", "模糊承诺"),
        ("请问你需要什么帮助", "用你不用您"),
        ("我晕，怎么这样", "口头禅"),
        ("喂，讲话", "口头禅"),
        ("亲，木有货了哦", "网络用语"),
        ("楼上王先生的电话是13800000000", "泄露"),
        ("加我微信聊", "泄露"),
        ("工程部总是拖", "推诿"),
        ("给我发个红包就给您办", "廉洁"),
        ("您结婚了吗", "打听隐私"),
    ],
)
def test_each_kind_of_forbidden_wording_is_named(draft: str, kind: str) -> None:
    assert kind in told(draft)


@pytest.mark.parametrize(
    "draft",
    [
        "您好，请问有什么可以帮您？",
        "我不知道您是否方便，可以约个时间上门吗？",
        "不清楚的地方请随时问我",
        "如果您有不明白的地方，我再为您讲一遍",
        "不管多晚，我今天都会给您回电",
        "可能是我没有说清楚，让您误解了",
        "也许我说得不够清楚，请允许我再解释一遍",
        "我不太明白，能否请您再重复一下您的问题",
        "这是我们应该做的",
        "您填错了也没关系，我帮您改",
        "是我搞错了，非常抱歉",
        "您别着急，慢慢说",
        "我先帮您咨询一下，十分钟内给您回电",
        "我们会尽快安排，最迟今天下午四点上门",
        "为了保证您的用水安全，今晚检修",
        "我们无法保证结果，但会尽力",
        "您的赔偿要求已经登记，需要专人核实后答复",
        "您的退款今天上午已经到账",
        "很抱歉暂时无法满足您的要求，请您谅解",
        "很抱歉，我不能透露其他业主的电话",
        "物业费和垃圾清运费已缴清",
        "一切安好，祝您顺利",
    ],
)
def test_a_fine_draft_passes(draft: str) -> None:
    assert told(draft) == []


@pytest.mark.parametrize(
    "draft",
    [
        "您说“你们不管”，给您带来不便我深表歉意",
        "客戶說「急什麼」，我已如實記錄",
        '您反映师傅说"处理不了"，我们马上换一位师傅',
        "“不知道”这样的话我们不该说",
        "您反映师傅处理不了，我们换一位师傅上门",
    ],
)
def test_the_words_of_others_may_be_quoted(draft: str) -> None:
    assert told(draft) == []


def test_ones_own_words_in_quotation_marks_are_still_ones_own() -> None:
    assert told("我说了“不知道”") == ["不知道"]


@pytest.mark.parametrize(
    "draft", ["不 知 道", "不.知.道", "我不，知，道", "我不曉得", "不\u200b知道", "我　不　知　道"]
)
def test_disguises_do_not_help(draft: str) -> None:
    assert told(draft) == ["不知道"]


def test_a_finding_points_into_the_text_as_typed() -> None:
    draft = "您好😀！  您 聽 明 白 了 沒 有？"
    [finding] = CHECKER.check(draft).findings
    assert draft[finding.start : finding.end] == finding.found == "您 聽 明 白 了 沒 有"


@pytest.mark.parametrize(
    ("draft", "rewrite"),
    [
        ("请你稍等，你的报修我记下了", "请您稍等，您的报修我记下了"),
        ("您好，这个我不知道。", "您好，这个问题我先帮您核实一下，请您稍等。"),
        ("您搞错了", "我觉得可能是我们的沟通存在误会，我和您再核对一遍。"),
        ("急什么，后面还有人呢。师傅下午3点到。", "让您久等了，请您不要着急。师傅下午3点到。"),
        ("您先登记一下", None),
    ],
)
def test_the_draft_is_put_right_and_the_rest_of_it_stays(draft: str, rewrite: str | None) -> None:
    assert CHECKER.check(draft).rewrite == rewrite


def test_who_is_at_fault_decides_whether_it_may_be_said() -> None:
    assert told("这是我们的错") == ["认责"]
    assert told("这是我们的错", Occasion(fault_ours=True)) == []
    # With an action beside it, admitting is only pointed out.
    checked = CHECKER.check("这是我们的过失，我马上为您更换")
    assert (checked.verdict, checked.hints[0].kind) == ("ok", "认责")


def test_shops_may_chat_but_give_no_numbers_away() -> None:
    shop = Occasion(channel="shop")
    assert told("亲，在的") == ["网络用语"]
    assert told("亲，在的", shop) == []
    assert told("请打 13800000000", shop) == ["泄露"]


def test_explaining_to_an_angry_customer_is_pointed_out() -> None:
    draft = "这是由于线路检修"
    assert CHECKER.check(draft).hints == ()
    assert [h.kind for h in CHECKER.check(draft, occasion=Occasion(upset=True)).hints] == ["开脱"]


def test_soon_needs_a_time_beside_it() -> None:
    assert told("我们会尽快处理") == ["模糊承诺"]
    assert told("我们会尽快处理，今天下午四点前给您消息") == []
    assert [h.kind for h in CHECKER.check("我马上为您处理").hints] == ["模糊承诺"]


@pytest.mark.parametrize(
    ("draft", "promises"),
    [
        ("我先帮您咨询一下，十分钟内给您回电", ["十分钟内给您回电"]),
        ("明天上午十点前，我给您答复。", ["明天上午十点前，我给您答复"]),
        ("我核实完给您回复，最晚今天下午四点", ["我核实完给您回复，最晚今天下午四点"]),
        ("我马上为您查询", ["我马上为您查询"]),
        ("师傅已经上门处理了", []),
        ("很抱歉，今天无法答复您", []),
        ("谢谢您的理解", []),
    ],
)
def test_what_the_agent_commits_to_is_noticed(draft: str, promises: list[str]) -> None:
    assert [promise.text for promise in CHECKER.check(draft).promises] == promises


def test_a_promise_gets_its_time_from_whoever_reads_times() -> None:
    def read(text: str) -> str | None:
        return "2026-06-11T15:00:00+08:00" if "三点" in text else None

    checked = CHECKER.check("今天下午三点前答复您，我马上为您安排", read_time=read)
    assert [promise.due for promise in checked.promises] == ["2026-06-11T15:00:00+08:00", None]


def test_the_machine_readable_answer() -> None:
    assert as_json(CHECKER.check("你稍等")) == {
        "verdict": "bad",
        "findings": [
            {
                "start": 0,
                "end": 1,
                "found": "你",
                "rule": "you",
                "class": "用你不用您",
                "why": "对客户一律用“您”",
                "instead": "您",
            }
        ],
        "hints": [],
        "promises": [],
        "rewrite": "您稍等",
    }


def test_a_team_may_add_and_reword_but_not_lift(tmp_path: Path) -> None:
    (tmp_path / "forbidden.yaml").write_text(
        """
rules:
  - {id: you, why: 我们这里称“您”, level: hint, except: ['.*']}
  - {id: ours, class: 本店, level: bad, forms: [老客户没优惠], why: 本店规定, instead: null, source: []}
""",
        encoding="utf-8",
    )
    theirs = Checker(read_rules(Book(default_shipped(), tmp_path)), read_replacements(BOOK))
    [finding] = theirs.check("请你稍等").findings
    assert finding.why == "我们这里称“您”"
    assert [f.kind for f in theirs.check("老客户没优惠").findings] == ["本店"]


def test_every_approved_wording_is_itself_fine() -> None:
    rules = read_rules(BOOK)
    says = [rule.instead for rule in rules.rules if rule.instead]
    says += [pair.say for pair in read_replacements(BOOK) if pair.say]
    assert [say for say in says if told(say)] == []


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["你", "嗯，", "亲哈哈嗯啊", "都已经告诉您", "急什么。", "“"])
def test_the_longest_message_telegram_carries_is_checked_at_once(piece: str) -> None:
    CHECKER.check((piece * 4096)[:4096])


def test_pairs_name_rules_that_exist() -> None:
    known = {rule.id for rule in read_rules(BOOK).rules}
    assert [pair.id for pair in read_replacements(BOOK) if not pair.rules <= known] == []


# fmt: off
PIECES = st.sampled_from([
    "不知道", "急什么", "您搞错了", "你", "您好", "你好", "尽快给您处理", "明天上午十点前答复您", "墙上贴着", "自己看", "我保证",
    "一定修好", "赔偿您", "“", "”", "「", "」", "您说", "，", "。", "？", "\n", "3.5", "13800000000", "請您稍等", "喂", "亲", "冷静",
    "吗", "😀", "可能", "吧", "不", "的", "我", "没办法",
])
# fmt: on


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join)))
def test_whatever_is_typed_is_answered(draft: str) -> None:
    checked = CHECKER.check(draft)
    for finding in (*checked.findings, *checked.hints):
        assert 0 <= finding.start < finding.end <= len(draft)
        assert draft[finding.start : finding.end] == finding.found
    assert (checked.verdict == "bad") == bool(checked.findings)
    if checked.rewrite is not None:
        assert checked.findings
        assert CHECKER.check(checked.rewrite).findings == ()
    assert len(tighten(draft).text) == len(tighten(draft).places)
