"""What may be asked: imperative, frozen orders to one customer, project, person or policy."""
