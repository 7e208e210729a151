"""Starts COUNT processes that do nothing, all at once, and joins them.

Usage: python_processes.py COUNT
"""
import multiprocessing
import sys


def do_nothing():
    pass


def main():
    processes = [multiprocessing.Process(target=do_nothing) for _ in range(int(sys.argv[1]))]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()
