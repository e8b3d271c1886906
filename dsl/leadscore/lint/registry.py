"""All rules, by their codes.

L0: comments. L1: what can never matter. L2: what is said twice. L3: what is counted differently
from how it reads. L4: names. L5: against data. L6: points. L7: tests.
"""

from __future__ import annotations

from leadscore.lint.rule import Rule
from leadscore.lint.rules import (
    absent_attribute,
    absent_event_type,
    absent_list,
    absent_value,
    allowance,
    always_holds,
    compared_as_text,
    counted_twice,
    covered_case,
    decayed_away,
    definition_as_property,
    drowned,
    duplicate_rule,
    gap_below_labels,
    gap_between_labels,
    gap_in_ranges,
    idle_limit,
    idle_star,
    idle_test,
    if_event_stays,
    missing_column,
    mistyped_event_type,
    mistyped_given,
    mistyped_value,
    near_event_type,
    near_property,
    never_holds,
    outer_blanks,
    outlying_points,
    own_mails_count,
    own_mails_in_data,
    relative_word,
    short_word,
    similar_names,
    superfluous_text,
    test_without_as_of,
    today_is_past,
    undeclared_choice,
    unknown_gets_points,
    unreachable_label,
    unread_given,
    unreadable_values,
    unused_definition,
    value_outside_choice,
)

RULES: tuple[Rule, ...] = (
    allowance.RULE,
    unreachable_label.RULE,
    gap_below_labels.RULE,
    gap_between_labels.RULE,
    idle_limit.RULE,
    drowned.RULE,
    never_holds.RULE,
    always_holds.RULE,
    covered_case.RULE,
    gap_in_ranges.RULE,
    decayed_away.RULE,
    duplicate_rule.RULE,
    counted_twice.RULE,
    unused_definition.RULE,
    if_event_stays.RULE,
    short_word.RULE,
    own_mails_count.RULE,
    superfluous_text.RULE,
    unknown_gets_points.RULE,
    compared_as_text.RULE,
    outer_blanks.RULE,
    idle_star.RULE,
    near_property.RULE,
    near_event_type.RULE,
    similar_names.RULE,
    undeclared_choice.RULE,
    definition_as_property.RULE,
    missing_column.RULE,
    mistyped_event_type.RULE,
    mistyped_value.RULE,
    unreadable_values.RULE,
    absent_list.RULE,
    own_mails_in_data.RULE,
    absent_attribute.RULE,
    value_outside_choice.RULE,
    absent_event_type.RULE,
    absent_value.RULE,
    outlying_points.RULE,
    test_without_as_of.RULE,
    idle_test.RULE,
    mistyped_given.RULE,
    unread_given.RULE,
    relative_word.RULE,
    today_is_past.RULE,
)
"""In the order of their codes."""

_BY_CODE = {rule.code: rule for rule in RULES}


def by_code(code: str) -> Rule | None:
    """The rule with a code; None where there is none."""
    return _BY_CODE.get(code)
