"""Whether somebody has left, as SQL: wherever a holder is shown, it is said."""


def left(person: str, at: str, position: str, until: str = "NULL::timestamptz") -> str:
    """Whether somebody has left by an instant, as known at a position; all arguments are SQL expressions.

    `until` is the end of what the person holds, where that may lie before the instant: what was given up before the
    leaving is no gap.
    """
    return (
        f"EXISTS (SELECT FROM view_lives.lives AS gone WHERE gone.id = {person} AND gone.kind = 'person' "
        f"AND gone.status = 'left' AND gone.since <= {at} AND (gone.until IS NULL OR gone.until > {at}) "
        f"AND ({until} IS NULL OR {until} > gone.since) "
        f"AND gone.known_from <= {position} AND (gone.known_to IS NULL OR gone.known_to > {position}))"
    )
