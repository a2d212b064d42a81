#!/usr/bin/env python3
"""Whether docs/coverage.md adds up: the figures of its head, every number once and in order, known states, and where to find what works.

    Tests/coverage.py           names what is wrong; fails when anything is (part of bin/test)
    Tests/coverage.py --write   brings the figures up to date, then looks
"""
import re
import sys
from collections import Counter
from pathlib import Path

# The last number of each chapter of the requirements, and of the features of the market.
REQUIREMENTS = {"A": 64, "B": 12, "C": 24, "D": 24, "E": 32, "F": 12, "G": 8, "H": 18, "I": 30}
FEATURES = {"M": 136}
STATES = ["works", "partly", "no"]
COLUMNS = ["ID", "what", "works / partly / no", "where", "test"]
NOTHING = {"", "—"}
FIGURES = re.compile(r"^需求编号 .+\n", re.M)


def numbers(chapters: dict[str, int]) -> list[str]:
    return [f"{chapter}{number}" for chapter, last in chapters.items() for number in range(1, last + 1)]


def table(text: str) -> list[tuple[int, list[str]]]:
    """The rows with their line numbers, without the headings and the lines below them."""
    rows = [(number, [cell.strip() for cell in line.strip().strip("|").split("|")])
            for number, line in enumerate(text.splitlines(), 1) if line.startswith("|")]
    return [(number, cells) for number, cells in rows if cells != COLUMNS and set("".join(cells)) != {"-"}]


def figures(rows: list[tuple[int, list[str]]]) -> str:
    """The line of the head, as the table has it."""
    def part(heading: str, chapters: dict[str, int], what: str) -> str:
        states = Counter(cells[2] for _, cells in rows if len(cells) == len(COLUMNS) and cells[0][:1] in chapters)
        names = numbers(chapters)
        return f"{heading} {names[0]} … {names[-1]} 共 {states.total()} {what}：" + "、".join(f"{state} {states[state]}" for state in STATES)
    return part("需求编号", REQUIREMENTS, "条") + "。" + part("市场功能", FEATURES, "项") + "。\n"


def out_of_order(found: list[str]) -> list[str]:
    wanted, counts = numbers(REQUIREMENTS) + numbers(FEATURES), Counter(found)
    faults = [f"{name} is not there" for name in wanted if name not in counts]
    faults += [f"{name} is there {count} times" for name, count in counts.items() if count > 1]
    faults += [f"{name} is no number of the requirements" for name in counts if name not in wanted]
    if not faults:
        faults = [f"{name} stands where {right} belongs" for name, right in zip(found, wanted) if name != right][:1]
    return faults


def missing(tests: str, root: Path) -> list[str]:
    """What a row names that is not there; a name without a folder lies beside the one before it."""
    folder, faults = root, []
    for name in tests.split("、"):
        path = root / name if "/" in name else folder / name
        folder = path.parent
        if not path.exists():
            faults.append(name)
    return faults


def wrong(number: int, cells: list[str], root: Path) -> list[str]:
    if len(cells) != len(COLUMNS):
        return [f"line {number}: {len(cells)} columns instead of {len(COLUMNS)}"]
    name, _, state, where, tests = cells
    faults = []
    if state not in STATES:
        faults.append(f"line {number}: {name} is “{state}”, which is none of {', '.join(STATES)}")
    if state == "works" and where in NOTHING:
        faults.append(f"line {number}: {name} works, but nothing says where")
    if state == "partly" and where in NOTHING:
        faults.append(f"line {number}: {name} works partly, but nothing says what is missing")
    if tests not in NOTHING:
        faults += [f"line {number}: {name} names {test}, which is not there" for test in missing(tests, root)]
    return faults


def main(root: Path, arguments: list[str]) -> int:
    path = root / "docs/coverage.md"
    text = path.read_text()
    rows = table(text)
    line = figures(rows)
    if "--write" in arguments and FIGURES.search(text):
        text = FIGURES.sub(lambda _: line, text, count=1)
        path.write_text(text)
    faults = out_of_order([cells[0] for _, cells in rows])
    faults += [fault for number, cells in rows for fault in wrong(number, cells, root)]
    if line not in text:
        faults.append(f"the head has other figures than the table (Tests/coverage.py --write): {line.strip()}")
    for fault in faults:
        print(f"docs/coverage.md: {fault}", file=sys.stderr)
    if not faults:
        print(line.strip())
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[1], sys.argv[1:]))
