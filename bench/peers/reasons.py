"""Why a program is faster than ream at a work, where it is: shown only where it really was.

By work and program. A reason speaks of all filesystems on which it may come true.
"""

REASONS = {
    ("processes", "raw"):
        "It is no peer but the floor: a static program of a few pages forks and waits, checks "
        "nothing, names no failure, publishes nothing as a whole, and loses a file unseen when a "
        "process dies. ream starts up, looks at the directory, shares a ledger with its processes, "
        "watches each, and gives a finished directory its name.",
    ("flat", "raw"):
        "It is no peer but the floor: the same open, write and close in as many processes, from a "
        "static program that starts in less than a millisecond, and nothing else. ream also records "
        "each file's state, so that a worker may die, and gives the finished directory its name.",
    ("empty", "raw"):
        "It is no peer but the floor: open and close alone. With no bytes to write, ream's record of "
        "each file's state and its start-up are a larger part of the whole.",
    ("contents", "raw"):
        "It is no peer but the floor: it parses each line once, and what it does not look for it does "
        "not find. ream first checks the whole manifest, so that a bad last line costs no half batch, "
        "and so parses twice.",
    ("contents", "cp"):
        "`cp -r` gets its bytes from the page cache and has nothing to parse. Where a filesystem lets "
        "one process at a time make files in a directory, ream's further workers gain little there, "
        "and its two passes over a manifest weigh more than `cp`'s opening and reading of sources.",
    ("contents", "tar"):
        "An archive's headers cost next to nothing to read, a JSON manifest is parsed twice, and where "
        "a filesystem lets one process at a time make files in a directory, ream's further workers "
        "gain little.",
    ("contents", "bsdtar"):
        "As with `tar x`: headers that cost next to nothing, and one process is as good as several "
        "where a filesystem makes files in a directory one at a time.",
    ("contents", "git"):
        "`git checkout` writes with as many workers as ream, from a packed repository that it need "
        "not check as a whole.",
    ("contents", "split"):
        "`split` has the least to do: it reads one file from front to back, has no names to look up, "
        "nothing to parse or to undo, and a failure leaves what it had written. Where a filesystem "
        "makes files in a directory one at a time, a second process does not make up for that.",
}

SMALL_BATCH = (
    "With so few files it counts what comes before the first and after the last. ream checks the whole "
    "manifest, forks workers that it watches, and gives a finished directory its name: some "
    "milliseconds, however few the files are. {program} does nothing of that: it makes its first file "
    "as soon as it has read what belongs there, and one that fails leaves a part.")
REASONS |= {("few", key): SMALL_BATCH.format(program=program) for key, program in {
    "cp": "`cp`", "tar": "`tar`", "bsdtar": "`bsdtar`", "git": "`git`", "split": "`split`"}.items()}
REASONS["few", "raw"] = (
    "It is no peer but the floor. Besides what it leaves out with many files, its start is shorter, "
    "and with so few that is most of the whole.")

UNKNOWN = "Nobody has looked into why yet."


def reason(work, contestant):
    return REASONS.get((work, contestant), UNKNOWN)
