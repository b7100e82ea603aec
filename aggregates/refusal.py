"""How a rule says no."""


class Refused(Exception):
    """A rule refuses the command.

    `code` is stable (`responsibility.overlap`) and has a message in every language;
    `field` is the command's field at fault; `details` fill the message and come from the ledger, never from the input.
    """

    def __init__(self, code: str, field: str | None = None, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details

    def at(self, field: str) -> "Refused":
        """The same refusal at a field of another command."""
        return type(self)(self.code, field, **self.details)
