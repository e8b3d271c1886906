"""One broken line is one error; the rest is analysed; comments and unchanged lines are kept."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.syntax.sentences import sentences
from tests.syntax.texts import FULL, applied, valid_models

import leadscore
from leadscore.analysis import Analysis, analyse
from leadscore.analysis import statements as checks
from leadscore.diagnostics import page
from leadscore.syntax import nodes as n
from leadscore.syntax import parser
from leadscore.syntax.document import Document, parse
from leadscore.syntax.walk import walk


def places(text: str) -> list[tuple[int, str]]:
    analysis = analyse(parse(text))
    source = analysis.document.source
    return [(source.place(d.span.start)[0], d.code) for d in analysis.diagnostics]


# Five broken lines


BROKEN = {
    "employees: number from": "employees: numbr from",
    'any of "Software", "SaaS"\n': "any of “Software”, “SaaS”\n",
    "11 to 200: +10": "11 to 200 +10",
    '"Email open" latest 5': '"Email open latest 5',
    '  engagement "1" from': '  enggement "1" from',
}


def test_five_broken_lines_give_five_errors() -> None:
    text = FULL
    lines = []
    for right, wrong in BROKEN.items():
        assert text.count(right) == 1
        lines.append(text[: text.index(right) + 1].count("\n") + 1)
        text = text.replace(right, wrong)
    assert [line for line, _ in places(text)] == sorted(lines)
    # The rest is analysed: what is wrong in it is found too.
    at = FULL[: FULL.index("-20 if")].count("\n") + 1
    wrong = text.replace('-20 if event "Unsubscribe"', "-20.1234 if undefined")
    assert [line for line, _ in places(wrong)] == sorted([*lines, at, at])


HEADS = {
    "score ": "scoer ",
    "properties": "propertis",
    "events": "evnts",
    'group "Company"': 'groop "Company"',
    "  by employees": "  bye employees",
    "  first of": "  frist of",
    "labels": "lables",
    "matrix": "matirx",
    "test ": "tset ",
    "define senior": "defin senior",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_misspelt_head_spoils_its_line_only(head: str) -> None:
    line = next(i for i, text in enumerate(FULL.splitlines(), 1) if text.startswith(head))
    text = FULL.replace(f"\n{head}", f"\n{HEADS[head]}", 1)
    assert [place for place, _ in places(text)] == [line]


@pytest.mark.parametrize("head", HEADS)
def test_so_does_one_in_capitals(head: str) -> None:
    line = next(i for i, text in enumerate(FULL.splitlines(), 1) if text.startswith(head))
    word = head.split()[0]
    text = FULL.replace(f"\n{head}", f"\n{head.replace(word, word.capitalize())}", 1)
    assert places(text) == [(line, "S001")]


def test_two_broken_cases_in_a_row_leave_the_others_alone() -> None:
    text = FULL_BY.replace("1 to 10:", "1 to 10").replace("between", "etween")
    assert places(text) == [(5, "S001"), (6, "S001")]


FULL_BY = """score "Deals"
group "G"
  by price
    0: +100
    1 to 10: +200
    between 10 and 20: +300
    > 1k: +400
    unknown: -100
