"""The public scorer's own measures over both halves of each set, split by site, with 95 % bootstrap intervals.

Called by `cargo xtask score --reader` with the scorer's folder and the folder of answers; prints one JSON object:
{set: {figure: {"all": value, "a": [value, low, high, pages], "b": […]}}}.
"""

import hashlib
import json
import os
import random
import sys
from urllib.parse import urlsplit

ROUNDS = 1000


def half(page):
    """A site lies in one half as a whole: its host decides."""
    host = (urlsplit(page["url"] or "").hostname or "").removeprefix("www.")
    return "ab"[hashlib.sha256(host.encode()).digest()[0] & 1]


def ratio(counts):
    """Right over all of summed (right, all) pairs; F1 of summed (hits, noise, missed) triples."""
    sums = [sum(column) for column in zip(*counts)]
    if len(sums) == 3:
        hits, noise, missed = sums
        return 2 * hits / (2 * hits + noise + missed) if hits else 0.0
    return sums[0] / sums[1] if sums and sums[1] else 0.0


def interval(counts):
    chance = random.Random(0)
    values = sorted(ratio(chance.choices(counts, k=len(counts))) for _ in range(ROUNDS))
    return values[round(0.025 * ROUNDS)], values[round(0.975 * ROUNDS) - 1]


def figures(scoring, name, pages, answers):
    """Per figure the pages' counts, each with its half."""
    nothing = {"text": "", "title": None, "date": None}
    out = {}
    for page in pages:
        answer, side = answers.get(page["id"], nothing), half(page)
        if page.get("date"):
            right = (answer.get("date") or "")[:10] == page["date"]
            out.setdefault("date", []).append((side, (float(right), 1.0)))
        if page.get("title"):
            right = scoring.exact_title(page["title"]) == scoring.exact_title(answer.get("title"))
            out.setdefault("headline", []).append((side, (float(right), 1.0)))
        if page.get("text"):
            f1 = scoring.page_word_scores(page["text"], answer["text"])[2]
            out.setdefault("text", []).append((side, (f1, 1.0)))
        elif page.get("include"):
            out.setdefault("text", []).append((side, scoring.segment_counts(page, answer["text"])[:3]))
    return out


def main():
    scorer, folder = sys.argv[1:3]
    sys.path.insert(0, scorer)
    import measuring
    import score_reader
    import scoring
    report = {}
    for name in score_reader.SETS:
        answers = measuring.read_answers(os.path.join(folder, f"{name}.ours.jsonl"))
        report[name] = {}
        for figure, rows in figures(scoring, name, score_reader.read_set(name), answers).items():
            entry = {"all": ratio([counts for _, counts in rows])}
            for side in "ab":
                counts = [counts for own, counts in rows if own == side]
                entry[side] = [ratio(counts), *interval(counts), len(counts)]
            report[name][figure] = entry
    print(json.dumps(report))


main()
