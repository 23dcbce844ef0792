"""A press-coverage knowledge base for Vietnamese programmes."""
