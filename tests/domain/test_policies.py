"""The company's rules: each publication is an edition of its own."""

from commands.policy.rules import PublishCadence, PublishRoleCatalogue, PublishServiceLevels, PublishWorkingCalendar
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.vocabulary.identifiers import stream_id
from tests.domain.company import CADENCE, CALENDAR, LEVELS, PUBLISHED, ROLES, policy
from tests.domain.given import Scenario, given_policy
from tests.domain.people import number, on

SINCE = on("2025-01-01")


def test_the_roles_are_published() -> None:
    given_policy().when(PublishRoleCatalogue(roles=ROLES)).then(RoleCataloguePublished(edition=1, roles=ROLES)).when(
        PublishRoleCatalogue(roles=ROLES[:3])
    ).then(RoleCataloguePublished(edition=2, roles=ROLES[:3]))


def test_a_role_stands_once_in_the_catalogue() -> None:
    given_policy().when(PublishRoleCatalogue(roles=(*ROLES, ROLES[0]))).refused("policy.repeated", "roles")


def test_the_service_levels_are_published() -> None:
    given_policy().when(PublishServiceLevels(since=SINCE, levels=LEVELS)).then(
        ServiceLevelsPublished(edition=1, since=SINCE, levels=LEVELS)
    ).when(PublishServiceLevels(since=on("2026-01-01"), levels=LEVELS)).then(
        ServiceLevelsPublished(edition=2, since=on("2026-01-01"), levels=LEVELS)
    )


def test_a_tier_and_severity_have_one_service_level() -> None:
    slower = LEVELS[0].model_copy(update={"resolution_minutes": 600})
    given_policy().when(PublishServiceLevels(since=SINCE, levels=(*LEVELS, slower))).refused(
        "policy.repeated", "levels"
    )


def test_the_working_calendar_is_published() -> None:
    one_more = CALENDAR.model_copy(update={"known_years": CALENDAR.known_years | {2026}})
    given_policy().when(PublishWorkingCalendar(calendar=CALENDAR)).then(
        WorkingCalendarPublished(edition=1, calendar=CALENDAR)
    ).when(PublishWorkingCalendar(calendar=one_more)).then(WorkingCalendarPublished(edition=2, calendar=one_more))


def test_the_cadence_is_published() -> None:
    given_policy().when(PublishCadence(since=SINCE, rules=CADENCE)).then(
        CadencePublished(edition=1, since=SINCE, rules=CADENCE)
    ).when(PublishCadence(since=SINCE, rules=CADENCE[:1])).then(
        CadencePublished(edition=2, since=SINCE, rules=CADENCE[:1])
    )


def test_a_tier_has_one_cadence() -> None:
    given_policy().when(PublishCadence(since=SINCE, rules=(*CADENCE, CADENCE[0]))).refused("policy.repeated", "rules")


def test_each_kind_of_rule_counts_its_own_editions() -> None:
    given_policy(*PUBLISHED).when(PublishRoleCatalogue(roles=ROLES[:1])).then(
        RoleCataloguePublished(edition=2, roles=ROLES[:1])
    )


def test_there_is_one_stream_of_rules() -> None:
    Scenario(stream_id("policy", number(1))).when(PublishRoleCatalogue(roles=ROLES)).refused("policy.unknown")


def test_the_working_calendar_is_the_newest() -> None:
    one_more = CALENDAR.model_copy(update={"known_years": CALENDAR.known_years | {2026}})
    assert policy(*PUBLISHED, WorkingCalendarPublished(edition=2, calendar=one_more)).calendar() == one_more
    assert policy().calendar() is None
