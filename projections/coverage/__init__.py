"""Coverage: when nobody, or more than one, was the accountable account manager of a customer."""
