"""The programs that are measured: whether they are here, and which versions."""
import os
import shutil
import subprocess


def missing(commands):
    """Those of the commands' programs that cannot be run, each once, sorted."""
    return sorted({os.path.basename(words[0]) for words in commands if not shutil.which(words[0])})


def version(program):
    """The first line that `program --version` prints; empty for one that has no such option."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    lines = done.stdout.splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else ""
