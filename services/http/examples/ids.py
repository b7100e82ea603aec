"""The ids in the examples: no two are alike, for in the ledger ids are unique."""

from collections.abc import Callable

from events.vocabulary.identifiers import StreamId, event_id


def _numbered(number: int) -> str:
    return f"0198a000-0000-7000-8000-{number:012x}"


# The types have 1 for people, 2 for customers, and 3 for all items that are not named here.
PERSON, CUSTOMER, ITEM = map(_numbered, (1, 2, 3))
ITEMS: dict[str, str] = {
    name: _numbered(number)
    for number, name in enumerate(
        (
            "answer_id",
            "assignment_id",
            "commitment_id",
            "complaint_id",
            "contract_id",
            "delegation_id",
            "handover_id",
            "interaction_id",
            "obligation_id",
            "project_id",
            "survey_id",
            "visit_id",
        ),
        4,
    )
}
"""Name of a field → the id that it has first."""
COMMITMENT, COMPLAINT, CONTRACT = ITEMS["commitment_id"], ITEMS["complaint_id"], ITEMS["contract_id"]
OBLIGATION, PROJECT, VISIT = ITEMS["obligation_id"], ITEMS["project_id"], ITEMS["visit_id"]

SUCCESSOR, LEAVER, OTHER_CUSTOMER, REJECTED_PROJECT = map(_numbered, range(0x100, 0x104))
ENDED, WITHDRAWN, WAIVED, PROMISED_IN_VISIT, BROKEN, DECLINED, CANCELLED = map(_numbered, range(0x110, 0x117))
MANAGED, PROJECT_ENDED, PROJECT_WITHDRAWN, PROJECT_DELEGATION = map(_numbered, range(0x120, 0x124))
PROJECT_HANDOVER, PROJECT_DECLINED, PROJECT_CANCELLED = map(_numbered, range(0x124, 0x127))


def event_of(kind: str, stream: str) -> Callable[[int], str]:
    """The ids of the events of a stream, by version."""
    return lambda version: str(event_id(StreamId(f"{kind}:{stream}"), version))
