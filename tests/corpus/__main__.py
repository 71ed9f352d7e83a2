"""The figures as a table: `python -m tests.corpus --seed 7`; with `--misses 5`, some that were read wrongly as well."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from flows.mail.reading import read_mail
from tests.corpus.beside import HEADING, folder, generated, score
from tests.corpus.figures import Figures, corpus, measure
from tests.corpus.machines import machines


def main() -> None:
    """Make the corpus, read it, say how it went."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--each", type=int, default=2, help="mails for every pair of language and client")
    parser.add_argument("--misses", type=int, default=0, help="show so many mails that were not read exactly")
    parser.add_argument("--known", action="store_true", help="tell the reading what was sent")
    parser.add_argument("--beside", action="store_true", help="measure the reply parsers that are installed as well")
    parser.add_argument("--folder", type=Path, help="measure mails of your own; see tests/corpus/beside.py")
    options = parser.parse_args()
    if options.beside or options.folder:
        cases = list(folder(options.folder) if options.folder else generated(options.seed, options.each))
        if not cases:
            parser.error(f"{options.folder}: no mail with a .want or a .kind beside it is there")
        print(HEADING, *(scored.row(name) for name, scored in score(cases).items()), sep="\n")
        return
    figures = measure(corpus(options.seed, options.each), known=options.known)
    for line in table(figures):
        print(line)
    for client, made, mail in figures.misses[: options.misses]:
        print(f"\n{client}, {made.language.code}, {made.layout}: {mail.kind}")
        print(f"  typed: {made.expected!r}\n  read:  {mail.text!r}")


def table(figures: Figures) -> list[str]:
    """The figures in words."""
    weak = [f"{key} {figures.share(key):.0f}" for key in figures.total if figures.share(key) < 95]
    read = [(kind, read_mail(raw).kind) for _, kind, raw in machines()]
    people = sum(kind == "reply" for kind, _ in read)
    taken = sum(kind != "reply" == found for kind, found in read)
    refused = sum(kind == "reply" != found for kind, found in read)
    times = [f"{figures.time(share):.1f}" for share in (0.5, 0.99, 1)]
    return [
        f"mails read                 {figures.total['exact']}",
        f"exactly the words typed    {figures.share('exact'):.1f} %",
        f"F1 of the words            {figures.f1:.2f}",
        f"typed words lost           {figures.lost} of {figures.wanted}",
        f"answers between, in place  {figures.share('placed'):.1f} % of {figures.total['placed']}",
        f"machines taken for people  {taken} of {len(read) - people}",
        f"people taken for machines  {figures.refused + refused} of {figures.total['exact'] + people}",
        f"time, ms                   median {times[0]}, p99 {times[1]}, worst {times[2]}",
        f"under 95 %                 {', '.join(weak) or 'no client, language or layout'}",
    ]


if __name__ == "__main__":
    main()