"""


def test_cases_over_several_lines_leave_the_next_ones_in_their_table() -> None:
    text = (
        'score "S"\ngroup "G"\n  first of\n    (a is 1\n      or b is 2): +5\n'
        "    c is 3 and\n      d is 4: +5\n    e < 2: +1\n    otherwise: 0\n"
        '  by f\n    "x",\n      "y": +5\n    "z": +3\n'
    )
    assert places(text) == []


# Typical typos, anywhere


def _drop(sign: str) -> Callable[[str, int], str]:
    def change(line: str, at: int) -> str:
        found = [i for i, c in enumerate(line) if c == sign]
        return line if not found else line[: (i := found[at % len(found)])] + line[i + 1 :]

    return change


def _curly(line: str, at: int) -> str:
    return re.sub(r'"([^"]*)"', r"“\1”", line)


def _word(change: Callable[[str, int], str]) -> Callable[[str, int], str]:
    def whole(line: str, at: int) -> str:
        found = list(re.finditer(r"[a-z]{4,}", line))
        if not found:
            return line
        word = found[at % len(found)]
        return line[: word.start()] + change(word.group(), at) + line[word.end() :]

    return whole


TYPOS: dict[str, Callable[[str, int], str]] = {
    "a quote less": _drop('"'),
    "a parenthesis less": _drop(")"),
    "an opening one less": _drop("("),
    "a bracket less": _drop("]"),
    "a colon less": _drop(":"),
    "a comma less": _drop(","),
    "a sign less": _drop("+"),
    "a blank less": _drop(" "),
    "curly quotes": _curly,
    "a letter less": _word(lambda word, at: word[: at % len(word)] + word[at % len(word) + 1 :]),
    "a letter twice": _word(lambda word, at: word[: at % len(word)] + word[at % len(word) :] * 2),
    "letters swapped": _word(lambda word, at: word[1] + word[0] + word[2:]),
    "in capitals": _word(lambda word, at: word.upper()),
    "cut short": lambda line, at: line[: max(2, at % (len(line) + 1))],
    "a sign more": lambda line, at: line + "?;)!&="[at % 6],
    "an invisible character": lambda line, at: f"{line[:3]}\u200b{line[3:]}",
}

# Lines whose loss says something about others: errors about names that are gone are no cascade.
_FOLLOWS = {"E202", "E204", "E206", "E111", "E105", "E205", "W301", "E201", "E108"}


@given(
    text=st.sampled_from([FULL, *valid_models()]),
    data=st.data(),
)
@settings(max_examples=400)
def test_typos_are_reported_where_they_are(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    assume(lines)
    broken = set()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        typo = data.draw(st.sampled_from(sorted(TYPOS)))
        if at in broken or not lines[at].strip() or lines[at].lstrip().startswith("#"):
            continue
        lines[at] = TYPOS[typo](lines[at], data.draw(st.integers(0, 200)))
        broken.add(at)
    changed = "\n".join(lines) + "\n"
    document = parse(changed)
    analysis = analyse(document)
    allowed = _may_show(document, text.splitlines(), {at + 1 for at in broken})
    for found in analysis.diagnostics:
        line = document.source.place(found.span.start)[0]
        page(found, document.source)
        assert line in allowed or found.code in _FOLLOWS, (found, changed)


_OPENS_A_BLOCK = re.compile(r"\s*(properties|events|group|labels|matrix|test|by|first)\b")


def _may_show(document: Document, original: list[str], changed: set[int]) -> set[int]:
    """The lines at which the mistakes of the changed lines may be reported.

    The lines themselves; those that carry on the same statement; where a line that opens a block
    cannot be recognised, the block's; and the head of a block that lost its only line.
    """
    allowed = set(changed)
    for whole in (parse("\n".join(original)), document):
        for statement in whole.statements:
            first = statement.line
            last = whole.source.place(max(statement.span.start, statement.span.end - 1))[0]
            if allowed & set(range(first, last + 1)):
                allowed |= set(range(first, last + 1))
    for number in changed:
        if _OPENS_A_BLOCK.match(original[number - 1]):
            below = number
            while below < len(original) and original[below].startswith(" "):
                below += 1
                allowed.add(below)
        above = number - 1
        while above > 0 and original[above - 1].startswith(" "):
            allowed.add(above)
            above -= 1
        allowed |= {above, number + 1}
    return allowed


@given(st.sampled_from(valid_models()), st.data())
@settings(max_examples=150)
def test_deleted_and_doubled_lines_never_raise(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, max(0, len(lines) - 1)))
        if data.draw(st.booleans()):
            lines[at : at + 1] = []
        else:
            lines[at:at] = lines[at : at + 1]
    leadscore.check("\n".join(lines))


# Anything at all

_SCRAPS = st.sampled_from(
    ['"', '""', "(", ")", "[", "]", ",", ":", "#", "+", "-", "+1", "−2", "5", "5%", "and", "or",
     "not", "if", "where", "for each", "group", 'group "g"', "by a", "labels", "test", "event",
     "given", "expect", "\n", "\r\n", "\r", "\x00", "\ufeff", "\ud800", "\u2028", "\x0b", "“", "”",
     "1e5", "2026-01-31", "2026-1-1", " ", "\t", "\\", "'", "a", "=", ">=", "<>", "unknown values",
     'score "x"', "limit", "otherwise:", "is", "any of", "in the last 3 days", "\u200b", "é", "件"]
)  # fmt: skip


@given(
    st.one_of(
        st.text(),
        st.lists(_SCRAPS, max_size=60).map(" ".join),
        st.lists(_SCRAPS, max_size=60).map("".join),
    )
)
@example("\ufeff")
@example("\ufeff\ufeff")
@example("\ud800")
@example("[]")
@example("≤")
@example('score "')
@settings(max_examples=500)
def test_no_text_raises(text: str) -> None:
    document = parse(text)
    analysis = analyse(document)
    for found in analysis.diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(document.source.text)
        assert found.message
        printed = page(found, document.source)
        printed.encode()
        assert all(c.isprintable() or c == "\n" for c in printed)
        for fix in found.fixes:
            applied(document.source.text, fix)


@given(data=st.binary(max_size=200))
def test_no_bytes_raise_but_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.score"
    path.write_bytes(data)
    with contextlib.suppress(leadscore.ScoreError):
        leadscore.load(path)


# Comments


def test_where_comments_belong() -> None:
    text = (
        '# first\n\n# second\nscore "x" # beside\n# above\ngroup "g"\n'
        "  +1 if (a = 1 # one\n    # two\n    and b = 2) # three\n# last\n\n# very last\n"
    )
    document = parse(text)
    score, group, rule = document.statements
    shown = [
        ([c.text for c in s.before], [c.text for c in s.inside], s.suffix and s.suffix.text)
        for s in (score, group, rule)
    ]
    assert shown == [
        (["# first", "# second"], [], "# beside"),
        (["# above"], [], None),
        ([], ["# one", "# two"], "# three"),
    ]
    assert [c.text for c in document.trailing] == ["# last", "# very last"]


def comments(document: Document) -> list[str]:
    found = []
    for statement in document.statements:
        found += [*statement.before, *statement.inside]
        found += [statement.suffix] if statement.suffix is not None else []
    found += document.trailing
    for comment in found:
        assert document.source.text.startswith(comment.text, comment.start)
    assert [c.start for c in found] == sorted(c.start for c in found)
    return [comment.text for comment in found]


@given(sentences(), st.data())
def test_no_comment_is_lost(text: str, data: st.DataObject) -> None:
    lines: list[str] = []
    expected: list[str] = []
    for line in text.splitlines():
        for _ in range(data.draw(st.sampled_from([0, 0, 0, 1, 2]))):
            lines.append("  # above " + str(len(lines)))
            expected.append(lines[-1].strip())
        words = line.split(" and ") if '"' not in line and "[" not in line else [line]
        for word in words[:-1]:
            lines.append(f"{word} and # inside {len(lines)}")
            expected.append(lines[-1][lines[-1].index("#") :])
        lines.append(words[-1])
        if data.draw(st.booleans()):
            lines[-1] += f"   # beside {len(lines)}  "
            expected.append(lines[-1][lines[-1].rindex("# beside") :].strip())
    lines += ["", "# the end"]
    document = parse("\n".join(lines))
    assert comments(document) == [*expected, "# the end"]


@given(st.lists(_SCRAPS, max_size=40).map(" ".join))
def test_no_comment_of_a_broken_text_is_lost(text: str) -> None:
    document = parse(text)
    found = comments(document)
    # A `#` that is no comment stands in a text or a name.
    for line in document.source.text.split("\n"):
        outside = re.sub(r'"(?:[^"]|"")*"?|\[(?:[^\]]|\]\])*\]?', "", line.split("#")[0])
        if "#" in line and '"' not in line and "[" not in line:
            assert outside is not None
            assert line[line.index("#") :].rstrip() in found


# What did not change is not parsed again


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of all statements that are parsed, or checked, from now on."""
    parser.parse_statement.cache_clear()
    seen: list[str] = []
    lark = parser.lark_parser()
    original = lark.parse

    def parse_one(text: str, start: str | None = None) -> object:
        seen.append(text)
        return original(text, start=start)

    monkeypatch.setattr(lark, "parse", parse_one)
    return seen


