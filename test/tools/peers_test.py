"""bench/peers/run tells the truth, or nothing: no page where a program wrote something wrong.

REAM_BUILD and REAM_SOURCE name the build's and the project's directories.
"""
import collections
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BUILD, SOURCE = os.environ["REAM_BUILD"], os.environ["REAM_SOURCE"]
PEERS = os.path.join(SOURCE, "bench/peers")
sys.path.insert(0, PEERS)

import document  # noqa: E402
import figures  # noqa: E402
import measure  # noqa: E402
import places  # noqa: E402
import plots  # noqa: E402
import proof  # noqa: E402
import reasons  # noqa: E402
import works  # noqa: E402

MEMORY = "/dev/shm"
ROW = re.compile(r"\|(.*?)\| (.+?) \| ([\d,.]+) ms \| "
                 r"(?:1|\*\*([\d.]+)\*\* \(([\d.]+) to ([\d.]+)\)) \| ?(.*?) ?\|")


def harness(*options, path=os.environ["PATH"]):
    command = [sys.executable, "-B", os.path.join(PEERS, "run"), "--quick", "--build", BUILD,
               "--filesystem", "tmpfs", "--count", "20", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "PATH": path})


@unittest.skipUnless(os.path.isdir(MEMORY) and places.filesystem_of(MEMORY) == "tmpfs",
                     "there is no tmpfs at /dev/shm")
class Runs(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="ream-peers-test.", dir=MEMORY)
        self.addCleanup(place.cleanup)
        self.scratch = os.path.join(place.name, "scratch")
        self.tools = os.path.join(place.name, "bin")
        os.mkdir(self.scratch)
        os.mkdir(self.tools)

    def run_harness(self, *options):
        path = self.tools + ":" + os.environ["PATH"]
        process = harness("--scratch", self.scratch, *options, path=path)
        out, complaints = process.communicate()
        self.assertEqual(os.listdir(self.scratch), [], "something was left behind")
        return process.returncode, out, complaints

    def replace_cp(self, script):
        """A cp that copies, and then does `script` with the directory as $last."""
        path = os.path.join(self.tools, "cp")
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\n{shutil.which("cp")} "$@"\nfor last; do :; done\n{script}\n')
        os.chmod(path, 0o755)

    def expect_refused(self, script, reason):
        self.replace_cp(script)
        status, out, complaints = self.run_harness("--only", "cp", "--rounds", "1")
        self.assertEqual((status, out), (1, ""))
        self.assertRegex(complaints, f"cp, on tmpfs: {reason}")

    def test_the_page_has_a_row_for_each_program_at_its_work_and_no_other(self):
        status, out, complaints = self.run_harness("--only", "python-pool,cp", "--rounds", "2")
        self.assertEqual(status, 0, complaints)
        rows = [match.groups() for match in map(ROW.match, out.splitlines()) if match]
        self.assertEqual([row[1] for row in rows],
                         ["ream", "Python `Pool.map`", "ream", "`cp -r`", "ream", "`cp -r`"])
        for _, _, _, ratio, low, high, verdict in rows[1::2]:
            self.assertTrue(0 < float(low) <= float(ratio) <= float(high))
            self.assertEqual(verdict, "no verdict")  # of two rounds
        seed = re.search(r"^seed (\d+)$", complaints, re.MULTILINE)[1]
        self.assertIn(f"--seed {seed} --only python-pool,cp --filesystem tmpfs", out)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot draws the plots")
    def test_with_a_directory_to_write_to_there_are_a_page_a_plot_and_the_readmes_table(self):
        out = os.path.join(self.tools, "docs")
        readme = os.path.join(self.tools, "README.md")
        shutil.copy(os.path.join(SOURCE, "README.md"), readme)
        status, printed, complaints = self.run_harness(
            "--only", "cp", "--rounds", "1", "--out", out, "--readme", readme)
        self.assertEqual((status, printed), (0, ""), complaints)
        with open(os.path.join(out, "benchmarks.md")) as page:
            self.assertIn("(benchmarks/tmpfs.svg)", page.read())
        with open(os.path.join(out, "benchmarks/tmpfs.svg")) as plot:
            self.assertIn("cp -r", plot.read())
        with open(readme) as file:
            self.assertRegex(file.read(),
                             r"(?s)<!-- peers: by.*\| `cp -r` \| [\d.]+ \|.*<!-- /peers -->")

    def test_a_program_that_writes_too_little_ends_the_run_without_a_page(self):
        self.expect_refused('printf x >"$last/page00007"', "'page00007' has 1 bytes, not 4096")

    def test_a_program_that_writes_other_bytes_of_the_same_number_does_too(self):
        self.expect_refused('head -c 4096 /dev/zero >"$last/page00007"',
                            "'page00007' has other contents than it should have")

    def test_a_program_that_leaves_a_file_out_or_adds_one_does_too(self):
        self.expect_refused('mv "$last/page00007" "$last/page"',
                            "1 of 20 files missing, 'page00007'")

    def test_a_program_that_fails_does_too_with_what_it_said(self):
        self.expect_refused("echo no space >&2; exit 3", r"failed \(3\): no space")

    def test_a_run_that_is_ended_leaves_no_process_and_no_file(self):
        mark = os.path.join(self.tools, "pid")
        self.replace_cp(f"echo $$ >{mark}.new; mv {mark}.new {mark}; exec sleep 100")
        process = harness("--scratch", self.scratch, "--only", "cp",
                          path=self.tools + ":" + os.environ["PATH"])
        while not os.path.exists(mark) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual((process.returncode, os.listdir(self.scratch)), (143, []))
        with open(mark) as file, self.assertRaises(ProcessLookupError):
            os.kill(int(file.read()), 0)

    def test_what_is_not_known_is_named_before_anything_is_run(self):
        for options, said in ((["--only", "cp,rsync"], "--only: 'rsync' is none of raw, "),
                              (["--filesystem", "zfs"], "--filesystem: 'zfs' is none of tmpfs, "),
                              (["--rounds", "0"], "--rounds takes 1 and more"),
                              (["--scratch", "/proc"], "--scratch /proc is no directory on tmpfs")):
            status, out, complaints = self.run_harness(*options)
            self.assertEqual((status, out), (2, ""))
            self.assertIn(said, complaints)


