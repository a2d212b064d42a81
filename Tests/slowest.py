"""The twenty Swift tests that took longest, from the event stream of `swift test`: the sum of a test's cases, each from its own start to its end, for
what the log says holds the time that a test waited for its turn as well."""

import collections
import json
import sys

began, seconds = {}, collections.Counter()
with open(sys.argv[1], encoding="utf-8") as events:
    for line in events:
        event = json.loads(line)["payload"]
        if event.get("kind") not in ("testCaseStarted", "testCaseEnded"):
            continue
        case = event["testID"], str(event.get("_testCase", {}).get("id"))
        if event["kind"] == "testCaseStarted":
            began[case] = event["instant"]["absolute"]
        elif case in began:
            seconds[event["testID"]] += event["instant"]["absolute"] - began[case]
for test, time in seconds.most_common(20):
    print(f"{time:7.1f} s  {'/'.join(test.split('/')[:-1])}")
