"""The items of a kind, as they were at a time and as known at a time: pages and single answers, for all kinds alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from projections.kinds import KindView, as_it_was
from services.questions.asked import Asked, Single, single
from services.questions.views import Moment, Views


@dataclass(frozen=True)
class Kind:
    """A view of a kind with the published form of its items."""

    view: KindView
    model: type[BaseModel]
    """What is told of one item; written out, because it is the contract with those who ask."""

    @property
    def views(self) -> tuple[str, ...]:
        """The views that a question waits for."""
        return (self.view.name, "responsibility", "lives", "handed")

    @cached_property
    def page(self) -> type[Asked]:
        """One page of items."""
        items: Any = list[self.model]  # type: ignore[name-defined]
        return create_model(
            f"{self.model.__name__}Page",
            __base__=Asked,
            __doc__=f"One page of {self.view.kind.plural}.",
            items=(items, Field(description="In the asked order")),
            next=(str | None, Field(description="Address of the next page; null on the last one")),
        )

    @cached_property
    def answer(self) -> type[Single]:
        """One item."""
        name = self.view.kind.name
        fields: Any = {name: (self.model, Field(description=f"The {name} as it was known"))}
        answer: type[Single] = create_model(
            f"{self.model.__name__}Answer", __base__=Single, __doc__=f"One {name}.", **fields
        )
        return answer

    def shown(self, row: Mapping[str, Any], moment: Moment) -> BaseModel:
        """A row of the list as it was at the moment."""
        return self.model.model_validate(as_it_was(row, moment.effective_at))

    def one(self, views: Views, identifier: UUID, moment: Moment) -> Single | None:
        """One item as known at the moment; none where it was not known, or had not begun."""
        asked_for = {"id": identifier, "at": moment.effective_at, "known": moment.known_position}
        rows = views.rows(self.view.one, asked_for)
        if not rows:
            return None
        stream = f"customer:{rows[0]['customer_id']}"
        return self.answer(**{self.view.kind.name: self.shown(rows[0], moment)}, **single(stream, rows[0], moment))
