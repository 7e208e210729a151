"""The works, and how each program does them. A new program is a Contestant in a list."""
import dataclasses
import os
import sys
import typing

import proof
import sources

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = "ream"
LIMIT = "raw"


@dataclasses.dataclass(frozen=True)
class Contestant:
    key: str
    label: str  # in tables
    command: typing.Callable[[str], list]  # from the directory to write into, which is there, empty
    environment: typing.Callable[[str], dict] = lambda target: {}


@dataclasses.dataclass(frozen=True)
class Work:
    key: str
    title: str
    note: str  # what makes it the same work for all
    expected: typing.Callable[[], proof.Expected]
    contestants: list  # ream is the first


@dataclasses.dataclass(frozen=True)
class Setting:
    """Where the built programs are, how many processes work, what they read."""
    build: str
    processes: int
    many: sources.Sources
    few: sources.Sources

    def ream(self, *words):
        program = os.path.join(self.build, "src/ream")
        return [program, *words, f"-j{self.processes}", "--list", "none"]

    def bench(self, name, *words):
        return [os.path.join(self.build, "bench", name), *map(str, words)]

    def python(self, name, *words):
        # The interpreter itself: a version manager's wrapper would have its own start measured.
        return [sys.executable, os.path.join(HERE, name), *map(str, words)]


def setting(build, directory, count, processes):
    """Makes `directory`, for what is read."""
    few = min(count, 500)  # a process for each file takes some programs seconds
    return Setting(build, processes, many=sources.Sources(os.path.join(directory, "many"), count),
                   few=sources.Sources(os.path.join(directory, "few"), few))


def all_works(s):
    return [
        _processes(s),
        _flat(s),
        _empty(s),
        _contents(s, s.many, "contents", "with given contents"),
        _contents(s, s.few, "few", "with given contents, a small batch"),
    ]


def _processes(s):
    count, numbers, equals = s.few.count, s.few.path("numbers"), s.few.path("equals")
    return Work(
        "processes", f"{count:,} files, a process each",
        "File `info7` holds seven `=`. ream and GNU parallel keep as many processes alive as there "
        "are processors, and so does xargs; the Python program and the raw loop start all at once.",
        lambda: proof.Expected((f"info{i}", b"=" * i) for i in range(1, count + 1)),
        [
            Contestant(OURS, "ream", lambda d: [
                *s.ream("generate", "--process-per-file", "--count", str(count)), d]),
            Contestant(LIMIT, "raw forks (the limit)",
                       lambda d: s.bench("generate_raw", d, count, "i", "each")),
            Contestant("python-process", "Python, a `Process` a file",
                       lambda d: s.python("python_process_per_file.py", d, count, "--no-list")),
            Contestant("xargs", "`xargs -P`", lambda d: [
                "xargs", "-a", numbers, "-P", str(s.processes), "-n", "1",
                "sh", "-c", 'head -c "$2" "$0" >"$1/info$2"', equals, d]),
            Contestant("parallel", "GNU parallel", lambda d: [
                "parallel", "--will-cite", "-j", str(s.processes), "-a", numbers,
                "head", "-c", "{}", equals, ">", f"{d}/info{{}}"]),
        ])


def _flat(s):
    return Work(
        "flat", f"{s.many.count:,} files of 4 KiB, generated",
        "Every file holds 4,096 `=`; all are in one directory.",
        lambda: proof.Expected((f"info{i}", b"=" * 4096) for i in range(1, s.many.count + 1)),
        [
            Contestant(OURS, "ream", lambda d: [
                *s.ream("generate", "--count", str(s.many.count), "--size", "4K"), d]),
            Contestant(LIMIT, "raw loop (the limit)",
                       lambda d: s.bench("generate_raw", d, s.many.count, 4096, s.processes)),
            Contestant("python-pool", "Python `Pool.map`", lambda d: s.python(
                "python_pool_map.py", d, s.many.count, 4096, s.processes)),
        ])


def _empty(s):
    return Work(
        "empty", f"{s.many.count:,} empty files",
        "What fio's `filecreate` engine does: it makes files and writes nothing to them. It has "
        "names of its own.",
        lambda: proof.Expected(((f"info{i}", b"") for i in range(1, s.many.count + 1)),
                               names_are_free=True),
        [
            Contestant(OURS, "ream", lambda d: [
                *s.ream("generate", "--count", str(s.many.count), "--size", "0"), d]),
            Contestant(LIMIT, "raw loop (the limit)",
                       lambda d: s.bench("generate_raw", d, s.many.count, 0, s.processes)),
            Contestant("fio", "fio `filecreate`", lambda d: _fio(s, d)),
        ])


def _fio(s, directory):
    words = ["fio", "--output=/dev/null"]
    for job in range(s.processes):
        files = s.many.count * (job + 1) // s.processes - s.many.count * job // s.processes
        # 4k is the size that fio reckons with; the engine makes files without writing any of it.
        words += [f"--name=job{job}", "--ioengine=filecreate", f"--directory={directory}",
                  f"--nrfiles={files}", "--filesize=4k", "--openfiles=1"]
    return words


def _contents(s, origin, key, what):
    source = origin.path
    return Work(
        key, f"{origin.count:,} files of 4 KiB, {what}",
        "The same text for all, another in each file, in the form that each program reads: a JSON "
        "manifest (ream and the raw loop), a directory, an uncompressed archive, a repository "
        "(packed, without deltas), one file that is cut. All of it is in memory before.",
        lambda: proof.Expected(sources.pages(origin.count)),
        [
            Contestant(OURS, "ream", lambda d: [*s.ream("write"), source("manifest.jsonl"), d]),
            Contestant(LIMIT, "raw loop (the limit)", lambda d: s.bench(
                "manifest_raw", source("manifest.jsonl"), d, s.processes)),
            Contestant("cp", "`cp -r`", lambda d: ["cp", "-r", source("tree") + "/.", d]),
            Contestant("tar", "`tar x`", lambda d: ["tar", "-C", d, "-xf", source("archive.tar")]),
            Contestant("bsdtar", "`bsdtar x`",
                       lambda d: ["bsdtar", "-C", d, "-xf", source("archive.tar")]),
            # An index of its own for each run: with one that knows the files git writes less.
            Contestant("git", "`git checkout`", lambda d: [
                "git", f"--git-dir={source('repository')}", f"--work-tree={d}",
                "-c", "core.bare=false", "-c", f"checkout.workers={s.processes}",
                "checkout", "--quiet", "--force", "HEAD"],
                lambda d: {"GIT_INDEX_FILE": d + ".index"}),
            Contestant("split", "`split`", lambda d: [
                "split", f"--bytes={sources.FILE_SIZE}", "--numeric-suffixes=1",
                "--suffix-length=5", source("whole"), f"{d}/page"]),
        ])
