"""The customer's profile and tier."""

from datetime import date

from commands.customer.profile import ConfirmProfileReviewed, RecordProfileFact, RegisterCustomer
from commands.customer.tier import AssignTier, OverrideTier
from events.customer.profile import CustomerRegistered, ProfileFactRecorded, ProfileReviewConfirmed
from events.customer.tier import TierAssigned, TierOverridden
from events.vocabulary.identifiers import PersonId
from tests.domain.given import REGISTERED, given_customer, given_customer_before_registration
from tests.domain.people import LIN, STRANGER, on


def register(name: str = "华东机械") -> RegisterCustomer:
    return RegisterCustomer(name=name, industry="装备制造", region="华东")


def found_out(content: str, collector: PersonId | None = LIN) -> RecordProfileFact:
    return RecordProfileFact(
        topic="competitors", content=content, source="年会交流", collector=collector, collected_on=date(2025, 3, 1)
    )


def fact(content: str) -> ProfileFactRecorded:
    return ProfileFactRecorded(
        topic="competitors", content=content, source="年会交流", collector=LIN, collected_on=date(2025, 3, 1)
    )


def test_a_customer_is_registered() -> None:
    given_customer_before_registration().when(register()).then(REGISTERED)


def test_a_customer_is_registered_with_its_name_alone() -> None:
    given_customer_before_registration().when(RegisterCustomer(name="滨海化工", registered_on=date(2020, 5, 1))).then(
        CustomerRegistered(name="滨海化工", industry=None, region=None, registered_on=date(2020, 5, 1))
    )


def test_a_customer_is_registered_once() -> None:
    given_customer().when(register("华东重工")).refused("customer.already-registered")


def test_nothing_is_recorded_of_a_customer_that_is_not_registered() -> None:
    given_customer_before_registration().when(found_out("两家")).refused("customer.not-registered")


def test_a_fact_is_recorded_and_later_another_on_the_same_topic() -> None:
    given_customer().when(found_out("两家")).then(fact("两家")).when(found_out("三家")).then(fact("三家")).when(
        found_out("两家")
    ).then(fact("两家"))


def test_a_fact_has_a_collector_whom_we_know() -> None:
    given_customer().when(found_out("两家", STRANGER)).refused("person.unknown", "collector")


def test_a_fact_may_have_no_collector() -> None:
    given_customer().when(found_out("两家", None)).then(fact("两家").model_copy(update={"collector": None}))


def test_a_profile_is_reviewed() -> None:
    given_customer().when(ConfirmProfileReviewed(reviewed_on=date(2025, 3, 1))).then(
        ProfileReviewConfirmed(reviewed_on=date(2025, 3, 1))
    ).when(ConfirmProfileReviewed(reviewed_on=date(2025, 6, 1))).then(
        ProfileReviewConfirmed(reviewed_on=date(2025, 6, 1))
    )


def test_a_customer_gets_a_tier_and_later_another() -> None:
    given_customer().when(AssignTier(tier="first", since=on("2024-01-01"))).then(
        TierAssigned(tier="first", since=on("2024-01-01"))
    ).when(AssignTier(tier="vip", since=on("2025-01-01"))).then(TierAssigned(tier="vip", since=on("2025-01-01")))


def test_a_tier_is_set_against_the_rule() -> None:
    given_customer(TierAssigned(tier="first", since=on("2024-01-01"))).when(
        OverrideTier(tier="vip", since=on("2024-01-01"), reason="战略客户")
    ).then(TierOverridden(tier="vip", since=on("2024-01-01")))
