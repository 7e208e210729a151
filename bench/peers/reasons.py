"""Why a program is faster than ream at a work, where it is: shown only where it really was.

By work and program. A reason speaks of all filesystems on which it may come true.
"""

REASONS = {
    ("processes", "raw"):
        "It is no peer but the floor: a static program of a few pages forks and waits, looks at "
        "nothing beforehand, and does no file again when a process dies. ream looks at the "
        "directory, shares a ledger with its processes, watches each, and gives the finished "
        "directory its name.",
    ("flat", "raw"):
        "It is no peer but the floor: the same open, write and close in as many processes, from a "
        "static program that starts in less than a millisecond, and nothing else. ream also "
        "records each file's state, so that a worker may die, and gives the finished "
        "directory its name.",
    ("empty", "raw"):
        "It is no peer but the floor: open and close alone. With no bytes to write, ream's record "
        "of each file's state and its start-up are a larger part of the whole.",
    ("contents", "raw"):
        "It is no peer but the floor: it takes from each line the two values that it needs. ream "
        "looks at all that a line says, and at how it says it, records each file's state, so that "
        "a worker may die, and gives the finished directory its name.",
    ("contents", "cp"):
        "`cp -r` gets its bytes from the page cache as they are, where ream undoes a manifest's "
        "escapes. Where a filesystem lets one process at a time make files in a directory, ream's "
        "further workers do not make up for that.",
    ("contents", "tar"):
        "An archive's headers cost next to nothing to read and its bytes stand there as they are, "
        "where ream undoes a manifest's escapes. Where a filesystem lets one process at a time "
        "make files in a directory, ream's further workers do not make up for that.",
    ("contents", "bsdtar"):
        "As with `tar x`: an archive's bytes stand there as they are, and further workers gain "
        "little where a filesystem lets one process at a time make files in a directory.",
    ("contents", "git"):
        "`git checkout` writes with as many workers as ream, and inflates bytes that stand there "
        "as they are, where ream undoes a manifest's escapes.",
    ("contents", "split"):
        "`split` has the least to do: it reads one file from front to back, has no names to look "
        "up, nothing to undo, and a failure leaves what it had written. Where a filesystem lets "
        "one process at a time make files in a directory, a second one does not make up for that.",
}

SMALL_BATCH = (
    "With so few files it counts what comes before the first and after the last. ream forks "
    "workers that it watches, and gives a finished directory its name: some milliseconds, however "
    "few the files are. The others make their first file as soon as they have read what belongs "
    "there, and one that fails leaves a part.")
REASONS |= {("few", key): SMALL_BATCH for key in ("cp", "tar", "bsdtar", "git", "split")}
REASONS["few", "raw"] = (
    "It is no peer but the floor. Besides what it leaves out with many files, its start is "
    "shorter, and with so few that is most of the whole.")

UNKNOWN = "Nobody has looked into why yet."


def reason(work, contestant):
    return REASONS.get((work, contestant), UNKNOWN)
