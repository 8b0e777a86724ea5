"""What people write for the place they are in, and what it is called back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unreadable
from bot.language.speech import speaking, zone_named
from bot.shared.message import press
from bot.teams.zones import COMMON, read_zone, say_offset, say_zone

SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "called", "summer", "winter"),
    [
        ("伦敦", "伦敦", "UTC+1", "UTC"),
        ("伦敦时间", "伦敦", "UTC+1", "UTC"),
        ("英国", "伦敦", "UTC+1", "UTC"),
        ("London", "伦敦", "UTC+1", "UTC"),
        ("曼彻斯特", "伦敦", "UTC+1", "UTC"),
        ("紐約", "纽约", "UTC-4", "UTC-5"),
        ("new york", "纽约", "UTC-4", "UTC-5"),
        ("America/New_York", "纽约", "UTC-4", "UTC-5"),
        ("us/eastern", "纽约", "UTC-4", "UTC-5"),
        ("旧金山", "洛杉矶", "UTC-7", "UTC-8"),
        ("Ｓａｎ Ｆｒａｎｃｉｓｃｏ", "洛杉矶", "UTC-7", "UTC-8"),
        ("雪梨", "悉尼", "UTC+10", "UTC+11"),
        ("深圳市", "北京", "UTC+8", "UTC+8"),
        ("上海", "北京", "UTC+8", "UTC+8"),
        ("Asia/Chongqing", "北京", "UTC+8", "UTC+8"),
        ("胡志明市", "胡志明市", "UTC+7", "UTC+7"),
        ("印度", "加尔各答", "UTC+5:30", "UTC+5:30"),
        ("Asia/Kolkata", "加尔各答", "UTC+5:30", "UTC+5:30"),
        ("德国", "柏林", "UTC+2", "UTC+1"),
        ("Japan", "东京", "UTC+9", "UTC+9"),
        ("UTC+9", "UTC+9", "UTC+9", "UTC+9"),
        ("gmt -3", "UTC-3", "UTC-3", "UTC-3"),
        ("+8", "UTC+8", "UTC+8", "UTC+8"),
        ("东八区", "UTC+8", "UTC+8", "UTC+8"),
        ("東8區", "UTC+8", "UTC+8", "UTC+8"),
        ("西十二区", "UTC-12", "UTC-12", "UTC-12"),
        ("UTC+5:45", "加德满都", "UTC+5:45", "UTC+5:45"),
        ("UTC-9:30", "马克萨斯", "UTC-9:30", "UTC-9:30"),
        ("零时区", "UTC", "UTC", "UTC"),
    ],
)
def test_a_place_or_an_offset(words: str, called: str, summer: str, winter: str) -> None:
    zone = read_zone(words)
    assert (say_zone(zone), say_offset(zone, SUMMER), say_offset(zone, WINTER)) == (called, summer, winter)


@pytest.mark.parametrize(
    "words", ["火星", "EST", "CST", "东区", "西十三区", "UTC+15", "UTC+2:30", "12", "今天下午三点", ""]
)
def test_what_is_no_place_is_not_guessed(words: str) -> None:
    with pytest.raises(Unreadable, match=r"没认出.*如：巴黎、Seattle、UTC\+9、东八区"):
        read_zone(words)


@pytest.mark.parametrize("country", ["美国", "澳大利亚", "俄罗斯", "Canada", "巴西"])
def test_a_country_of_several_zones_asks_for_the_city(country: str) -> None:
    with pytest.raises(Unreadable, match=f"{country}有几个时区，请写城市"):
        read_zone(country)


def test_the_buttons_are_called_in_the_readers_script() -> None:
    names = ["北京", "东京", "新加坡", "曼谷", "迪拜", "莫斯科", "柏林", "伦敦", "纽约", "多伦多", "洛杉矶", "悉尼"]
    assert [say_zone(zone) for zone in COMMON] == names
    with speaking("zh_Hant"):
        assert [say_zone(zone) for zone in COMMON][1:4] == ["東京", "新加坡", "曼谷"]


@pytest.mark.parametrize("zone", COMMON)
def test_a_button_and_its_own_words_mean_the_same(zone: str) -> None:
    assert press("", "t.zoned", zone).data
    assert read_zone(say_zone(zone)) == zone


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_a_zone_or_a_sentence(words: str) -> None:
    try:
        assert zone_named(read_zone(words))
    except Unreadable as problem:
        assert problem.sentence


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "/etc/passwd", "Asia", "Asia/\0Tokyo", "亚洲/东京"])
def test_a_zone_that_is_none(name: str) -> None:
    assert zone_named(name) is None
