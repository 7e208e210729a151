"""What the programs read: one set of contents, in the form that each of them wants."""
import functools
import json
import os
import random
import subprocess
import tarfile

FILE_SIZE = 4096
WORDS = 'the of "and" to in is that it as was\n for\twith on be at by this had not'.split(" ")


def page_name(number):
    """As split names its pieces: digits of one width."""
    return f"page{number:05}"


@functools.cache
def _text():
    return " ".join(random.Random(1).choices(WORDS, k=50_000)).encode()


def pages(count):
    """Pairs of name and content: text with what JSON has to escape, another one for each page."""
    draw, text = random.Random(2), _text()
    for number in range(1, count + 1):
        head = f"page {number}\n".encode()
        start = draw.randrange(len(text) - FILE_SIZE)
        yield page_name(number), (head + text[start:start + FILE_SIZE])[:FILE_SIZE]


class Sources:
    """Made in `directory` when first asked for; each attribute is a path."""

    def __init__(self, directory, count):
        self.directory = directory
        self.count = count  # of the files that they speak of
        os.makedirs(directory)

    def path(self, name):
        """The path of one of the sources below, made where it is not there yet."""
        path = os.path.join(self.directory, name)
        if not os.path.exists(path):
            getattr(self, "_make_" + name.split(".")[0])(path)
        return path

    def _make_numbers(self, path):
        with open(path, "w") as file:
            file.writelines(f"{number}\n" for number in range(1, self.count + 1))

    def _make_equals(self, path):
        with open(path, "w") as file:
            file.write("=" * self.count)

    def _make_tree(self, path):
        os.mkdir(path)
        for name, content in pages(self.count):
            with open(os.path.join(path, name), "wb") as file:
                file.write(content)

    def _make_whole(self, path):
        with open(path, "wb") as file:
            file.writelines(content for _, content in pages(self.count))

    def _make_manifest(self, path):
        with open(path, "w") as file:
            for name, content in pages(self.count):
                file.write(json.dumps({"path": name, "content": content.decode()}) + "\n")

    def _make_archive(self, path):
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
            archive.add(self.path("tree"), arcname=".")

    # Without deltas: files that stand for themselves are what git writes fastest.
    def _make_repository(self, path):
        subprocess.run(["git", "init", "--quiet", "--bare", path], check=True)
        importer = ["git", f"--git-dir={path}", "fast-import", "--quiet", "--depth=0"]
        with subprocess.Popen(importer, stdin=subprocess.PIPE) as process:
            process.stdin.write(b"commit HEAD\ncommitter a <a> 0 +0000\ndata 0\n")
            for name, content in pages(self.count):
                process.stdin.write(f"M 644 inline {name}\ndata {len(content)}\n".encode())
                process.stdin.write(content + b"\n")
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, importer)
