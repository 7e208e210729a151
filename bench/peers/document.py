"""docs/benchmarks.md and the README's part of it, from results: no figure, no verdict by hand."""
import dataclasses

import figures
import places
import reasons
import works

WHAT_IT_IS = {
    "tmpfs": "Files in memory: system calls cost least here, so a program's own work shows most.",
    "ext4": "A fresh filesystem in a file on tmpfs, by `{mkfs}`.",
    "xfs": "A fresh filesystem in a file on tmpfs, by `{mkfs}`.",
}


@dataclasses.dataclass(frozen=True)
class Result:
    filesystem: str
    work: works.Work
    rows: list  # of figures.Row, ream's first


@dataclasses.dataclass(frozen=True)
class Facts:
    """What a reader has to know to judge the figures, and to get his own."""
    date: str
    rounds: int
    seed: int
    seconds: float
    load: float  # before the run
    commands: list  # pairs of work title and list of (label, readable command)
    versions: list
    machine: list  # lines on kernel, processors, memory
    notes: list  # what was left out and why
    reproduce: str


def duration(seconds):
    milliseconds = seconds * 1000
    digits = 0 if milliseconds >= 100 else 1 if milliseconds >= 10 else 2
    return f"{milliseconds:,.{digits}f} ms"


def ratio(row):
    return f"**{row.ratio:.2f}** ({row.low:.2f} to {row.high:.2f})"


def verdict(row):
    if not row.has_verdict:
        return "no verdict"
    return "faster than ream" if row.wins else "slower" if row.loses else "no difference shown"


def filesystems(results):
    return list(dict.fromkeys(result.filesystem for result in results))


def _table(results, filesystem):
    yield "| work | program | time | times as long as ream | |"
    yield "|---|---|--:|---|---|"
    for result in results:
        if result.filesystem != filesystem:
            continue
        ours, *others = result.rows
        yield f"| {result.work.title} | ream | {duration(ours.seconds)} | 1 | |"
        for row in others:
            yield (f"| | {row.contestant.label} | {duration(row.seconds)} | {ratio(row)} "
                   f"| {verdict(row)} |")


def _section(results, filesystem, plots):
    yield f"## On {filesystem}"
    yield ""
    mkfs = " ".join(places.MKFS.get(filesystem, []))
    yield WHAT_IT_IS[filesystem].format(mkfs=mkfs)
    yield ""
    if filesystem in plots:
        yield f"![Times as long as ream, on {filesystem}]({plots[filesystem]})"
        yield ""
    yield from _table(results, filesystem)
    yield ""


def winners(results):
    """Where each winner wins: pairs of a filesystem and a row, by the work and the contestant."""
    won = {}
    for key in dict.fromkeys(result.work.key for result in results):
        for result in results:
            for row in result.rows[1:] if result.work.key == key else []:
                if row.wins:
                    won.setdefault((key, row.contestant.key), []).append((result.filesystem, row))
    return won


def _won(where):
    figures = ", ".join(f"{row.ratio:.2f} on {filesystem}" for filesystem, row in where)
    return f"**{where[0][1].contestant.label}** ({figures})"


def _where_ream_is_slower(results):
    yield "## Where another program is faster"
    yield ""
    titles = {result.work.key: result.work.title for result in results}
    by_reason = {}
    for (work, contestant), where in winners(results).items():
        reason = reasons.reason(work, contestant)
        by_reason.setdefault((work, reason), []).append(_won(where))
    for (work, reason), who in by_reason.items():
        yield f"- {titles[work]}: {', '.join(who)}. {reason}"
    if any(not row.has_verdict for result in results for row in result.rows):
        yield f"No verdict: it takes {figures.LEAST_ROUNDS} rounds."
    elif not by_reason:
        yield "Nowhere: no program's interval lies below 1 as a whole."
    yield ""


def _commands(facts, results):
    yield "## What each of them did"
    yield ""
    yield "DIR is empty and fresh. What a program reads is made before, in memory. All wrote"
    yield "the same names and contents where it does not say otherwise."
    titles = {result.work.title: result.work for result in results}
    for title, commands in facts.commands:
        yield ""
        yield f"**{title}.** {titles[title].note}"
        yield ""
        yield "```"
        yield from commands
        yield "```"
    yield ""


