#!/usr/bin/env python3
"""Arithmetic that ends the process when a number from outside is too large, where numbers from outside are read.

    Tests/bounds.py            names each place; fails when there is one (part of bin/test)
    Tests/bounds.py --self     tries the rules on the mistakes that were there once

It reads lines, not types: a place that cannot go wrong says why in a comment at its end, `// bounded: …`, or in one on the line above. What
is safe by itself is `adding(clamping:)` and its like (Records/Values/Clamping.swift), `Int(exactly:)`, `Int(clamping:)`, `Range(from:until:)`.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Where what comes from outside becomes a number; the readers of Formats, whose places in a buffer are all checked by fuzzing, without ranges.
READERS = ["Sources/Records/Kinds", "Sources/Records/Values", "Sources/Web", "Sources/Gate/Exchange", "Sources/Gate/Questions", "Sources/Formats"]
SAFE = r"(?!ascii:|exactly:|clamping:|truncatingIfNeeded:|bitPattern:|nearest:|bigEndian:|littleEndian:|\d)"
LITERAL = r"(?:-?\w*\d[\w.]*|UInt8\(ascii: \"[^\"]*\"\)|\.(?:min|max))"
RULES = [
    ("abs() of the least number there is", re.compile(r"(?<![\w.])abs\("), None),
    ("a minus before the least number there is", re.compile(r"(?:[(\[,=?:] ?|\breturn )-[a-z_]\w*"), None),
    ("a floating-point number made whole", re.compile(r"\bInt(?:64)?\((?!nearest:|exactly:)[^\n]*\.rounded\("), None),
    ("a number made narrower", re.compile(r"(?<!\w)(?:U?Int(?:8|16|32)|UInt(?:64)?)\(" + SAFE), "Formats"),
    ("a range that may end before it begins", re.compile(r"(?<![.\w])(?!%s)[\w.?)\]]+\)? ?(?:\.\.\.|\.\.<) ?[\w(]" % (LITERAL + r" ?\.\.")), "Formats"),
    ("arithmetic on what was just read", re.compile(
        r"\b(?:Int|Int64)\((?!\d)[^()]*(?:\([^()]*\)[^()]*)*\) [-+*] |\?\? [^()\n]*(?:\([^()]*\))?\) [-+*] |\.int\)? [-+*] "), None),
]
READ = re.compile(r"\b(?:let|var) (\w+)\b[^\n]*(?:\bInt(?:64)?\.init\b|= (?:try )?(?:Int|Int64)\((?!exactly|clamping)\w+\)|\.int\b(?! ==))")
ALLOWED = re.compile(r"// bounded: \S")


def places(text: str, room: str = ""):
    """Line number, rule and line of each place in a file."""
    lines, read = text.split("\n"), {}
    for number, line in enumerate(lines, 1):
        # A function's end: what it read is gone.
        if re.match(r" {0,4}\}", line):
            read = {}
        code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', re.sub(r"(^|\s)//.*", "", line)) if "ascii:" not in line else re.sub(r"(^|\s)//.*", "", line)
        allowed = ALLOWED.search(line) or number > 1 and ALLOWED.search(lines[number - 2])
        if not allowed:
            for name, rule, but in RULES:
                if but != room and rule.search(code):
                    yield number, name, line.strip()
            for name in read:
                if re.search(r"(?<![\w.])%s [-+*] |[-+*] %s\b(?!\()" % (name, name), code):
                    yield number, "arithmetic on what was just read", line.strip()
        for name in READ.findall(code):
            read[name] = number


OLD = [
    "max((wanted ?? first + 1) - 1, 0)",
    "let number = body[x].flatMap(Int.init) ?? 0\n        .redirect(to: number + 2)",
    "guard abs(steps) <= 36_500 else",
    "var days: [Day] { (first.number..<end.number).map(Day.init(number:)) }",
    ".int(Int64(clamping: Int(number.rounded())))",
    "return min(max(Int(((high - low) / step).rounded()), 1), 8)",
    "let back = -steps",
    "let place = Int32(length)",
    "(names.compactMap { Int($0.dropFirst(5)) }.max() ?? -1) + 1",
]


def main() -> int:
    if "--self" in sys.argv:
        missed = [old for old in OLD if not list(places(old))]
        for old in missed:
            print(f"bounds.py: no rule finds: {old}", file=sys.stderr)
        return 1 if missed else 0
    count = 0
    for reader in READERS:
        for path in sorted((ROOT / reader).rglob("*.swift")):
            for number, name, line in places(path.read_text(), path.relative_to(ROOT).parts[1]):
                print(f"{path.relative_to(ROOT)}:{number}: {name}: {line}")
                count += 1
    if count:
        print(f"bounds.py: {count} places; use what cannot trap, or say at the line's end why it cannot: // bounded: …", file=sys.stderr)
    return 1 if count else 0


sys.exit(main())