def test_a_changed_line_costs_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counted(monkeypatch)
    analyse(parse(FULL))
    before = len(seen)
    assert before == len({(s.parsed.text, s.parsed.symbol) for s in parse(FULL).statements})
    checked: list[object] = []

    def walked(node: n.Node) -> Iterator[n.Node]:
        checked.append(node)
        return walk(node)

    monkeypatch.setattr(checks, "walk", walked)
    changed = FULL.replace("employees >= 50", "employees >= 60")
    again = analyse(parse(changed))
    assert seen[before:] == ["+10 if senior and employees >= 60"]
    assert len(checked) == 1
    analyse(parse("\n# a comment above\n\n" + changed.replace("\n\n", "\n\n\n")))
    assert len(seen) == before + 1
    parser.parse_statement.cache_clear()
    assert_same(again, analyse(parse(changed)))


@given(text=st.sampled_from([FULL, *valid_models()]), data=st.data())
@settings(max_examples=100)
def test_what_is_remembered_is_what_is_parsed_afresh(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    typo = data.draw(st.sampled_from(sorted(TYPOS)))
    analyse(parse(text))
    lines[at] = TYPOS[typo](lines[at], data.draw(st.integers(0, 50)))
    changed = "\n".join(lines)
    warm = analyse(parse(changed))
    parser.parse_statement.cache_clear()
    assert_same(warm, analyse(parse(changed)))


def assert_same(one: Analysis, two: Analysis) -> None:
    assert one.diagnostics == two.diagnostics
    assert [(s.start, s.line, s.node) for s in one.document.statements] == [
        (s.start, s.line, s.node) for s in two.document.statements
    ]


def test_a_time_of_day_is_no_case_of_a_table() -> None:
    """Its colons once made a line of a test look like a case, after a line that was broken."""
    text = (
        'score "S"\ngroup "G"\n  +1 for each "V"\ntest "t" as of 2026-06-01\n'
        '  vent "V" 2 days ago\n  event "V" on 2026-05-31T12:00\n  expect score = 2\n'
    )
    found = analyse(parse(text)).diagnostics
    assert [parse(text).source.place(f.span.start)[0] for f in found] == [5]
