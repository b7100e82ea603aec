"""The contracts: what was signed, until when it is in force."""

from events.customer.contracts import ContractAmended, ContractEnded, ContractRenewed, ContractSigned
from events.vocabulary.items import CONTRACT
from projections.kinds import KindView

CONTRACTS = KindView(
    CONTRACT,
    version=1,
    columns={
        "title": "text NOT NULL",
        "signed_at": "timestamptz NOT NULL",
        "starts_on": "date NOT NULL",
        "ends_on": "date",
        "rights_and_duties": "text NOT NULL",
        "kpis": "text NOT NULL",
        "breach_liability": "text NOT NULL",
        "dispute_resolution": "text NOT NULL",
        "signed_by": "text",
        "amendment": "text",
        "amended_at": "timestamptz",
        "ended_at": "timestamptz",
    },
    says={
        ContractSigned: lambda event: {
            **event.model_dump(exclude={"contract_id"}),
            **dict.fromkeys(("amendment", "amended_at", "ended_at")),
        },
        ContractAmended: lambda event: {"amendment": event.content, "amended_at": event.at},
        ContractRenewed: lambda event: {"ends_on": event.ends_on},
        ContractEnded: lambda event: {"ended_at": event.at},
    },
    order="signed_at",
)
