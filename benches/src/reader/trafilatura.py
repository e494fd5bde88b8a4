"""Times trafilatura over a file of pages, one {"url", "html"} a line: prints its version, the pages that it gave a text
for, and the seconds of its calls alone. No answer is kept, and the language is not asked for: that takes another package.
"""

import json
import sys
import time

import trafilatura

# What is set up by the first calls is not timed.
WARM = 10


def read(page):
    return trafilatura.bare_extraction(page["html"], url=page["url"] or None, with_metadata=True)


def main():
    seconds, texts = 0.0, 0
    with open(sys.argv[1], encoding="utf-8") as lines:
        for _, line in zip(range(WARM), lines):
            read(json.loads(line))
        lines.seek(0)
        for line in lines:
            page = json.loads(line)
            begun = time.process_time()
            found = read(page)
            seconds += time.process_time() - begun
            texts += bool(found and found.text)
    print(json.dumps({"version": trafilatura.__version__, "texts": texts, "seconds": seconds}))


main()
