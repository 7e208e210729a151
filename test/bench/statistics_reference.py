#!/usr/bin/env python3
"""The figures of statistics_test.cpp and compare_runs_test.cpp, computed by Python's own statistics.

The bootstrap's interval has no seed in common with ours: an interval from 400,000 resamples of its
own is what ours, from 2,000, has to come near."""
import random
import statistics

before = [0.0912, 0.0887, 0.0954, 0.0921, 0.1304, 0.0899, 0.0903, 0.0946, 0.0930, 0.0918, 0.0961, 0.0895]
after = [0.0498, 0.0511, 0.0487, 0.0532, 0.0505, 0.0493, 0.0760, 0.0514, 0.0489, 0.0502, 0.0521, 0.0496]


def deviation(values):
    middle = statistics.median(values)
    return statistics.median(abs(value - middle) for value in values)


ratios = [b / a for b, a in zip(before, after)]
print("median of before", repr(statistics.median(before)))
print("median of the first eleven", repr(statistics.median(before[:11])))
print("MAD of before", repr(deviation(before)))
print("quartiles of before", statistics.quantiles(before, n=4, method="inclusive"))
print("median of ratios", repr(statistics.median(ratios)))
random.seed(1)
medians = sorted(statistics.median(random.choices(ratios, k=len(ratios))) for _ in range(400_000))
cuts = statistics.quantiles(medians, n=40, method="inclusive")
print("95 % interval", cuts[0], cuts[-1])

# Samples that are no pairs, each drawn for itself. Twelve are asked for 96.7 % (stopping.hpp).
drawn = sorted(statistics.median(random.choices(before, k=len(before))) /
               statistics.median(random.choices(after, k=len(after))) for _ in range(400_000))
print("ratio of medians", repr(statistics.median(before) / statistics.median(after)))
cuts = statistics.quantiles(drawn, n=2000, method="inclusive")
print("96.7 % interval", cuts[32], cuts[-33], "and a 95 % one", cuts[49], cuts[-50])
