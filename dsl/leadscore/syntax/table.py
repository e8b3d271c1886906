"""The parser, made ahead: `score.table.json` beside the grammar.

Lark takes a fifth of a second to work the tables of the parser out, and some milliseconds to take
them from this file (plain JSON: nothing in it is run). The file carries a fingerprint of what it
was made of; where that is not this very grammar and this very Lark, nothing is taken from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

Options = Mapping[str, Any]


def fingerprint(grammar: str, options: Options) -> str:
    """What a table is made of, as one text."""
    made_of = json.dumps([lark.__version__, grammar, options], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()


def made(grammar: str, options: Options) -> str:
    """The content of the file."""
    data, memo = Lark(grammar, **options).memo_serialize([TerminalDef, Rule])
    content = {"made of": fingerprint(grammar, options), "data": data, "memo": memo}
    return json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n"


def taken(content: str, grammar: str, options: Options, transformer: object) -> Lark | None:
    """The parser of the file's `content`; None where it was made of something else."""
    stored = json.loads(content, object_hook=_numbered)
    if stored.pop("made of") != fingerprint(grammar, options):
        return None
    stored["data"]["options"]["transformer"] = transformer
    return Lark.load(stored)  # it is unpickled only where it is a file


def _numbered(record: dict[str, Any]) -> dict[Any, Any]:
    """JSON's keys are texts; those of Lark's tables are numbers."""
    return {int(key) if key.isdecimal() else key: value for key, value in record.items()}
