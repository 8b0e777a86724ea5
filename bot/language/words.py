"""Words out of Chinese sentences, and which of them say nothing about the matter."""

import re
from functools import cache
from typing import Protocol

# Words of every conversation: left in, they pull a question towards whichever wording repeats them most.
_COMMON = """
    客户 顾客 客人 业主 用户 对方 人家 别人 你们 我们 他们 咱们 咱 您 你 我 他 她 它 大家 自己 这边 那边 这里 那里
    怎么 怎么样 怎样 如何 怎么办 怎么说 怎么回 怎么讲 怎么回复 什么 为什么 为啥 啥 哪 哪个 谁 吗 呢 吧 啊 呀 嘛 哦 哎 唉 喂 噢 啦 哇
    的 地 得 了 着 过 是 在 有 和 与 及 或 也 都 就 还 又 再 才 很 太 挺 更 最 真 真的 好 个 位 这 那 这个 那个 这样 那样 这些 那些
    现在 一下 一个 一点 有点 已经 可以 能 会 要 想 让 给 把 被 对 跟 向 从 到 去 来 说 讲 问 回复 回答 话 话术 时候 的话 因为 所以 但是
    而且 然后 如果 就是 还是 不是 是不是 能不能 可不可以 请 请问 麻烦 帮 帮我 帮忙 上 下 里 中 后 前 没 不 没有 一 两 几 点 些 该 该怎么
    跟我说 觉得 知道 应该 需要 情况 问题 事情 东西 公司 先生 女士 小姐
"""
COMMON = frozenset(_COMMON.split())
# Cut out without looking for words. Of the single characters only those that are hardly ever part of a longer word:
# 不, 上, 好 and 要 are common too, but 不满, 上门, 好评 and 要求 say something.
_CUT_OUT = re.compile(
    "|".join(sorted((word for word in COMMON if len(word) > 1), key=len, reverse=True))
    + "|[的了吗呢吧啊呀嘛哦噢啦我你您他她它咱这那是都就也很]"
)


class _Cutter(Protocol):
    def __call__(self, text: str) -> list[str]: ...


def words(text: str) -> list[str]:
    """The text cut into words; nothing is lost, joined they are the text again."""
    return _cutter()(text)


def without_common(text: str) -> list[str]:
    """What stands between the words of every conversation: 客户等了很久 is 等, 久."""
    return [stretch for stretch in _CUT_OUT.split(text) if stretch]


@cache
def _cutter() -> _Cutter:
    """Loaded at the first question: the dictionary takes a fifth of a second."""
    import rjieba

    cut: _Cutter = rjieba.cut
    return cut
