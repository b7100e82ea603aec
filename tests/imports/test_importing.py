"""Whole imports of small files: order, ties, refusals, repetition."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from commands.customer.profile import RegisterCustomer
from events.recorded import Context
from services.application import Zeren
from services.handling import Request
from services.imports.importing import Importer
from services.imports.reasons import UnusableError
from services.imports.rejects import Rejects
from services.imports.tables import look_over
from tests.imports.files import HEADER, accounts, assigned, intervals, log, run, save, written

EAST = "East Power"
LIN_THEN_WANG = [(EAST, "Lin", "2025-03-01 09:00"), (EAST, "Wang", "2025-03-05 09:00")]


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """An open ledger whose views move on when a test says so."""
    with Zeren(database_url, projecting=False) as opened:
        yield opened


def test_an_owner_holds_the_role_until_the_next_row_names_another(zeren: Zeren, tmp_path: Path) -> None:
    rows = [*LIN_THEN_WANG, (EAST, "Wang", "2025-03-06 09:00"), (EAST, "", "2025-03-09 09:00")]
    report, left_out = run(zeren, accounts(), save(tmp_path / "a.csv", rows))
    assert intervals(zeren) == [
        (EAST, "Lin", "2025-03-01 01:00", "2025-03-05 01:00"),
        (EAST, "Wang", "2025-03-05 01:00", "2025-03-09 01:00"),
    ]
    assert (report.rows, report.imported, report.unchanged, left_out) == (4, 3, 1, {})
    assert report.events["responsibility.assigned"] == report.events["responsibility.ended"] == 2
    assert report.commands == sum(report.events.values()) == len(log(zeren))


def test_every_event_says_where_it_came_from(zeren: Zeren, tmp_path: Path) -> None:
    report, _ = run(zeren, accounts(), save(tmp_path / "a.csv", LIN_THEN_WANG))
    last = next(one for one in log(zeren) if one.event.event_name == "responsibility.ended")
    assert last.context.source is not None
    assert (last.context.source.batch, last.context.source.row) == (report.batch, 2)
    assert report.batch.startswith("accounts@1:")
    assert last.context.source.recorded_at == last.occurred_at
    assert (last.context.trust, last.context.actor) == ("unverified", "system:import@1")
    assert log(zeren)[-1].position == report.position


def test_rows_out_of_order_are_sorted_as_declared(zeren: Zeren, tmp_path: Path) -> None:
    report, _ = run(zeren, accounts(), save(tmp_path / "a.csv", LIN_THEN_WANG[::-1]))
    assert [holder for _, holder, _, _ in intervals(zeren)] == ["Lin", "Wang"]
    assert report.sorted == 1


def test_rows_out_of_order_are_left_out_where_the_mapping_says_so(zeren: Zeren, tmp_path: Path) -> None:
    mapping = accounts(rows={"key": "{account}", "order": ["from_then"], "late": "reject"})
    _, left_out = run(zeren, mapping, save(tmp_path / "a.csv", LIN_THEN_WANG[::-1]))
    assert left_out == {2: "row.out-of-order"}
    assert [holder for _, holder, _, _ in intervals(zeren)] == ["Wang"]


def test_of_several_rows_in_one_minute_the_last_wins_and_none_is_lost(zeren: Zeren, tmp_path: Path) -> None:
    at = "2025-03-05 09:00"
    rows = [LIN_THEN_WANG[0], (EAST, "Wang", at), (EAST, "Zhao", at), (EAST, "Lin", "2025-03-06 09:00")]
    report, _ = run(zeren, accounts(), save(tmp_path / "a.csv", rows))
    assert intervals(zeren) == [
        (EAST, "Lin", "2025-03-01 01:00", "2025-03-05 01:00"),
        (EAST, "Zhao", "2025-03-05 01:00", "2025-03-06 01:00"),
        (EAST, "Lin", "2025-03-06 01:00", None),
    ]
    assert report.superseded == report.events["responsibility.withdrawn"] == 1
    assert len(set(assigned(zeren))) == 3
    assert run(zeren, accounts(), tmp_path / "a.csv")[0].imported_before == 4


def test_a_holder_who_comes_and_goes_within_a_minute_never_held(zeren: Zeren, tmp_path: Path) -> None:
    rows = [(EAST, "Lin", "2025-03-01 09:00"), (EAST, "", "2025-03-01 09:00")]
    report, _ = run(zeren, accounts(), save(tmp_path / "a.csv", rows))
    assert (intervals(zeren), report.superseded) == ([], 1)


def test_the_same_file_again_changes_nothing(zeren: Zeren, tmp_path: Path) -> None:
    at = "2025-03-05 09:00"
    rows = [*LIN_THEN_WANG, (EAST, "Lin", at), (EAST, "", at), (EAST, "Zhao", at), ("", "Lin", at)]
    path = save(tmp_path / "a.csv", rows)
    first, left_out = run(zeren, accounts(), path, batch=2)
    size = zeren.ledger.size()
    again, left_out_again = run(zeren, accounts(), path)
    assert zeren.ledger.size() == size
    assert (again.imported, again.unchanged, again.imported_before) == (0, 0, 5)
    assert sum(again.events.values()) == 0
    assert left_out_again == left_out == {6: "row.absent"}
    assert first.batch == again.batch


@pytest.mark.parametrize("batch", [1, 500])
def test_a_row_that_changed_nothing_is_known_when_it_comes_again(zeren: Zeren, tmp_path: Path, batch: int) -> None:
    at = "2025-03-05 09:00"
    path = save(tmp_path / "a.csv", [LIN_THEN_WANG[0], (EAST, "Lin", at), (EAST, "Wang", at)])
    first, _ = run(zeren, accounts(), path, batch=batch)
    again, left_out = run(zeren, accounts(), path, batch=batch)
    assert (first.imported, first.unchanged) == (2, 1)
    assert (again.imported_before, left_out) == (3, {})


@pytest.mark.parametrize("known", range(6))
def test_a_longer_file_adds_only_the_rest(zeren: Zeren, tmp_path: Path, known: int) -> None:
    at = "2025-03-05 09:00"
    rows = [*LIN_THEN_WANG, (EAST, "Lin", at), (EAST, "Zhao", at), (EAST, "", at), ("West Rail", "Lin", at)]
    run(zeren, accounts(), save(tmp_path / "a.csv", rows[:known]))
    size = zeren.ledger.size()
    report, left_out = run(zeren, accounts(), save(tmp_path / "b.csv", rows))
    assert (report.imported_before, left_out) == (known, {})
    assert zeren.ledger.size() - size == sum(report.events.values())
    assert intervals(zeren) == [
        (EAST, "Lin", "2025-03-01 01:00", "2025-03-05 01:00"),
        ("West Rail", "Lin", "2025-03-05 01:00", None),
    ]


def test_the_next_file_goes_on_where_the_last_one_ended(zeren: Zeren, tmp_path: Path) -> None:
    run(zeren, accounts(), save(tmp_path / "march.csv", LIN_THEN_WANG))
    later = [(EAST, "Wang", "2025-04-01 09:00"), (EAST, "Zhao", "2025-04-02 09:00")]
    report, left_out = run(zeren, accounts(), save(tmp_path / "april.csv", later))
    assert [(holder, until) for _, holder, _, until in intervals(zeren)] == [
        ("Lin", "2025-03-05 01:00"),
        ("Wang", "2025-04-02 01:00"),
        ("Zhao", None),
    ]
    assert (report.unchanged, left_out) == (1, {})


@pytest.mark.parametrize("at", ["2025-03-03 09:00", "2025-03-05 09:00", "2025-02-01 09:00"])
def test_a_row_from_before_what_is_on_record_is_left_out(zeren: Zeren, tmp_path: Path, at: str) -> None:
    run(zeren, accounts(), save(tmp_path / "a.csv", LIN_THEN_WANG))
    _, left_out = run(zeren, accounts(), save(tmp_path / "b.csv", [(EAST, "Zhao", at)]))
    assert left_out == {1: "row.late"}


def test_rows_at_fault_are_written_aside_with_the_reason_and_the_others_go_in(zeren: Zeren, tmp_path: Path) -> None:
    rows = [
        *LIN_THEN_WANG,
        ("", "Lin", "2025-03-05 09:00"),
        (EAST, "Lin", "5 March"),
        (EAST, "Lin"),
        ("x" * 201, "Lin", "2025-03-05 09:00"),
        ("West Rail", "Lin", "2025-03-05 09:00"),
    ]
    file = look_over(save(tmp_path / "a.csv", rows), accounts().source)
    with Rejects(tmp_path / "rejects.csv", file, "zh") as rejects:
        report = Importer(zeren.handler, accounts()).run(file, rejects.add)
    assert (tmp_path / "rejects.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *written_aside = list(csv.reader(stream))
    assert header == ["row", "reason", *HEADER]
    said = {int(row[0]): (row[1], row[2:]) for row in written_aside}
    assert said.keys() == {3, 4, 5, 6}
    assert said[3] == ("该行缺少“account”的值。", ["", "Lin", "2025-03-05 09:00"])
    assert "%Y-%m-%d %H:%M" in said[4][0]
    assert said[5][1] == [EAST, "Lin"]
    assert "register-customer" in said[6][0]
    assert report.rejected == {"row.absent": 1, "row.instant-unreadable": 1, "row.ragged": 1, "row.field-invalid": 1}
    assert sorted(customer for customer, _, _, _ in intervals(zeren)) == [EAST, EAST, "West Rail"]


def test_no_rejects_file_is_made_where_every_row_goes_in(zeren: Zeren, tmp_path: Path) -> None:
    file = look_over(save(tmp_path / "a.csv", LIN_THEN_WANG), accounts().source)
    with Rejects(tmp_path / "rejects.csv", file, "en") as rejects:
        Importer(zeren.handler, accounts()).run(file, rejects.add)
    assert not (tmp_path / "rejects.csv").exists()


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_a_row_that_a_rule_refuses_is_left_out_and_the_rows_after_it_are_decided_without_it(
    zeren: Zeren, tmp_path: Path, batch: int
) -> None:
    since = {"command": "assign-responsibility", "stream": "customer:{customer}", "body": {}}
    since["body"] = {
        "assignment_id": "{assignment}",
        "role": "supervisor",
        "person": "{person}",
        "involvement": "informed",
        "since": "{from_then}",
        "until": "{until}",
    }
    mapping = accounts(
        commands=[
            *accounts().model_dump(by_alias=True, exclude_none=True)["commands"],
            {**since, "when": {"value": "to", "present": True}},
        ],
        ids={"customer": "{account}", "person": "{owner}", "assignment": "{#identity}"},
        instants={
            "from_then": {"column": "since", "formats": ["%Y-%m-%d %H:%M"], "time_zone": "Asia/Shanghai"},
            "until": {"column": "to", "formats": ["%Y-%m-%d %H:%M"], "time_zone": "Asia/Shanghai"},
        },
    )
    rows = [
        (EAST, "Lin", "2025-03-01 09:00", ""),
        (EAST, "Wang", "2025-03-02 09:00", "2025-02-01 09:00"),
        (EAST, "Zhao", "2025-03-03 09:00", "2025-03-03 09:00"),
        (EAST, "Zhao", "2025-03-04 09:00", ""),
    ]
    path = save(tmp_path / "a.csv", rows, header=(*HEADER, "to"))
    report, left_out = run(zeren, mapping, path, batch=batch)
    assert left_out == {2: "interval.inverted", 3: "interval.empty"}
    assert [(holder, until) for _, holder, _, until in intervals(zeren)] == [
        ("Lin", "2025-03-04 01:00"),
        ("Zhao", None),
    ]
    assert report.imported == 2
    rehearsed, left_out_in_rehearsal = run(zeren, mapping, path, dry_run=True)
    assert (rehearsed.imported_before, left_out_in_rehearsal.keys()) == (2, left_out.keys())


def test_a_dry_run_decides_the_same_and_records_nothing(zeren: Zeren, tmp_path: Path) -> None:
    rows = [*LIN_THEN_WANG, ("", "Lin", "2025-03-05 09:00"), ("West Rail", "Lin", "2025-03-05 09:00")]
    path = save(tmp_path / "a.csv", rows)
    size = zeren.ledger.size()
    rehearsed, left_out = run(zeren, accounts(), path, dry_run=True, batch=2)
    assert zeren.ledger.size() == size
    assert zeren.ledger.answers("import:accounts", [f"{'0' * 32}.1/0"]) == {}
    report, left_out_then = run(zeren, accounts(), path)
    assert (rehearsed.events, rehearsed.rejected, rehearsed.commands, left_out) == (
        report.events,
        report.rejected,
        report.commands,
        left_out_then,
    )
    assert rehearsed.position == 0


def test_repeated_rows_are_one_fact_or_several_as_the_mapping_says(zeren: Zeren, tmp_path: Path) -> None:
    visit = {
        "command": "record-visit",
        "stream": "customer:{customer}",
        "body": {
            "visit_id": "{visit}",
            "visited_at": "{from_then}",
            "channel": "face_to_face",
            "our_attendees": ["{person}"],
            "content": "Visit",
        },
    }
    commands = [*accounts().model_dump(by_alias=True, exclude_none=True)["commands"], visit]
    ids = {"customer": "{account}", "person": "{owner}", "visit": "{#identity}"}
    path = save(tmp_path / "a.csv", [LIN_THEN_WANG[0], LIN_THEN_WANG[0]])
    same, _ = run(zeren, accounts(commands=commands, ids=ids), path)
    assert (same.events["customer.visit-recorded"], same.repeated) == (1, 1)
    distinct = accounts(commands=commands, ids=ids, rows={"key": "{account}", "repeats": "distinct"})
    more, _ = run(zeren, distinct, path)
    assert (more.events["customer.visit-recorded"], more.imported_before) == (1, 1)


def test_a_customer_who_is_there_already_is_not_registered_again(zeren: Zeren, tmp_path: Path) -> None:
    run(zeren, accounts(), save(tmp_path / "a.csv", LIN_THEN_WANG))
    stream = next(one.stream for one in log(zeren) if one.event.event_name == "customer.registered")
    renamed = Request(stream, RegisterCustomer(name=EAST), Context(actor="system"))
    assert zeren.handler.execute(renamed).events == ()
    other = accounts(name="more-accounts", namespace="accounts")
    report, left_out = run(zeren, other, save(tmp_path / "b.csv", [(EAST, "Zhao", "2025-04-01 09:00")]))
    assert (report.events["customer.registered"], left_out) == (0, {})


def test_a_workbook_is_imported_like_any_file(zeren: Zeren, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [HEADER, *LIN_THEN_WANG]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    report, left_out = run(zeren, accounts(), tmp_path / "a.xlsx")
    assert (report.imported, left_out) == (2, {})


def test_a_file_in_gb18030_is_imported(zeren: Zeren, tmp_path: Path) -> None:
    run(zeren, accounts(), save(tmp_path / "a.csv", [("华东电力", "林悦", "2025-03-01 09:00")], "gb18030"))
    assert intervals(zeren) == [("华东电力", "林悦", "2025-03-01 01:00", None)]


def test_a_local_time_that_the_clocks_skipped_is_left_out(zeren: Zeren, tmp_path: Path) -> None:
    new_york = {"from_then": {"column": "since", "formats": ["%Y-%m-%d %H:%M"], "time_zone": "America/New_York"}}
    rows = [(EAST, "Lin", "2025-03-09 02:30"), (EAST, "Lin", "2025-03-09 03:30")]
    _, left_out = run(zeren, accounts(instants=new_york), save(tmp_path / "a.csv", rows))
    assert left_out == {1: "row.instant-skipped"}


def test_a_damaged_row_is_left_out_and_the_next_goes_in(zeren: Zeren, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('account,owner,since\n"East" Power,Lin,x\n' + written(LIN_THEN_WANG).partition("\n")[2])
    report, left_out = run(zeren, accounts(), path)
    assert (left_out, report.imported) == ({1: "row.damaged"}, 2)


@pytest.mark.parametrize("name", ["\u202eEast", "East\ue000", "\u200b", "East\u2067"])
def test_a_name_in_disguise_is_left_out_as_over_http(zeren: Zeren, tmp_path: Path, name: str) -> None:
    _, left_out = run(zeren, accounts(), save(tmp_path / "a.csv", [(name, "Lin", "2025-03-01 09:00"), *LIN_THEN_WANG]))
    assert left_out == {1: "row.field-invalid"}
    assert {customer for customer, _, _, _ in intervals(zeren)} == {EAST}


def test_a_file_that_does_not_fit_the_mapping_is_refused_before_anything_is_recorded(
    zeren: Zeren, tmp_path: Path
) -> None:
    path = save(tmp_path / "a.csv", [("East", "Lin")], header=("account", "owner"))
    size = zeren.ledger.size()
    with pytest.raises(UnusableError):
        run(zeren, accounts(), path)
    assert zeren.ledger.size() == size