class Orders(unittest.TestCase):
    def test_over_a_full_design_each_is_at_every_place_and_after_every_other_equally_often(self):
        for count, rounds in ((2, 2), (3, 6), (4, 4), (7, 14)):
            orders = measure.orders(count, rounds, random.Random(1))
            at = collections.Counter(pair for order in orders for pair in enumerate(order))
            after = collections.Counter(pair for order in orders for pair in zip(order, order[1:]))
            self.assertEqual((len(at), len(set(at.values()))), (count * count, 1))
            self.assertEqual((len(after), len(set(after.values()))), (count * (count - 1), 1))

    def test_a_seed_gives_the_same_orders_again_and_another_gives_others(self):
        one, again, other = (measure.orders(5, 9, random.Random(seed)) for seed in (1, 1, 2))
        self.assertEqual((one == again, one == other, len(one)), (True, False, 9))


class Verdicts(unittest.TestCase):
    def results(self, theirs, work="contents", key="tar"):
        program = works.Contestant(key, "`tar x`", None)
        ours = works.Contestant("ream", "ream", None)
        rows = [figures.row(each, seconds, [1.0] * len(seconds), 1)
                for each, seconds in ((ours, [1.0] * len(theirs)), (program, theirs))]
        return [document.Result("xfs", works.Work(work, "Work", "", None, []), rows)]

    def page(self, theirs, *arguments):
        facts = document.Facts("2026-01-02", len(theirs), 1, 9, 0.1, [], [], [], [], "run")
        return document.page(self.results(theirs, *arguments), facts, {})

    def test_a_ratio_is_the_median_over_rounds_within_its_interval(self):
        row = figures.row(None, [2.0, 3.0, 9.0, 8.0, 2.5], [1.0, 1.0, 1.0, 2.0, 1.0], 1)
        self.assertEqual((row.seconds, row.ratio), (3.0, 3.0))
        self.assertEqual((row.low, row.high), (2.0, 9.0))

    # What test/bench/stopping_test.cpp measures is measured of these figures.
    def test_as_much_is_asked_of_few_rounds_as_ream_bench_asks(self):
        with open(os.path.join(SOURCE, "src/bench/stopping.cpp")) as file:
            text = file.read()
        few, many = (int(re.search(rf"{name}_pairs = (\d+);", text)[1]) for name in ("few", "many"))
        asked = re.search(r"pairs < few_pairs\) return ([\d.]+);\s*"
                          r"return pairs < many_pairs \? ([\d.]+) : ([\d.]+);", text).groups()
        for rounds, confidence in zip((few - 1, few, many - 1, many),
                                      map(float, (asked[0], asked[1], asked[1], asked[2]))):
            self.assertEqual(figures.confidence(rounds), confidence)
        with open(os.path.join(SOURCE, "src/bench/stopping.hpp")) as file:
            self.assertIn(f"least_pairs = {figures.LEAST_ROUNDS};", file.read())

    def test_an_interval_has_the_share_of_resamples_that_is_asked_for(self):
        values = [0.8, 0.95, 1.1, 1.25, 0.7, 1.4, 1.33, 0.9, 1.05, 1.6, 0.6, 1.18]
        draw = random.Random(7)
        medians = sorted(figures.median(draw.choices(values, k=12)) for _ in range(10_000))
        self.assertEqual(figures.interval_of_median(values, 7), (medians[165], medians[-166]))

    def test_below_ten_rounds_there_is_a_ratio_and_an_interval_and_no_verdict(self):
        for rounds, verdict in ((9, "no verdict"), (10, "faster than ream")):
            page = self.page([0.5] * rounds)
            self.assertIn(f"**0.50** (0.50 to 0.50) | {verdict} |", page)
            self.assertEqual("No verdict: it takes 10 rounds." in page, rounds == 9)
            self.assertNotIn("Nowhere", page)
        few = plots.script(self.results([0.5] * 9), "xfs", "x.svg")
        self.assertNotIn(f"lc rgb '{plots.COLOURS['faster']}'", few)

    def test_a_program_that_wins_is_in_the_table_and_its_reason_on_the_page(self):
        page = self.page([0.5, 0.6, 0.7, 0.6, 0.5] * 2)
        self.assertIn("**0.60** (0.50 to 0.65) | faster than ream |", page)
        self.assertIn("- Work: **`tar x`** (0.60 on xfs). " + reasons.reason("contents", "tar"),
                      page)

    def test_a_reason_is_not_shown_where_the_program_does_not_win(self):
        unclear = [0.5, 1.5, 1, 0.9, 1.2] * 2
        for theirs, verdict in (([2.0] * 10, "slower"), (unclear, "no difference shown")):
            page = self.page(theirs)
            self.assertIn(f"| {verdict} |", page)
            self.assertNotIn(reasons.reason("contents", "tar"), page)
            self.assertIn("Nowhere", page)

    def test_a_winner_without_a_reason_is_said_to_have_none(self):
        self.assertIn(reasons.UNKNOWN, self.page([0.5] * 10, "contents", "rsync"))

    def test_a_plot_shows_who_is_faster_in_another_colour(self):
        won, lost = (plots.script(self.results([time] * 10), "xfs", "x.svg") for time in (0.5, 2.0))
        self.assertIn(f"lc rgb '{plots.COLOURS['faster']}'", won)
        self.assertNotIn(f"lc rgb '{plots.COLOURS['faster']}'", lost)

    def test_a_readme_without_the_marked_place_is_refused(self):
        with self.assertRaises(ValueError):
            document.with_heart("no place", self.results([2.0] * 5), None)


class FreelyNamed(unittest.TestCase):
    def test_contents_count_whatever_the_names_are(self):
        expected = proof.Expected([("a", b"1"), ("b", b"1"), ("c", b"2")], names_are_free=True)
        with tempfile.TemporaryDirectory() as place:
            for name, content in (("x", b"1"), ("y", b"2"), ("z", b"2")):
                with open(os.path.join(place, name), "wb") as file:
                    file.write(content)
            expected.check(place, thorough=False)
            with self.assertRaisesRegex(proof.Wrong, "1 files have a wrong size or other contents"):
                expected.check(place, thorough=True)
            os.remove(os.path.join(place, "z"))
            with self.assertRaisesRegex(proof.Wrong, "2 files, not 3"):
                expected.check(place, thorough=False)


if __name__ == "__main__":
    unittest.main()