def _how_it_is_measured(facts):
    return (
        "## How it is measured\n"
        "\n"
        "A round runs every program at a work once, in an order from a shuffled Williams design: "
        "each is at every place, and right after every other, equally often. Time is that of the "
        "whole process, from fork to exit, by CLOCK_MONOTONIC; standard input and output are "
        "/dev/null. Each run has a fresh directory; to make and to remove it is not timed. After "
        "each run the files are counted and measured, and in the first round (which is not "
        "counted) and the last every content is read and compared by SHA-256: a program that wrote "
        "something else ends the whole run without a table.\n"
        "\n"
        f"There are {facts.rounds} rounds after the first. \"Times as long as ream\" is the median "
        "over rounds of that program's time divided by ream's in the same round, with its 95 % "
        "interval in brackets (percentile bootstrap of the median, 10,000 resamples, asked for "
        f"{100 * figures.confidence(facts.rounds):.1f} %: one of few rounds is narrower than it "
        "says). A program is faster or slower where that interval does not contain 1; below "
        f"{figures.LEAST_ROUNDS} rounds there is no verdict. The raw programs of "
        "`bench/limits` are no peers: they are the least that the work can cost.\n")


def _facts(facts):
    yield "## Programs and machine"
    yield ""
    for line in [*facts.machine, *facts.versions]:
        yield f"- {line}"
    yield f"- {facts.date}; {facts.seconds:.0f} s; load before the run {facts.load:.2f}"
    for note in facts.notes:
        yield f"- {note}"
    yield ""
    yield "## To get your own figures"
    yield ""
    yield "On Debian 12, as root (which it takes to mount ext4 and xfs), on a quiet machine:"
    yield ""
    yield "```console"
    yield "# make bench-peers"
    yield "```"
    yield ""
    yield "It installs what is missing, and replaces this page. This one came by:"
    yield ""
    yield f"    {facts.reproduce}"


def page(results, facts, plots):
    """The whole of docs/benchmarks.md. plots: a link for each filesystem that has one."""
    lines = [
        "<!-- Written by bench/peers/run: make bench-peers replaces the whole of it. -->",
        "# ream beside other programs",
        "",
        "The same work by `ream`, by what people use for it today, and by the least number of",
        "system calls that it can be done with. Above 1: it takes longer than ream; below 1: less.",
        "",
    ]
    for filesystem in filesystems(results):
        lines += _section(results, filesystem, plots)
    lines += _where_ream_is_slower(results)
    lines += _how_it_is_measured(facts).splitlines() + [""]
    lines += _commands(facts, results)
    lines += _facts(facts)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def heart(results, facts):
    """The ratios alone, a row for each program at each work: for the README."""
    names = filesystems(results)
    by_work = {}
    for result in results:
        for row in result.rows[1:]:
            cells = by_work.setdefault((result.work.title, row.contestant.label), {})
            cells[result.filesystem] = f"{row.ratio:.1f}" if row.ratio >= 2 else f"{row.ratio:.2f}"
    yield "| work | times as long as ream: | " + " | ".join(names) + " |"
    yield "|---|---|" + "--:|" * len(names)
    told = None
    for (title, label), cells in by_work.items():
        shown, told = "" if title == told else title, title
        yield f"| {shown} | {label} | " + " | ".join(cells.get(n, "") for n in names) + " |"
    yield ""
    yield f"Medians of {facts.rounds} interleaved rounds, {facts.date}."


def with_heart(text, results, facts):
    """`text` with the heart between its two marks. Throws ValueError where they are not there."""
    begin, end = "<!-- peers: by make bench-peers -->\n", "<!-- /peers -->"
    before, mark, rest = text.partition(begin)
    _, mark_of_end, after = rest.partition(end)
    if not mark or not mark_of_end:
        raise ValueError(f"no place between '{begin.strip()}' and '{end}'")
    return before + begin + "\n".join(heart(results, facts)) + "\n" + end + after
