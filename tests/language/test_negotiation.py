"""The reader's language follows from Accept-Language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language import LANGUAGES, negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh", "zh"),
        ("ZH-cn", "zh"),
        ("zh-Hans", "zh"),
        ("zh-Hant-TW", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.8, zh-CN", "zh"),
        ("en;q=0.5,zh-Hans;q=0.501", "zh"),
        ("zh,en", "zh"),
        ("en,zh", "en"),
        ("fr,de;q=0.5", "en"),
        ("fr,zh;q=0.1", "zh"),
        ("*", "en"),
        ("*,zh", "en"),
        ("zh,*", "zh"),
        ("zh;q=0.1,*;q=0.5", "en"),
        ("en;q=0,*;q=0.5", "zh"),
        ("en;q=0", "en"),
        ("zh;q=0", "en"),
        ("zh;q=0,*", "en"),
        ("zh;q=0.2,zh-CN;q=0.9,en;q=0.5", "zh"),
        ("zh ; q=1.000 , en;q=0.999", "zh"),
        ("zh;q=2", "en"),
        ("zh;q=0.1234", "en"),
        ("zh;q=x,en;q=0.1", "en"),
        ("zhuang", "en"),
        (",,zh,", "zh"),
        ("zh;level=1", "en"),
    ],
)
def test_the_language_asked_for_most(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@given(st.text(max_size=200))
def test_no_header_is_too_strange(header: str) -> None:
    assert negotiate(header) in LANGUAGES
