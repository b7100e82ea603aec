"""Every event is one readable line in both languages."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Event
from events.catalogue import CATALOGUE
from events.facts import FactCorrected, FactWithdrawn
from events.vocabulary.identifiers import Subject
from events.vocabulary.values import Code, Instant, Label, Measure, Money, Prose, Score
from services.language import LANGUAGES, Language, describe, short_id
from services.language.field_kinds import field_kinds
from services.language.texts import slots_of, texts
from tests.making import ANY, Pools, instances, values

LIN = "0190b2c4-7a10-7cc0-8000-0000000001a1"
WANG = "0190b2c4-7a10-7cc0-8000-0000000002b2"
ASSIGNMENT = "0190b2c4-7a10-7cc0-8000-0000000003c3"
COMPLAINT = "0190b2c4-7a10-7cc0-8000-0000000004d4"
NAMES = {("person", LIN): "林晓", ("person", WANG): "王芳", ("role", "account_manager"): "客户经理"}

LEFT_OUT = {"calendar", "corrects", "email", "exclusive", "origin", "phone"}
"""Fields that no line shows: what can be computed, personal contact data, and references to other events."""
LEFT_OUT_OF = {"customer.complaint-received": {"service_level"}, "customer.survey-answer-recorded": {"survey_id"}}
"""A service level shows in its due times."""


def left_out(name: str) -> set[str]:
    """The fields that a line does not show: the first event of an item tells what it is, not its id."""
    cls = CATALOGUE[name]
    own = {cls.about.field} if cls.opens and cls.about else set()
    return LEFT_OUT | LEFT_OUT_OF.get(name, set()) | own


_NUMBERS = st.decimals(Decimal(0), Decimal(5), places=1)
_CODES = st.sampled_from(["account_manager", "sales", "north_team", "product_quality"])
_SUBJECTS = st.uuids().map("commitment:{}".format) | st.just("self")
LEGIBLE: Pools = (
    (Instant, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - bounds of a strategy are naive
    (Label, st.text("abc 交付延期09", min_size=1, max_size=150).filter(str.strip)),
    (Prose, st.text("abc 交付延期\n09", min_size=1, max_size=150).filter(str.strip)),
    (Code, _CODES),
    (Subject, _SUBJECTS),
    (Score, _NUMBERS),
    (Money, _NUMBERS),
    (Measure, _NUMBERS),
    (int, st.integers(1, 100)),
    (date, st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    *ANY,
)
"""Values in which a line shows what nobody put into words: texts without any code, id or instant."""


def _putting_right(fact: type[FactCorrected | FactWithdrawn]) -> st.SearchStrategy[Event]:
    """What puts some event right, or withdraws it."""
    told = [cls for cls in CATALOGUE.values() if cls not in (FactCorrected, FactWithdrawn)]

    def of(event: Event) -> Event:
        common = {
            "corrects": LIN,
            "version": 2,
            "item": event.about_item,
            "history": (1, 2),
            "fact": event.event_name,
        }
        truth = {"shape": event.class_version, "truth": event.model_dump(mode="json")}
        return fact.model_validate({**common, **(truth if fact is FactCorrected else {})})

    return st.sampled_from(told).flatmap(lambda cls: instances(cls, LEGIBLE)).map(of)


EVENTS: Pools = (*((fact, _putting_right(fact)) for fact in (FactCorrected, FactWithdrawn)), *LEGIBLE)


def name_of(kind: str, identifier: str) -> str | None:
    return NAMES.get((kind, identifier))


def nobody(_kind: str, _identifier: str) -> str:
    return ""


def said(event_name: str, data: dict[str, Any], zone: str = "Asia/Shanghai") -> tuple[str, str]:
    english = describe(event_name, data, "en", name_of, ZoneInfo(zone))
    return english, describe(event_name, data, "zh", name_of, ZoneInfo(zone))


def assigned(**other: Any) -> dict[str, Any]:
    return {
        "assignment_id": ASSIGNMENT,
        "subject": "self",
        "role": "account_manager",
        "person": LIN,
        "involvement": "accountable",
        "since": "2025-02-28T16:00:00Z",
        "until": None,
        "exclusive": True,
        "handover_id": None,
        **other,
    }


def test_lin_becomes_account_manager() -> None:
    assert said("responsibility.assigned", assigned()) == (
        "林晓 holds 客户经理 (account_manager) (accountable) from 2025-03-01",
        "林晓自 2025-03-01 起担任客户经理（最终责任）",
    )


def test_lin_answers_for_one_complaint_until_midnight() -> None:
    data = assigned(subject=f"complaint:{COMPLAINT}", until="2025-04-30T16:00:00Z", handover_id=WANG)
    assert said("responsibility.assigned", data) == (
        (
            "林晓 holds 客户经理 (account_manager) for complaint …000004d4 (accountable) from 2025-03-01"
            " until 2025-05-01 00:00, by handover …000002b2"
        ),
        "林晓自 2025-03-01 起担任投诉 …000004d4 的客户经理（最终责任），至 2025-05-01 00:00 止，承接自交接 …000002b2",
    )


def test_instants_are_told_in_the_readers_zone() -> None:
    data = {"assignment_id": ASSIGNMENT, "until": "2025-03-10T06:00:00Z"}
    assert said("responsibility.ended", data)[1] == "责任分配 …000003c3 于 2025-03-10 14:00 结束"
    assert said("responsibility.ended", data, "UTC")[0] == "Assignment …000003c3 ends at 2025-03-10 06:00"


def test_a_correction_says_whether_the_end_is_open() -> None:
    data = {
        "assignment_id": ASSIGNMENT,
        "corrects": LIN,
        "person": WANG,
        "since": "2025-03-01T01:30:00Z",
        "until": None,
    }
    assert said("responsibility.corrected", data) == (
        "Assignment …000003c3 corrected: in truth 王芳 from 2025-03-01 09:30, with no end",
        "更正责任分配 …000003c3：实际由王芳自 2025-03-01 09:30 起担任，无截止时间",
    )


def test_a_handover_counts_what_was_overdue() -> None:
    item = {"item": f"complaint:{COMPLAINT}", "due_at": None, "assignment_id": None}
    inventory = [{**item, "overdue": True}, {**item, "overdue": False}]
    assert said("responsibility.handover-accepted", {"handover_id": WANG, "inventory": inventory}) == (
        "Handover …000002b2 accepted; open items: 2, of which inherited overdue: 1",
        "交接 …000002b2 已接受，移交未结事项 2 项，其中接手前已逾期 1 项",
    )
    assert said("responsibility.handover-accepted", {"handover_id": WANG, "inventory": []})[0].endswith("accepted")


def test_a_handover_in_the_past_counts_what_it_moves() -> None:
    figure = {"definition_version": 2, "period": "2025-03", "cases": 2}
    figures = [
        {**figure, "kpi": "commitment_fulfilment"},
        {**figure, "kpi": "commitment_fulfilment", "period": "2025-04", "cases": 1},
        {**figure, "kpi": "weekly_call_compliance"},
    ]
    data = {
        "assignment_id": ASSIGNMENT,
        "from_person": LIN,
        "to_person": WANG,
        "effective_at": "2025-03-09T16:00:00Z",
        "inventory": [],
        "retroactive": True,
        "moves": {"position": 7, "figures": figures},
    }
    english, chinese = said("responsibility.handover-proposed", data)
    assert english.endswith(
        "effective 2025-03-10, in the past; cases charged to the successor:"
        " Commitment fulfilment 3, Weekly call compliance 2"
    )
    assert chinese.endswith("生效（追溯）；改由接任人承担的考核事项：承诺履约率 3、每周电话沟通达标率 2")
    none = said("responsibility.handover-proposed", {**data, "moves": {"position": 7, "figures": []}})
    assert none[0].endswith(", in the past")
    assert said("responsibility.handover-proposed", {**data, "moves": None}) == none


def test_a_survey_names_everybody_who_served_once() -> None:
    served_by = [
        {"person": person, "role": role, "assignment_id": ASSIGNMENT, "acting": False}
        for person, role in ((LIN, "account_manager"), (WANG, "technical_support"), (LIN, "team_lead"))
    ]
    data = {
        "survey_id": ASSIGNMENT,
        "answer_id": ASSIGNMENT,
        "answered_at": "2025-03-10T06:00:00Z",
        "scores": {"product_quality": "4.5", "packing": "3"},
        "scale": {"min": "1", "max": "5"},
        "about_person": None,
        "served_by": served_by,
    }
    assert said("customer.survey-answer-recorded", data) == (
        (
            "Survey answered at 2025-03-10 14:00 on a scale of 1–5: product quality 4.5, packing 3;"
            " served then by 林晓, 王芳"
        ),
        "客户于 2025-03-10 14:00 答复满意度调查（量表 1–5）：产品质量 4.5、packing 3；当时服务人员：林晓、王芳",
    )


@pytest.mark.parametrize(
    ("agreed", "english", "chinese"), [(True, "agreed with", "客户已同意"), (False, "without", "未经")]
)
def test_a_reschedule_says_whether_the_customer_agreed(agreed: bool, english: str, chinese: str) -> None:  # noqa: FBT001 - a parameter of the table above
    data = {
        "commitment_id": COMPLAINT,
        "due_at": "2025-03-10T06:00:00Z",
        "previous_due_at": "2025-03-09T06:00:00Z",
        "agreed": agreed,
    }
    lines = said("customer.commitment-rescheduled", data)
    assert english in lines[0]
    assert chinese in lines[1]


def test_long_texts_are_shortened_and_stay_on_one_line() -> None:
    line = said(
        "project.rectification-submitted", {"at": "2025-03-10T06:00:00Z", "content": "重新\n布线" + "甲" * 500}
    )[1]
    assert line.startswith("于 2025-03-10 14:00 提交整改结果：“重新 布线甲")
    assert line.endswith("甲…”")
    assert len(line) < 160


def test_an_event_from_elsewhere_keeps_its_name() -> None:
    assert said("customer.married", {"at": "x"}) == ("customer.married", "customer.married")


def test_a_short_id_is_the_end_of_the_id() -> None:
    assert short_id(LIN) == "…000001a1"


def test_what_was_put_right_says_what_it_truly_was() -> None:
    truth = {"commitment_id": COMPLAINT, "fulfilled_at": "2025-04-12T06:00:00Z"}
    fact = {"corrects": LIN, "version": 3, "item": f"commitment:{COMPLAINT}", "history": [2, 3]}
    kept = {**fact, "fact": "customer.commitment-fulfilled"}
    english, chinese = said("fact.corrected", {**kept, "shape": 1, "truth": truth})
    assert english == f"In truth: {said('customer.commitment-fulfilled', truth)[0]}"
    assert chinese.startswith("更正：实为")
    assert said("fact.withdrawn", kept) == (
        "Withdrawn, it should never have been recorded: a commitment kept (commitment …000004d4)",
        "撤回（该记录本不应存在）：承诺履行（承诺 …000004d4）",
    )
    assert said("fact.withdrawn", {**kept, "item": "self", "fact": "project.approved"})[1].endswith("：项目批准")


def test_every_event_has_a_line_and_every_line_an_event() -> None:
    assert set(texts("events")) == set(CATALOGUE)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_line_reads_every_field_that_a_reader_needs(name: str) -> None:
    if name.startswith("fact."):
        assert slots_of(texts("events")[name]["en"]) <= {"fact", "item"}
        return
    fields = set(field_kinds(name)) | ({"overdue"} if "inventory" in field_kinds(name) else set())
    assert slots_of(texts("events")[name]["en"]) == fields - left_out(name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(CATALOGUE))
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_describes_itself(name: str, language: Language, data: st.DataObject) -> None:
    event = data.draw(values(CATALOGUE[name], EVENTS)).model_dump(mode="json")
    for named in (nobody, lambda kind, identifier: f"{kind}-{identifier[-3:]}"):
        line = describe(name, event, language, named)
        assert line != name
        assert not re.search(r"[\n{}\[\]|]", line)
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", line), "an id in full"
        assert not re.search(r"\d{4}-\d{2}-\d{2}T", line), "an instant that nobody rendered"
        assert language == "en" or re.search(r"[\u3400-\u9fff]", line)
        assert not re.search(r"\w+\.\w*_\w+|None|True|False", line), "a code without a label"
