"""Runs programs in turns, and takes their time from fork to exit."""
import contextlib
import os
import signal
import subprocess
import time

import proof


class Failed(Exception):
    """A program failed or wrote something wrong; says which, how, and where."""


def orders(count, rounds, draw):
    """For each round the order of `count` programs: a Williams design, shuffled by `draw`.

    Over a full design every program is at every place equally often, and comes equally often right
    after every other: what one leaves behind (dirty pages, a warm cache) meets all alike.
    """
    zigzag = [(i + 1) // 2 if i % 2 else (count - i // 2) % count for i in range(count)]
    square = [[(place + shift) % count for place in zigzag] for shift in range(count)]
    if count % 2:
        square += [list(reversed(order)) for order in square]
    labels = list(range(count))
    draw.shuffle(labels)
    chosen = []
    while len(chosen) < rounds:
        draw.shuffle(square)
        chosen += [[labels[i] for i in order] for order in square]
    return chosen[:rounds]


def samples(work, place, rounds, draw, environment):
    """Seconds of each of the work's contestants by key, a round at each index.

    One round more comes before, and is not counted. In it and in the last all contents are read
    again; in the others the files are counted and measured.
    """
    expected = work.expected()
    taken = {contestant.key: [] for contestant in work.contestants}
    for number, order in enumerate(orders(len(work.contestants), rounds + 1, draw)):
        for index in order:
            contestant = work.contestants[index]
            thorough = number in (0, rounds)
            seconds = _sample(contestant, place, expected, thorough, environment)
            if number > 0:
                taken[contestant.key].append(seconds)
    return taken


def _sample(contestant, place, expected, thorough, environment):
    target = os.path.join(place, "sample", "target")
    os.makedirs(target)
    # The sync keeps the writing back of files that are gone already out of the next run.
    subprocess.run(["sync", "-f", place], check=True)
    try:
        command = contestant.command(target)
        seconds = _timed(command, {**environment, **contestant.environment(target)})
        expected.check(target, thorough)
        return seconds
    except (proof.Wrong, Failed) as problem:
        raise Failed(f"{contestant.key}, on {os.path.basename(place)}: {problem}\n"
                     f"  by: {' '.join(command)}") from None
    finally:
        subprocess.run(["rm", "-rf", os.path.dirname(target)], check=True)


def _timed(words, environment):
    with open(os.memfd_create("complaints"), "w+b") as complaints:
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, complaints.fileno(), 2),
        ]
        start = time.clock_gettime(time.CLOCK_MONOTONIC)
        pid = os.posix_spawnp(words[0], words, environment, file_actions=streams, setpgroup=0)
        with _ended_with_us(pid):
            _, status = os.waitpid(pid, 0)
        seconds = time.clock_gettime(time.CLOCK_MONOTONIC) - start
        if status != 0:
            complaints.seek(0)
            said = complaints.read(4096).decode(errors="replace").strip()
            raise Failed(f"failed ({os.waitstatus_to_exitcode(status)}): {said}")
        return seconds


@contextlib.contextmanager
def _ended_with_us(group):
    try:
        yield
    except BaseException:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.killpg(group, signal.SIGKILL)
            os.waitpid(group, 0)
        raise
