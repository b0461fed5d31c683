"""Mutation tests, run by hand: break a sample of the code in small ways, and see which breaks no test notices.

python tests/helpers/mutants.py [-n COUNT] [--seed SEED] ROOM TESTS...
python tests/helpers/mutants.py -n 60 edi/rules tests/rules

The tests are collected once. Each mutant lives in a process of its own, forked off from there, in which the functions of
one module get the code of the mutated module; it runs the tests that reach the function until one of them fails. A
mutant that uses up its processor time counts as noticed. What a module computes at import is not mutated, nor any text.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import os
import pickle
import random
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest

_CPU_SECONDS = 90
_OTHER: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: the place of its node in a walk of the module, and what it is in words."""

    file: Path
    node: int
    line: int
    function: tuple[str, int]
    words: str


def changed(node: ast.AST) -> str:
    """Change the node in place; returns the change in words, "" where there is none."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _OTHER:
            node.ops = [_OTHER[type(op)]()]
            return f"{type(op).__name__} -> {type(node.ops[0]).__name__}"
        case ast.BoolOp() | ast.BinOp() if type(node.op) in _OTHER:
            before = type(node.op).__name__
            node.op = _OTHER[type(node.op)]()
            return f"{before} -> {type(node.op).__name__}"
        case ast.If() | ast.IfExp():
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
            return "condition negated"
        case ast.Constant(value=bool()):
            node.value = not node.value
            return f"-> {node.value}"
        case ast.Constant(value=int()):
            node.value += 1
            return f"{node.value - 1} -> {node.value}"
        case ast.Return(value=ast.AST()) if not _is_none(node.value):
            node.value = ast.copy_location(ast.Constant(None), node)
            return "-> return None"
    return ""


def _is_none(node: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of the functions of a module."""
    tree = ast.parse(file.read_bytes())
    places = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for top, name in _functions(tree, ""):
        first = min([top.lineno, *(each.lineno for each in top.decorator_list)])
        for part in top.body:
            for node in ast.walk(part):
                if words := changed(copy.deepcopy(node)):
                    yield Mutant(file, places[id(node)], node.lineno, (name, first), words)  # type: ignore[attr-defined]


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The functions and methods of a module; those inside another function belong to it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def install(mutant: Mutant) -> None:
    """Give the functions of the mutant's module the mutated code, and forget every cached result."""
    tree = ast.parse(mutant.file.read_bytes())
    changed(next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node))
    module = compile(ast.fix_missing_locations(tree), str(mutant.file), "exec", dont_inherit=True)
    new = {(code.co_qualname, code.co_firstlineno): code for code in _codes(module)}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(mutant.file):
            code = new.get((each.__code__.co_qualname, each.__code__.co_firstlineno))
            if code is not None and code.co_freevars == each.__code__.co_freevars:
                each.__code__ = code
        elif isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


class Mutation:
    """A pytest plugin that runs the collected tests on each mutant instead of once."""

    def __init__(self, chosen: list[Mutant]) -> None:
        self.chosen = chosen
        self.tried = self.noticed = 0

    def pytest_collection(self) -> None:
        """After conftest.py has been read: a failure need not be made small, nor kept."""
        from hypothesis import Phase, settings  # not before pytest has its hands on it

        settings.register_profile(
            "mutants", settings(), phases=(Phase.explicit, Phase.generate), database=None
        )
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reached = self._reached(session)
        for mutant in self.chosen if reached is not None else ():
            tests = [session.items[place] for place in sorted(reached[str(mutant.file), *mutant.function])]
            self.tried += 1
            if tests and _in_child(lambda m=mutant, t=tests: (install(m), _run(t))[1]):  # type: ignore[misc]
                self.noticed += 1
                continue
            where = f"{mutant.file.relative_to(Path.cwd())}:{mutant.line} {mutant.function[0]}"
            print(f"{where}: {mutant.words} ({len(tests)} tests reach it)", flush=True)
        return True

    def _reached(self, session: pytest.Session) -> dict[tuple[str, str, int], set[int]] | None:
        """By function the tests that reach it. None when a test fails without any mutant."""
        files = {str(mutant.file) for mutant in self.chosen}
        with tempfile.NamedTemporaryFile() as result:

            def trace() -> bool:
                reached: dict[tuple[str, str, int], set[int]] = defaultdict(set)
                for place, item in enumerate(session.items):

                    def look(frame: Any, event: str, _: Any, place: int = place) -> None:
                        code = frame.f_code
                        if event == "call" and code.co_filename in files:
                            reached[code.co_filename, code.co_qualname, code.co_firstlineno].add(place)

                    sys.setprofile(look)
                    failed = _run([item])
                    sys.setprofile(None)
                    if failed:
                        return True
                Path(result.name).write_bytes(pickle.dumps(reached))
                return False

            if _in_child(trace, limit=20 * _CPU_SECONDS):
                print("A test fails without any mutant, so nothing can be measured.")
                return None
            found: dict[tuple[str, str, int], set[int]] = pickle.loads(Path(result.name).read_bytes())
            return found


def _run(items: list[pytest.Item]) -> bool:
    """Run tests until one fails; whether one did."""
    session = items[0].session
    for item in items:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed:
            return True
    return False


def _in_child(job: Any, limit: int = _CPU_SECONDS) -> bool:
    """The job's result from a process of its own, which keeps silent; True when it dies or uses its processor time up."""
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        try:
            os._exit(bool(job()))
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] != 0


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("-n", dest="count", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("room", type=Path)
    options.add_argument("tests", nargs="+")
    asked = options.parse_args()
    every = [each for file in sorted(asked.room.resolve().rglob("*.py")) for each in mutants(file)]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    plugin = Mutation(chosen)
    pytest.main(
        ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", *asked.tests], plugins=[plugin]
    )
    print(f"{plugin.noticed} of {plugin.tried} noticed; {len(every)} can be made of {asked.room}")


if __name__ == "__main__":
    main()
