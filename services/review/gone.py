"""Marks on a page whoever has left and still holds something, or is still to take it over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.questions.leavers import leavers
from services.questions.responsibility import Holder
from services.questions.views import Moment, Views


def marked(views: Views, holders: Sequence[Holder], moment: Moment) -> list[Holder]:
    """Holders, those marked who have left by the moment and did not give it up."""
    gone = leavers(views, (one.person for one in holders), moment)
    return [one.model_copy(update={"left": True}) if gone.keep(one.person, one.until) else one for one in holders]


def marked_handovers(views: Views, handovers: Iterable[Mapping[str, Any]], moment: Moment) -> list[dict[str, Any]]:
    """Handovers, those marked that wait for the answer of somebody who has left."""
    found = [dict(one) for one in handovers]
    gone = leavers(views, (one["to_person"] for one in found), moment)
    return [one | {"left": one["status"] == "proposed" and gone.keep(one["to_person"], None)} for one in found]
