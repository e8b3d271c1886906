"""The plan: one normal form of what a model computes, in exact units, without syntax.

Every target starts from here. `terms` holds the vocabulary, `bounds` says what a plan can give at
least and at most, `needs` what it reads; none of these knows of trees. `lower` makes a plan from a
tree, and is imported by itself, so that a target does not bring the parser along.
"""
