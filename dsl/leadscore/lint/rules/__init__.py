"""A file a rule; its docstring is its page, and `RULE` the rule."""
