"""Every code that a page may show has a word in both languages."""

from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from aggregates.customer.commitments import Commitment
from aggregates.customer.complaints import Complaint
from aggregates.project.acceptance import Stage
from aggregates.project.initiation import Initiation
from aggregates.responsibility.state import HandoverStatus
from events.catalogue import CATALOGUE
from events.vocabulary import values
from events.vocabulary.identifiers import STREAM_KINDS
from services.language import LANGUAGES, label
from services.language.field_kinds import VOCABULARIES, snake
from services.language.texts import texts
from services.questions.agenda import Why
from services.questions.catalogue import KINDS

ALIASES = {name: alias for name, alias in vars(values).items() if get_origin(alias) is Literal}
NEEDED = {
    *(f"{snake(name)}.{value}" for name, alias in ALIASES.items() for value in get_args(alias)),
    *(f"stream_kind.{kind}" for kind in STREAM_KINDS),
    *(f"commitment_status.{status}" for status in get_args(get_type_hints(Commitment)["status"])),
    *(f"complaint_status.{status}" for status in get_args(get_type_hints(Complaint)["status"])),
    *(
        f"{kind.view.kind.name}_status.{status}"
        for kind in KINDS
        for status in get_args(kind.model.model_fields["status"].annotation)
    ),
    *(f"handover_status.{status}" for status in get_args(HandoverStatus)),
    *(f"stage.{stage}" for stage in get_args(Stage)),
    *(
        f"decision.{decision}"
        for part in get_args(get_type_hints(Initiation)["decision"])
        for decision in get_args(part)
    ),
    *(f"holder.{kind}" for kind in ("principal", "acting")),
    *(f"attribution.{rule}" for rule in ("at_occurrence", "at_due", "at_resolution", "current", "time_weighted")),
    *(f"fact.{name}" for name in CATALOGUE if not name.startswith("fact.")),
    *(f"subject.{kind.name}" for kind in {cls.about for cls in CATALOGUE.values()} if kind and not kind.whole),
    *(f"agenda.{why}" for why in get_args(Why)),
    *(
        f"kpi.{code}"
        for code in (
            "commitment_fulfilment",
            "face_to_face_compliance",
            "weekly_call_compliance",
            "complaints_resolved_in_time",
            "satisfaction",
        )
    ),
    *(
        f"role.{code}"
        for code in (
            "team_lead",
            "account_manager",
            "industry_expert",
            "technical_support",
            "after_sales",
            "project_manager",
            "client_contact",
            "data_steward",
            "supervisor",
        )
    ),
}


def test_every_code_has_a_label() -> None:
    assert sorted(NEEDED - set(texts("labels"))) == []


def test_no_vocabulary_hides_behind_another() -> None:
    assert len(VOCABULARIES) == len(ALIASES)


@pytest.mark.parametrize("name", sorted(ALIASES))
def test_a_vocabulary_has_no_label_for_a_value_it_has_not(name: str) -> None:
    table = snake(name)
    assert {key for key in texts("labels") if key.startswith(f"{table}.")} == {
        f"{table}.{value}" for value in get_args(ALIASES[name])
    }


def test_labels_are_read_in_the_readers_language() -> None:
    assert [label("tier.first", language) for language in LANGUAGES] == ["first tier", "一级"]
    assert label("ui.time.as_known_at", "zh", instant="2025-03-31 00:00") == "按 2025-03-31 00:00 所知"
