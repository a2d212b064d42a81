"""The lunar calendar against two others and the rule of GB/T 33661-2017: months begin with the day of the new moon at 120°E, the eleventh
has the winter solstice, and where thirteen lie between two of them the first without a major solar term is the leap month."""
import datetime
import math
import re
from pathlib import Path

import lunardate
import pytest
import sxtwl

SOURCE = Path(__file__).parents[2] / "Sources/Records/Values/LunarDate.swift"
FIRST, END = datetime.date(1900, 1, 31), datetime.date(2101, 1, 29)
# Before 1929 by Beijing's own time (116.4°E); 2057 and 2097 so near to midnight that the calendars are told apart by seconds.
PUBLISHED_A_DAY_EARLIER = {datetime.date(*day) for day in [(1914, 11, 17), (1916, 2, 3), (1920, 11, 10), (2057, 9, 28), (2097, 8, 7)]}
# Where lunardate 0.3.0 follows older almanacs, against the new moon at 120°E; and 2099 with its leap month, where its table ends.
OLD_ALMANACS = {datetime.date(*day) for day in [(1933, 7, 22), (1933, 7, 23), (1954, 11, 25), (1954, 11, 26), (1978, 9, 2), (1978, 9, 3)]}
LAST_OF_LUNARDATE = datetime.date(2100, 2, 9)


@pytest.fixture(scope="module")
def months() -> dict:
    """The first day of every month: lunar year, month, whether it is a leap month."""
    table = [int(code, 16) for code in re.findall(r"\b0x[0-9A-F]{5}\b", SOURCE.read_text().split("let table")[1])]
    assert len(table) == 201
    found, day = {}, FIRST
    for year, code in enumerate(table, 1900):
        for month in range(1, 13):
            found[day] = (year, month, False)
            day += datetime.timedelta(30 if code & 0x10000 >> month else 29)
            if code & 0xF == month:
                found[day] = (year, month, True)
                day += datetime.timedelta(30 if code & 0x10000 else 29)
    assert day == END
    return found


def every_day():
    return (FIRST + datetime.timedelta(number) for number in range((END - FIRST).days))


def test_every_month_begins_as_in_the_perpetual_calendar(months):
    theirs = {}
    for day in every_day():
        found = sxtwl.fromSolar(day.year, day.month, day.day)
        if found.getLunarDay() == 1:
            theirs[day] = (found.getLunarYear(), found.getLunarMonth(), bool(found.isLunarLeap()))
    assert months == theirs


def test_a_second_library_differs_only_where_the_rule_decides_against_it(months):
    for day in every_day():
        if day >= LAST_OF_LUNARDATE or day in OLD_ALMANACS:
            continue
        found = lunardate.LunarDate.from_solar_date(day.year, day.month, day.day)
        ours = months.get(day)
        assert (ours is not None) == (found.day == 1), day
        if ours:
            assert ours == (found.year, found.month, bool(found.isLeapMonth)), day


def new_moon(k: int) -> float:
    """Julian day of new moon `k` since 6 January 2000 in dynamical time, to a few seconds (Meeus, Astronomical Algorithms, chapter 49)."""
    t = k / 1236.85
    rad = math.radians
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = rad(2.5534 + 29.10535670 * k - 0.0000014 * t**2 - 0.00000011 * t**3)
    moon = rad(201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3 - 0.000000058 * t**4)
    lat = rad(160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3 + 0.000000011 * t**4)
    node = rad(124.7746 - 1.56375588 * k + 0.0020672 * t**2 + 0.00000215 * t**3)
    terms = [
        (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2), (0.00739, 1, -1, 1, 0),
        (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2), (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0),
        (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2), (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0),
        (0.00004, 0, 0, 2, -2), (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2), (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2),
        (0.00003, 0, -1, 1, 2), (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
    ]
    day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2 - 0.000000150 * t**3 + 0.00000000073 * t**4
    day += sum(c * e**power * math.sin(s * sun + m * moon + f * lat) for c, power, s, m, f in terms) - 0.00017 * math.sin(node)
    planets = [
        (325, 299.77, 0.107408, -0.009173), (165, 251.88, 0.016321, 0), (164, 251.83, 26.651886, 0), (126, 349.42, 36.412478, 0),
        (110, 84.66, 18.206239, 0), (62, 141.74, 53.303771, 0), (60, 207.14, 2.453732, 0), (56, 154.84, 7.306860, 0),
        (47, 34.52, 27.261239, 0), (42, 207.19, 0.121824, 0), (40, 291.34, 1.844379, 0), (37, 161.72, 24.198154, 0),
        (35, 239.56, 25.513099, 0), (23, 331.55, 3.592518, 0),
    ]
    return day + sum(c * math.sin(rad(a + b * k + q * t * t)) for c, a, b, q in planets) / 1_000_000


def delta_t(year: float) -> float:
    """Dynamical time less universal time in seconds, within a few seconds to 2020 and as foreseen afterwards (Morrison & Stephenson)."""
    known = [(1900, -2.8), (1905, 3.9), (1910, 10.5), (1915, 17.2), (1920, 21.2), (1930, 24.0), (1940, 24.3), (1950, 29.1), (1960, 33.1),
             (1970, 40.2), (1980, 50.5), (1990, 56.9), (2000, 63.8), (2010, 66.1), (2020, 69.4), (2050, 93.0), (2101, 203.0)]
    for (a, low), (b, high) in zip(known, known[1:]):
        if year <= b:
            return low + (high - low) * (year - a) / (b - a)
    return known[-1][1]


def test_every_month_begins_with_the_day_of_the_new_moon(months):
    begun, near = set(months), 0
    for k in range(-1236, 1250):
        moment = new_moon(k)
        moment += (8 * 3600 - delta_t(2000 + k / 12.3685)) / 86400
        day = datetime.date.fromordinal(math.floor(moment + 0.5) - 1721425)
        if not FIRST <= day < END or day in begun:
            continue
        # Not that day: either the known ones, or the moment is so near to midnight that the foreseen rotation of the earth decides.
        from_midnight = abs((moment + 0.5) - round(moment + 0.5)) * 86400
        earlier = day - datetime.timedelta(1)
        assert earlier in PUBLISHED_A_DAY_EARLIER or from_midnight < 180 and {earlier, day + datetime.timedelta(1)} & begun, (day, from_midnight)
        near += 1
    assert near <= 8


def test_leap_months_are_those_without_a_major_term(months):
    begun = sorted(months)
    major = set()
    for day in every_day():
        found = sxtwl.fromSolar(day.year, day.month, day.day)
        # Even: 冬至 0, 大寒 2 … the major terms.
        if found.hasJieQi() and found.getJieQi() % 2 == 0:
            major.add((day, found.getJieQi()))
    last = {day: until for day, until in zip(begun, begun[1:] + [END])}
    terms = {day: [term for on, term in major if day <= on < last[day]] for day in begun}
    solstices = [place for place, day in enumerate(begun) if 0 in terms[day]]
    for start, end in zip(solstices, solstices[1:]):
        assert months[begun[start]][1:] == (11, False)
        between = begun[start + 1 : end]
        leap = [day for day in between if months[day][2]]
        expected = [day for day in between if not terms[day]][:1] if end - start == 13 else []
        assert leap == expected, begun[start]
