"""Places to write to: tmpfs, and fresh filesystems in files on it.

A real disk's figures swing tenfold from run to run; in memory a filesystem's own work is
what is left.
"""
import contextlib
import os
import subprocess

# Nothing is left for later: a fresh ext4 otherwise sets up its tables while we measure.
MKFS = {
    "ext4": ["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
    "xfs": ["mkfs.xfs", "-q"],
}
NAMES = ["tmpfs", *MKFS]


class Unusable(Exception):
    """A place cannot be had; says why and what to do."""


def filesystem_of(directory):
    command = ["stat", "--file-system", "--format=%T", directory]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def kernel_and_root_allow(name):
    return name == "tmpfs" or os.geteuid() == 0


def _call(what, command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unusable(f"{what}: {' '.join(command)} failed: {done.stderr.strip()}")


def _unmount(place):
    # Busy where a program that was killed has left something that still ends.
    if subprocess.run(["umount", place], stderr=subprocess.DEVNULL).returncode != 0:
        subprocess.run(["umount", "--lazy", place], check=True)


def _mounted(name, scratch, image_size, stack):
    image, place = os.path.join(scratch, name + ".img"), os.path.join(scratch, name)
    with open(image, "wb") as file:
        file.truncate(image_size)
    _call(name, [*MKFS[name], image])
    _call(name, ["mount", "-o", "loop", image, place])
    stack.callback(_unmount, place)


@contextlib.contextmanager
def opened(name, scratch, image_size):
    """A fresh filesystem `name` beneath `scratch`, which is on tmpfs; gone when the context ends.

    image_size is in bytes; the image is sparse, so it takes only what is written.
    """
    place = os.path.join(scratch, name)
    os.mkdir(place)
    with contextlib.ExitStack() as stack:
        if name in MKFS:
            stack.callback(os.remove, os.path.join(scratch, name + ".img"))
            _mounted(name, scratch, image_size, stack)
        yield place
