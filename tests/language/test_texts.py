"""Every text stands in both languages, says the same in both, and is filled safely."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language import Language, label
from services.language.texts import fill, slots_of, text, texts

FILES = ("events", "problems", "fields", "imports", "labels", "ui")
TEXTS = [pytest.param(name, key, id=f"{name}:{key}") for name in FILES for key in texts(name)]
CHINESE = re.compile(r"[\u3400-\u9fff]")
SYNTAX = re.compile(r"\w+\?(?= |，|（)|\{\w+\}")
SAME_IN_BOTH = {"tier.vip", "unit.percent", "language.en", "language.zh", "list.separator"}


@pytest.mark.parametrize(("name", "key"), TEXTS)
def test_each_text_stands_in_both_languages(name: str, key: str) -> None:
    entry = texts(name)[key]
    assert set(entry) == {"en", "zh"}
    assert entry["en"]
    assert slots_of(entry["en"]) == slots_of(entry["zh"])
    if key not in SAME_IN_BOTH:
        assert not CHINESE.search(entry["en"])
        assert CHINESE.search(entry["zh"])


@pytest.mark.parametrize(("name", "key"), TEXTS)
def test_chinese_has_its_own_punctuation(name: str, key: str) -> None:
    plain = SYNTAX.sub("", texts(name)[key]["zh"])
    assert not re.search(
        r"[\u3400-\u9fff] ?[,;:?!()]|[,;:?!()] ?[\u3400-\u9fff]|[\u3400-\u9fff] [\u3400-\u9fff]", plain
    )


@pytest.mark.parametrize(("name", "key"), TEXTS)
def test_each_template_is_well_formed(name: str, key: str) -> None:
    for template in texts(name)[key].values():
        for slots in ({}, dict.fromkeys(slots_of(template), "x")):
            assert not re.search(r"[\[\]|]", fill(template, slots))
        assert not re.search(r"[{}]", fill(template, dict.fromkeys(slots_of(template), "x")))


def test_words_of_the_pages_stand_apart_from_labels() -> None:
    assert all(key.startswith("ui.") for key in texts("ui"))
    assert not any(key.startswith("ui.") for key in texts("labels"))


def test_a_segment_shows_where_its_slots_hold_something() -> None:
    template = "from {since}[ until {until}| on][agreed?, agreed][sure?|, not sure]"
    assert fill(template, {"since": "1", "until": "2", "agreed": "yes"}) == "from 1 until 2, agreed, not sure"
    assert fill(template, {"since": "1", "until": "", "sure": "yes"}) == "from 1 on"


def test_a_slot_without_anything_is_seen() -> None:
    assert fill("from {since}", {}) == "from {since}"


def test_chinese_and_latin_are_set_apart_where_they_meet() -> None:
    assert fill("自{since}起由{person}担任", {"since": "2025-03-01", "person": "林晓"}) == "自 2025-03-01 起由林晓担任"


@given(st.text("[]{}|?ab ", min_size=1) | st.text(min_size=1))
def test_what_fills_a_slot_is_never_a_template(value: str) -> None:
    assert fill("<{a}>[ ({b})]", {"a": value, "b": "x"}) == f"<{value}> (x)"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_missing_text_shows_its_key(language: Language) -> None:
    assert text("ui", "ui.no.such", language) is None
    assert label("ui.no.such", language) == "ui.no.such"
    assert label("tier.third", language) == "tier.third"
