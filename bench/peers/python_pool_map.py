"""Writes COUNT files of SIZE bytes by Pool.map in PROCESSES processes.

Usage: python_pool_map.py DIR COUNT SIZE PROCESSES
"""
import functools
import multiprocessing
import os
import sys


def write_file(directory, content, number):
    with open(os.path.join(directory, f"info{number}"), "wb") as file:
        file.write(content)


def main():
    directory, count, size, processes = sys.argv[1], *map(int, sys.argv[2:5])
    job = functools.partial(write_file, directory, b"=" * size)
    with multiprocessing.Pool(processes) as pool:
        pool.map(job, range(1, count + 1))


if __name__ == "__main__":
    main()
