"""Nothing honest to say: the bot returns nothing rather than the least unlikely wording."""

import pytest

from bot.phrases.index import Index
from bot.phrases.yaml_file import phrases_of, synonyms_of
from bot.shared.book import Book, default_shipped

# What people try on a bot. The threshold in index.py is set on these: nine in ten are refused; not more, because every step
# up costs questions that do belong here. None of them stands in offtopic.yaml.
NONSENSE = """
    鲁迅原名是什么
    红烧肉怎么做好吃
    明天股市会涨吗
    帮我写一首诗
    世界上最高的山
    北京到广州的高铁票
    刘德华演唱会门票
    推荐几部科幻电影
    一元二次方程的解法
    python怎么读文件
    李白是哪个朝代的
    孩子不爱吃饭怎么办
    今天晚上吃什么
    怎么减肥最快
    足球世界杯冠军
    光合作用的化学方程式
    猫咪绝育要多少钱
    英语四级怎么复习
    比特币价格
    我想学吉他
    银河系有多大
    翻译成法语
    来段相声
    你喜欢什么颜色
    秦始皇统一六国
    怎么种西红柿
    考研数学真题
    感冒吃什么药好得快
    最近有什么好看的小说
    手机壳批发
    天气预报
    广州塔多高
    量子力学入门
    SELECT * FROM users
    asdfghjkl
    zxcvbnm
    123456
    !!!???
    嘿嘿嘿嘿
    呵呵
    111
    呃呃呃呃
    的的的
    hello world
    lorem ipsum dolor sit amet
    https://example.com/a?b=c
    😀😀😀
    👍
    。。。
    <script>alert(1)</script>
    乌拉乌拉
    天苍苍野茫茫
    床前明月光
    恐龙为什么灭绝
    怎么折纸飞机
    法国首都在哪
    怎么养金鱼
    篮球规则
    月球离地球多远
    星座运势
    怎么追女生
    螺蛳粉哪家好吃
    王者荣耀怎么上分
    油价今天多少
    四川火锅底料
    狗为什么摇尾巴
    三国演义作者
    圆周率
    水的沸点
    怎么画素描
    小提琴换弦
"""


@pytest.fixture(scope="module")
def index() -> Index:
    book = Book(default_shipped())
    return Index(phrases_of(book), synonyms_of(book), book.read("offtopic.yaml"))


def test_most_nonsense_is_refused(index: Index) -> None:
    asked = [line.strip() for line in NONSENSE.strip().splitlines()]
    answered = {line: hit.phrase.situation for line in asked for hit in index.find(line, 1)}
    assert len(answered) <= len(asked) * 0.1, answered


@pytest.mark.parametrize(
    "typed", ["", " ", "\n", "🙂🙃", "……", "？？？", "。", "👍🏻", "\u200b", "123456", "qwertyuiop", "的的的"]
)
def test_what_says_nothing_finds_nothing(index: Index, typed: str) -> None:
    assert index.find(typed) == []


def test_none_of_the_nonsense_asked_here_was_told_to_the_book() -> None:
    told = {line for lines in Book(default_shipped()).read("offtopic.yaml").values() for line in lines}
    assert told.isdisjoint(line.strip() for line in NONSENSE.strip().splitlines())
