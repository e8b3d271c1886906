"""How the language reads a value: as text, as a number, as yes or no, as a date.

Every evaluator uses these readings or is tested against them. Nothing here knows of syntax,
plans or tables. Source of each rule: *Types* in docs/language.md.
"""
