"""The audit trail over HTTP: from what to what, by whom and why; as pages, CSV and NDJSON."""

import csv
import io
import json
import time
from uuid import UUID, uuid4

import pytest

from services.http.exports import CSV, JSON, NDJSON, wanted_type
from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"


def corrected(api: Api, reason: str) -> tuple[UUID, UUID, UUID]:
    lin, wang = api.person("林静"), api.person("王磊")
    customer = api.customer("华东机械")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    body = {"assignment_id": str(assignment), "person": str(wang), "reason": reason}
    api.accepted(f"customers/{customer}/correct-responsibility", body)
    return assignment, lin, wang


def test_an_entry_says_from_what_to_what_by_whom_and_why(api: Api) -> None:
    assignment, lin, wang = corrected(api, "录入时选错了人")
    found = api.ask("audit", item=f"assignment:{assignment}")
    assert [one["name"] for one in found["items"]] == ["responsibility.assigned", "responsibility.corrected"]
    entry = found["items"][1]
    assert entry["changes"] == {"person": [str(lin), str(wang)]}
    assert (entry["actor"], entry["reason"]) == ("system", "录入时选错了人")
    assert entry["position"] == api.position
    filters = {"name": entry["name"], "stream": entry["stream"], "actor": "system"}
    since = {"from": entry["recorded_at"], "correlation": entry["correlation_id"]}
    assert api.ask("audit", **filters, **since)["items"] == [entry]
    assert api.ask("audit", to=entry["recorded_at"], sort="-position")["items"][0]["position"] < entry["position"]
    first = api.ask("audit", limit=1)
    assert first["next"].startswith("/v1/audit?limit=1&cursor=")


def test_csv_is_for_spreadsheets(api: Api) -> None:
    corrected(api, '=HYPERLINK("http://example.com")')
    answer = api.client.get(
        "/v1/audit", params={"at_least": api.position, "limit": 1}, headers={**api.headers, "Accept": "text/csv"}
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["zeren-known-position"] == str(api.position)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [int(row["position"]) for row in rows] == list(range(1, api.position + 1)), "everything, not a page"
    assert rows[-1]["reason"] == '\'=HYPERLINK("http://example.com")'
    assert list(json.loads(rows[-1]["changes"])) == ["person"]


def test_ndjson_is_for_programs(api: Api) -> None:
    corrected(api, "选错了人")
    headers = {**api.headers, "Accept": "application/x-ndjson"}
    answer = api.client.get("/v1/audit", params={"at_least": api.position, "sort": "-position"}, headers=headers)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["position"] for line in lines] == list(range(api.position, 0, -1))
    assert lines[0]["data"]["person"]


def test_other_types_are_not_to_be_had(api: Api) -> None:
    answer = api.client.get("/v1/audit", headers={**api.headers, "Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "request.not-acceptable")
    named = api.get("audit", actor=f"person:{uuid4()}")
    assert named.json()["items"] == []


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.4, application/x-ndjson;q=0.8", NDJSON),
        ("application/json;q=0, */*;q=0.1", CSV),
        ("text/csv; charset=utf-8; q=0.5, application/*;q=0.2", CSV),
        ("image/png", None),
        ("nonsense", None),
    ],
)
def test_the_media_type_liked_best(accept: str | None, wanted: str | None) -> None:
    assert wanted_type(accept, (JSON, CSV, NDJSON)) == wanted


def test_an_accept_header_of_the_largest_size_is_read_at_once() -> None:
    begun = time.process_time()
    assert wanted_type("text/csv;" + " " * 60_000 + "x", (JSON, CSV)) == CSV
    assert time.process_time() - begun < 1
