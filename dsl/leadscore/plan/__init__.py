"""The plan: one normal form of what a model computes, in exact units, without syntax.

Every target starts from here. `terms` holds the vocabulary, `lower` makes a plan from a tree,
`bounds` says what a plan can give at least and at most, `needs` what it reads.
"""

from leadscore.plan.lower import lower
from leadscore.plan.terms import Plan

__all__ = ["Plan", "lower"]
