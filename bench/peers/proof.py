"""Whether a program wrote what it was to write: figures of one that did less are no figures."""
import collections
import hashlib
import os
import stat


class Wrong(Exception):
    """What is there is not what should be; says which file and how."""


class Expected:
    """The files that a work consists of: a size and a digest for each name.

    Where names are free (some programs choose their own), only how often each content is there
    counts.
    """

    def __init__(self, contents, names_are_free=False):
        """contents: pairs of a name and bytes; not kept."""
        self.files = {name: (len(content), digest(content)) for name, content in contents}
        self.names_are_free = names_are_free

    def check(self, directory, thorough):
        """Count and sizes; where `thorough`, contents as well. Throws Wrong."""
        found = {entry.name: _size(entry) for entry in os.scandir(directory)}
        if self.names_are_free:
            self._check_freely_named(directory, found, thorough)
            return
        _check_names(self.files.keys(), found.keys())
        for name, (size, known) in self.files.items():
            if found[name] != size:
                raise Wrong(f"'{name}' has {found[name]} bytes, not {size}")
            if thorough and _digest_of_file(directory, name) != known:
                raise Wrong(f"'{name}' has other contents than it should have")

    def _check_freely_named(self, directory, found, thorough):
        def kinds(pairs):
            return collections.Counter(pair if thorough else pair[0] for pair in pairs)

        there = kinds((size, _digest_of_file(directory, name) if thorough else b"")
                      for name, size in found.items())
        wanted = kinds(self.files.values())
        if there.total() != wanted.total():
            raise Wrong(f"{there.total()} files, not {wanted.total()}")
        if there != wanted:
            raise Wrong(f"{(there - wanted).total()} files have a wrong size or other contents")


def digest(content):
    return hashlib.sha256(content).digest()


def _digest_of_file(directory, name):
    with open(os.path.join(directory, name), "rb", buffering=0) as file:
        return digest(file.read())


def _size(entry):
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        raise Wrong(f"'{entry.name}' is no regular file")
    return status.st_size


def _check_names(wanted, there):
    for problem, names in (("missing", wanted - there), ("not expected", there - wanted)):
        if names:
            raise Wrong(f"{len(names)} of {len(wanted)} files {problem}, '{min(names)}' for one")
