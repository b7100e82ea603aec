"""Texts found by a number that follows from them: an index over numbers is half as large, and made in half the time."""


def number(text: str) -> str:
    """The SQL for the number of a text, itself SQL."""
    return f"hashtextextended({text}, 0)"


def is_text(column: str, text: str) -> str:
    """The condition that a column, indexed by number, has a text; of two texts with one number the right one.

    The planner looks through a plain second equality, believes that both together hold for next to no row, and then
    sorts all rows of the number rather than follow the index in its order.
    """
    return f"{number(column)} = {number(text)} AND coalesce({column} = {text}, false)"
