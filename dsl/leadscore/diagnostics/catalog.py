"""The codes of all diagnostics. S: syntax, E: meaning, W: warnings, T: targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's short name, and what it is about in a sentence."""

    name: str
    about: str


CATALOG: dict[str, Entry] = {
    "S001": Entry("syntax", "A statement does not go on as the language allows."),
    "S002": Entry("unclosed-text", "A quoted text or a bracketed name is not closed on its line."),
    "S003": Entry("curly-quotes", "Text stands in quotes other than straight double ones."),
    "S004": Entry("reserved-word", "A reserved word is used as a name."),
    "S005": Entry("bad-character", "A character means nothing in a model."),
    "S006": Entry("unclosed-parenthesis", "A parenthesis is not closed."),
    "S007": Entry("nested-too-deep", "Conditions are nested too deeply."),
    "S008": Entry("out-of-place", "A statement stands where it cannot."),
    "S009": Entry("empty-block", "A block has none of the lines that it needs."),
    "S010": Entry("no-header", "A file does not begin with its score line."),
    "S011": Entry("bad-encoding", "A file is not UTF-8 text, or too large."),
    "E101": Entry("points-form", "Points or a limit have too many decimals or are too large."),
    "E102": Entry("limit-zero", "`limit 0` does not say whether it is a ceiling or a floor."),
    "E103": Entry("wrong-way-round", "A range ends before it begins."),
    "E104": Entry("out-of-range", "A count, duration, percentage or number is out of range."),
    "E105": Entry("after-otherwise", "A case stands after `otherwise`."),
    "E106": Entry("several-points", "Several points stand where only one can."),
    "E107": Entry("modifier-twice", "A modifier stands twice."),
    "E108": Entry("modifier-out-of-place", "A modifier has no meaning in this rule."),
    "E109": Entry("where-and", "`and` or `or` follows a bare `where`."),
    "E110": Entry("empty-text", "A text or name is empty, or has no word to look for."),
    "E111": Entry("mixed-table", "A table mixes kinds of cases."),
    "E112": Entry("bad-date", "A date, or a date pattern, is not one."),
    "E113": Entry("unknown-color", "A color is not one of the eight."),
    "E114": Entry("unknown-edition", "The file asks for an edition that this program lacks."),
    "E115": Entry("not-comparable", "Two values cannot be compared in this way."),
    "E201": Entry("declared-twice", "Something is declared or named twice."),
    "E202": Entry("unknown-definition", "A name is used as a definition, and none has it."),
    "E203": Entry("circular-definition", "A definition uses itself."),
    "E204": Entry("limit-without-group", "A limit is set for a category that no group has."),
    "E205": Entry("unreachable-label", "A label stands below one that always holds before it."),
    "E206": Entry("unknown-in-test", "A test expects something that the model does not have."),
    "E207": Entry("future-event", "An event of a test is after its as-of time."),
    "W301": Entry("renamed-type", "A rule uses an event type that the file renames."),
    "T401": Entry("unsayable", "A dialect of SQL cannot say a line exactly."),
    "T402": Entry("no-formula", "A workbook of formulas cannot say a line exactly."),
}
