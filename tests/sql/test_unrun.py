"""The dialects whose databases cannot run here: BigQuery and Snowflake.

Every template has to be SQL to sqlglot's grammar of the dialect, and the vectors of the other
dialects have to hold where DuckDB stands in for the database (`stand_in` says what that shows).
What only the other database does differently is looked for in the trees.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from sqlglot import exp
from tests.sql.runners import Columns
from tests.sql.stand_in import StandIn, parsed, start
from tests.sql.test_primitives import differences
from tests.sql.vectors import VECTORS, Vector

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period, Unsayable
from leadscore.targets.sql.dialects.bigquery import BigQuery
from leadscore.targets.sql.dialects.snowflake import Snowflake
from leadscore.values import text
from leadscore.values.number import number_of

DIALECTS: tuple[Dialect, ...] = (BigQuery(), Snowflake())
KINDS: tuple[ColumnKind, ...] = (
    "text",
    "integer",
    "double",
    "boolean",
    "date",
    "timestamp",
    "instant",
)
PERIODS: tuple[Period, ...] = ("hour", "day", "week", "month", "quarter", "year")
TEXTS = [
    "",
    "plain",
    "it's",
    "''",
    '"',
    "`",
    "\\",
    "\\'",
    "'; DROP TABLE leads; --",
    "\\'; DROP TABLE leads; --",
    "a\nb\r\n\tc",
    "\x00\x1b\x7f\x85",
    "\u2028\u200b\ufeff",
    "İΣß 日本 🚀 \U000e0001",
    "%_*?!",
    "{x} %s $1 :name @var ?",
    "/* -- */",
    r"\n \u0041 \x41 \0",
]

Template = Callable[[Dialect], str]


def _calls(method: str, *arguments: object) -> Template:
    return lambda dialect: str(getattr(dialect, method)(*arguments))


TEMPLATES: dict[str, Template] = {
    **{name: _calls(name, "x") for name in ("as_text", "trim", "lower", "words", "integer")},
    **{name: _calls(name, "x") for name in ("second_of", "wide", "floor", "narrow", "sum")},
    **{name: _calls(name, "x") for name in ("points", "decimal_text")},
    **{name: _calls(name, "x", "y") for name in ("max_if", "min_if", "distinct_if", "sum_if")},
    **{name: _calls(name, "x", "y") for name in ("wide_sum_if", "divide", "both")},
    "precedes": _calls("precedes", "x", "<", "y"),
    "civil": _calls("civil", "a", "b", "c", "d", "e", "f"),
    "part": _calls("part", "x", 1, 4),
    "fits": _calls("fits", "x", r"[0-9]{4}\-(?:a|b)"),
    "found": _calls("found", "x", r"(?:[0-9]{4})\-(a|b)"),
    "now": _calls("now"),
    "whole": _calls("whole", "x"),
    "shortest": _calls("shortest", "x"),
    "step": _calls("step", "x", [0, 10, 20], [1, 2, 3, 4]),
    "count_if": _calls("count_if", "x > 1"),
    "bits": _calls("bits", "x", 15, 15),
    **{f"scale {x!r}": _calls("scale", x, "x") for x in (100.0, 0.5, 0.0)},
    **{f"double {x!r}": _calls("double", x) for x in (0.0, -1.5, 1e22, 5e-324)},
    **{f"period {period}": _calls("period", "x", period) for period in PERIODS},
    **{f"text_of {kind}": _calls("text_of", "x", kind) for kind in KINDS if kind != "double"},
    **{f"number_of {kind}": _calls("number_of", "x", kind) for kind in KINDS},
    **{f"boolean_of {kind}": _calls("boolean_of", "x", kind) for kind in KINDS},
    **{f"local_of {kind}": _calls("local_of", "x", kind) for kind in ("date", "timestamp")},
}

both_dialects = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@pytest.fixture(scope="module", params=DIALECTS, ids=lambda dialect: dialect.name)
def stand_in(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start(request.param) as started:
        yield started


def literals(dialect: Dialect, expression: str) -> list[str]:
    """The texts in an expression, as the database reads them, where all can be seen."""
    tree = parsed(dialect, expression)
    return [node.name for node in tree.find_all(exp.Literal) if node.is_string]


def python_regex(expression: str) -> str:
    """An expression that Python reads as RE2 reads this one."""
    return expression.replace(r"\z", r"\Z")


# Every template


def test_no_template_is_missing() -> None:
    ours = {name.split()[0] for name in TEMPLATES}
    ours |= {"identifier", "string", "contains", "starts", "ends", "matches"}
    ours |= {"iso_local", "iso_offset", "since"}  # neither dialect has its own
    ours |= {"any_bits", "numbers", "place"}  # of packed counters, which neither has
    public = {name for name in vars(Dialect) if callable(getattr(Dialect, name)) and name[0] != "_"}
    assert public <= ours
    assert all(d.iso_local("x") is None and d.iso_offset("x") is None for d in DIALECTS)
    assert all(d.since("x", kind, 0) is None for d in DIALECTS for kind in KINDS)


@both_dialects
@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_sql(dialect: Dialect, name: str) -> None:
    tree = parsed(dialect, TEMPLATES[name](dialect))
    # What sqlglot knows nothing of it takes for a function of the user's own, or a command.
    assert not list(tree.find_all(exp.Anonymous, exp.AnonymousAggFunc, exp.Command))
    # Neither database has it.
    assert not list(tree.find_all(exp.Filter))


@both_dialects
@pytest.mark.parametrize("given", TEXTS)
@pytest.mark.parametrize("name", ["contains", "starts", "ends", "matches"])
def test_search_is_sql_whatever_it_searches_for(dialect: Dialect, name: str, given: str) -> None:
    tree = parsed(dialect, getattr(dialect, name)("x", given))
    assert [column.name for column in tree.find_all(exp.Column)] == ["x"]
    assert not list(tree.find_all(exp.Anonymous, exp.Command))


@both_dialects
def test_none_of_them_has_been_run(dialect: Dialect) -> None:
    assert not dialect.ran


# In DuckDB


BEYOND = {
    # `a.b` in one pair of backticks is a table of a dataset to sqlglot. A column of BigQuery
    # cannot be called so.
    ("bigquery", "identifier"): lambda case: "." in case,
    # Its quotient, with six decimals, is longer than 38 digits; ours never are, see below.
    ("snowflake", "divide"): lambda case: case.startswith("wide"),
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(stand_in: StandIn, vector: Vector) -> None:
    dialect = stand_in.dialect
    beyond = BEYOND.get((dialect.name, vector.name), lambda case: False)
    inputs = list(zip(*(values for _, values in vector.columns.values()), strict=True))
    cases = [case for case in vector.cases if not beyond(case.label)]
    if (dialect.name, vector.name) == ("snowflake", "readings of double"):
        cases = [case for case in cases if case.label != "text"]
    assert cases
    rows = stand_in.rows([case.write(dialect) for case in cases], vector.columns)
    wrong = {
        case.label: found
        for at, case in enumerate(cases)
        if (found := differences([row[at] for row in rows], case.expected, inputs))
    }
    assert wrong == {}


def test_aggregates(stand_in: StandIn) -> None:
    d = stand_in.dialect
    columns: Columns = {
        "x": ("integer", [5, -3, None, 7, 2**40]),
        "h": ("boolean", [True, None, True, False, True]),
        "t": ("text", ["a", "b", None, "c", "A"]),
    }
    got = stand_in.aggregates(
        [
            d.count_if("h"),
            d.max_if("x", "h"),
            d.min_if("x", "h"),
            d.distinct_if("t", "h"),
            d.sum_if("x", "h"),
            d.wide_sum_if("x", "h"),
            d.sum_if("x", "x > 2 * 5 AND x < 0"),
        ],
        columns,
    )
    assert got == (3, 2**40, 5, 2, 2**40 + 5, 2**40 + 5, 0)


# What they do differently


@both_dialects
@pytest.mark.parametrize("given", TEXTS)
def test_literal_is_that_text_and_nothing_else(dialect: Dialect, given: str) -> None:
    literal = dialect.string(given)
    assert isinstance(parsed(dialect, literal), exp.Literal)
    # Their escapes are Python's, but for the doubled quote of Snowflake.
    quote = "''" if dialect.name == "snowflake" else "\\'"
    assert ast.literal_eval(literal[0] + literal[1:-1].replace(quote, "\\'") + "'") == given


def test_names_of_bigquery_stand_between_backticks() -> None:
    dialect = BigQuery()
    for given in ("Number of Employees", 'a "b"', "it's", "größe", "select"):
        written = dialect.identifier(given)
        assert written == f"`{given}`"
        tree = parsed(dialect, written)
        assert isinstance(tree, exp.Column)
        assert tree.name == given
    assert dialect.identifier("a`b\\c\n") == "`a\\`b\\\\c\\u000a`"


@both_dialects
def test_number_is_read_by_the_grammar_of_the_language(dialect: Dialect) -> None:
    [regex, *_] = literals(dialect, dialect.number_of("x", "text"))
    fits = re.compile(python_regex(regex)).fullmatch
    for given in ("1", "+1.5", "-0e5", "1E-7", "1.", ".5", "1e", "inf", "0x1", "1_0", "1\n", "１"):
        expected = number_of(given) is not None and given == given.strip()
        assert bool(fits(given)) is expected, given


def test_bigquery_has_one_capturing_group() -> None:
    dialect = BigQuery()
    for regex in (r"([0-9]{4})\-[0-9]{2}", r"(?:a|b)(?:c(d))?", r"\((x)\)"):
        [literal] = literals(dialect, dialect.found("x", regex))
        assert re.compile(python_regex(literal)).groups == 1


@pytest.mark.parametrize(
    ("regex", "given", "group"),
    [
        (r"([0-9]{4})\-[0-9]{2}", "2026-01", "2026"),
        (r"(?:a|b)(?:c(d)e)", "bcde", "d"),
        (r"\((x)\)", "(x)", "x"),
        (r"[(?:](y)", "?y", "y"),
        (r"[\]](z)", "]z", "z"),
        (r"\\(?:a)(b)", "\\ab", "b"),
    ],
)
def test_snowflake_counts_groups_since_all_of_them_capture(
    regex: str, given: str, group: str
) -> None:
    dialect = Snowflake()
    tree = parsed(dialect, dialect.found("x", regex))
    [literal, _] = literals(dialect, dialect.found("x", regex))
    fits = re.compile(literal)
    assert fits.groups >= 2
    found = fits.fullmatch(given)
    assert found is not None
    assert found[int(tree.args["group"].name)] == group


def test_no_expression_of_snowflake_has_what_posix_has_not() -> None:
    dialect = Snowflake()
    for written in (
        dialect.number_of("x", "text"),
        dialect.fits("x", r"(?:a|b)\-(?:[0-9]{2})?"),
        dialect.found("x", r"(?:a|b)\-([0-9]{2})?"),
    ):
        assert "(?" not in literals(dialect, written)[0]


def test_letters_and_digits_of_snowflake_are_those_of_the_language() -> None:
    dialect = Snowflake()
    [regex] = [x for x in literals(dialect, dialect.words("x")) if x.startswith("[^")]
    cut = re.compile(regex)
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    assert cut.sub(" ", f" {every} ") == text.words(every)


def test_what_is_left_over_goes_before_snowflake_rounds() -> None:
    tree = parsed(Snowflake(), Snowflake().divide("a", "b"))
    assert isinstance(tree, exp.Cast)
    quotient = tree.this
    assert isinstance(quotient, exp.Div)
    assert isinstance(quotient.this.unnest(), exp.Sub)
    assert isinstance(quotient.this.unnest().expression, exp.Mod)


@pytest.mark.parametrize(
    ("a", "b", "quotient"), [(9_999_999_999_999, 10_000_000, 999_999), (59, 60, 0), (60, 60, 1)]
)
def test_quotients_just_below_an_integer(stand_in: StandIn, a: int, b: int, quotient: int) -> None:
    d = stand_in.dialect
    columns: Columns = {"a": ("integer", [a]), "b": ("integer", [b])}
    wide = d.divide(f"{d.wide('a')} * {d.wide('1000000000')}", f"{d.wide('b')} * 1000000000")
    assert stand_in.rows([d.divide("a", "b"), wide], columns) == [(quotient, quotient)]


def test_sums_of_bigquery_are_wide_before_they_are_sums() -> None:
    [sum_] = parsed(BigQuery(), BigQuery().wide_sum_if("x", "y")).find_all(exp.Sum)
    [cast] = sum_.find_all(exp.Cast)
    assert cast.to.is_type("BIGDECIMAL")


def test_products_of_bigquery_do_not_raise() -> None:
    tree = parsed(BigQuery(), BigQuery().scale(100.0, "x"))
    assert not list(tree.find_all(exp.Mul))
    assert len(list(tree.find_all(exp.SafeMultiply))) == 1


def test_doubles_have_no_text_in_snowflake() -> None:
    with pytest.raises(Unsayable, match="compare it as a number"):
        Snowflake().text_of("x", "double")


@both_dialects
def test_case_goes_letter_by_letter(dialect: Dialect) -> None:
    # Their LOWER may make two characters of U+0130, and looks at what is beside a sigma.
    assert literals(dialect, dialect.lower("x")) == ["İΣ", "iσ"]


@both_dialects
def test_doubles_are_no_decimal_numbers(dialect: Dialect) -> None:
    tree = parsed(dialect, dialect.double(0.1))
    if dialect.name == "snowflake":
        assert isinstance(tree, exp.Cast)
        assert tree.to.is_type("DOUBLE")
        tree = tree.this
    assert float(tree.name) == 0.1
