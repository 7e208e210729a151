"""Writes COUNT files, each by a process of its own: file number i holds i times '='.

Usage: python_process_per_file.py DIR COUNT [--no-list]

The way in which a small Python program does it: every process started, then every one joined, then
the directory listed.
"""
import multiprocessing
import os
import sys


def write_file(directory, number):
    with open(os.path.join(directory, f"info{number}"), "w") as file:
        file.write("=" * number)


def main():
    directory, count = sys.argv[1], int(sys.argv[2])
    processes = [
        multiprocessing.Process(target=write_file, args=(directory, number))
        for number in range(1, count + 1)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if sys.argv[3:] != ["--no-list"]:
        for name in os.listdir(directory):
            print(name)


if __name__ == "__main__":
    main()
