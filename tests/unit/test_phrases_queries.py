"""What agents type and what the shipped book answers: the manual of the search, kind by kind."""

import pytest

from bot.phrases.index import Index
from bot.phrases.yaml_file import phrases_of, synonyms_of
from bot.shared.book import Book, default_shipped

# kind: what is typed → a situation that must be among the first three
TABLE = {
    "关键词": """
        久等 wait-long · 催单 urge · 道歉 sorry-general · 告别 bye · 报价 quote · 改约 rebook · 退款 demand-refund
        停水 outage · 挪车 parking · 叫醒 hotel-wakeup · 押金 hotel-deposit · 查监控 demand-record · 转人工主管 escalate
        缺货 refuse-soldout · 尺码 shop-size · 发票 hotel-checkout · 闪退 system-fault · 满意度 followup-survey
    """,
    "客户的原话": """
        我在你们这儿干坐了快一个钟头了 wait-long · 你们到底什么时候给我修 urge · 天花板一直往下滴水 repair
        你这什么态度 complaint-attitude · 我要发到网上让大家评评理 media-threat · 信不信我去法院告你们 authority-threat
        凭什么收我这么多 fee-question · 钱怎么还没退到我卡上 refund-progress · 说了半天没听懂你讲啥 re-explain
        我现在开着车呢 bye-drive · 楼上天天半夜蹦迪 noise · 房间里一股霉味我要换 hotel-change · 你叫什么工号多少 who-are-you
        这件衣服洗了就缩水 shop-return · 你是不是在骗我 cheated · 马上给我赔钱 demand-compensation
    """,
    "客服自己的说法": """
        先安抚一下生气的客户 soothe-angry · 问问客户还有没有别的事 ask-else · 请客户留个电话 leave-phone
        跟客户说我查清楚再回他 verify-then-reply · 让客户稍微等一下 wait-please · 把客户说的复述一遍 recap
        答应客户几点前回电 promise-time · 领导来接待这位客户 escalate
    """,
    "同义词与两岸说法": """
        客訴 complaint-accept · 退費 demand-refund · 當機 system-fault · 出貨 shop-ship · 牽車 pickup · 跳電 outage
    """,
    "繁體": """
        讓您久等了 wait-long · 請稍候 wait-please · 樓上漏水 repair · 行李寄存 hotel-luggage · 不好意思 sorry-general
    """,
    "拼音与首字母": """
        jiudeng wait-long · cuidan urge · dao qian sorry-general · tuikuan demand-refund · qingshaodeng wait-please
        tousu complaint-accept · bhys sorry-general · tk demand-refund
    """,
    "错别字": """
        让您九等了 wait-long · 催但 urge · 陪偿 demand-compensation · 安府客户 soothe-angry · 请烧等 wait-please
        投素 complaint-accept · 道谦 sorry-general · 反修 rework
    """,
    "人命关天": """
        厨房那边着火了你们快来 safety-emergency · 楼道里一股煤气味 safety-emergency · 我妈摔了一跤腿断了 safety-emergency
        电梯里困了三个人 safety-emergency · 我不想活了 self-harm · 退不了钱我就去跳楼自杀 self-harm
    """,
    "长篇": """
        上周三报的修，打了五个电话每次都说师傅在路上，到今天连个人影都没有，家里地板全泡了，你们到底管不管 urge
        在你们店买的衣服洗一次就掉色让我拍照我拍了三天没人理现在又说过了七天不能退我要去消协告你们 shop-return
    """,
}
ROWS = [
    pytest.param(*row.strip().rsplit(" ", 1), id=f"{kind}-{row.strip()}")
    for kind, rows in TABLE.items()
    for line in rows.strip().splitlines()
    for row in line.split("·")
]


@pytest.fixture(scope="module")
def index() -> Index:
    book = Book(default_shipped())
    return Index(phrases_of(book), synonyms_of(book), book.read("offtopic.yaml"))


@pytest.mark.parametrize(("typed", "wanted"), ROWS)
def test_what_is_typed_finds_its_situation_among_the_first_three(index: Index, typed: str, wanted: str) -> None:
    assert wanted in [hit.phrase.id for hit in index.find(typed)]


def test_every_situation_finds_itself_by_each_of_its_names(index: Index) -> None:
    lost = [
        (phrase.id, name)
        for phrase in index.phrases
        for name in (phrase.situation, *phrase.aliases)
        if phrase.id not in [hit.phrase.id for hit in index.find(name)]
    ]
    assert not lost
