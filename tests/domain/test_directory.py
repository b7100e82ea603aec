"""The person directory."""

from commands.person.directory import DeactivatePerson, MoveDepartment, RegisterPerson
from events.person.directory import PersonDeactivated, PersonMovedDepartment, PersonRegistered
from events.vocabulary.identifiers import PersonId
from tests.domain.given import given_person, registered
from tests.domain.people import LIN, STRANGER, ZHAO, on


def register(manager: PersonId | None = None, name: str = "林静") -> RegisterPerson:
    return RegisterPerson(
        name=name,
        department="key_accounts",
        manager=manager,
        skills=("商务谈判",),
        email="lin.jing@example.com",
        phone="13800000001",
    )


def entry(manager: PersonId | None = None) -> PersonRegistered:
    return PersonRegistered(
        name="林静",
        department="key_accounts",
        manager=manager,
        skills=("商务谈判",),
        email="lin.jing@example.com",
        phone="13800000001",
    )


def move(department: str, manager: PersonId | None = None) -> MoveDepartment:
    return MoveDepartment(department=department, manager=manager, since=on("2025-04-01"))


def moved(department: str, manager: PersonId | None = None) -> PersonMovedDepartment:
    return PersonMovedDepartment(department=department, manager=manager, since=on("2025-04-01"))


def leave(since: str) -> DeactivatePerson:
    return DeactivatePerson(since=on(since))


def left(since: str) -> PersonDeactivated:
    return PersonDeactivated(since=on(since))


def test_somebody_is_registered() -> None:
    given_person(LIN).when(register()).then(entry())


def test_somebody_is_registered_under_a_manager() -> None:
    given_person(LIN).when(register(ZHAO)).then(entry(ZHAO))


def test_a_stranger_manages_nobody() -> None:
    given_person(LIN).when(register(STRANGER)).refused("person.unknown", "manager")
    given_person(LIN, registered(LIN)).when(move("delivery", STRANGER)).refused("person.unknown", "manager")


def test_somebody_is_registered_once() -> None:
    given_person(LIN, registered(LIN)).when(register(name="林静怡")).refused("person.already-registered")


def test_somebody_moves_to_another_department_and_back() -> None:
    given_person(LIN, registered(LIN)).when(move("delivery", ZHAO)).then(moved("delivery", ZHAO)).when(
        move("key_accounts")
    ).then(moved("key_accounts")).when(move("delivery", ZHAO)).then(moved("delivery", ZHAO))


def test_somebody_leaves() -> None:
    given_person(LIN, registered(LIN)).when(leave("2025-06-01")).then(left("2025-06-01"))


def test_somebody_leaves_once() -> None:
    given_person(LIN, registered(LIN), left("2025-06-01")).when(leave("2025-07-01")).refused(
        "person.already-inactive", "since"
    )


def test_a_stranger_neither_moves_nor_leaves() -> None:
    given_person(STRANGER).when(move("delivery")).refused("person.not-registered")
    given_person(STRANGER).when(leave("2025-06-01")).refused("person.not-registered")
