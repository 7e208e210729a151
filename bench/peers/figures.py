"""From samples to figures: medians, ratios within a round, and how sure they are."""
import dataclasses
import random

RESAMPLES = 10_000


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def interval_of_median(values, seed):
    """95 % by the percentile bootstrap: what the median would be with other rounds of that kind."""
    draw = random.Random(seed)
    medians = sorted(median(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975) - 1]


@dataclasses.dataclass(frozen=True)
class Row:
    """One program at one work on one filesystem, beside ream."""
    contestant: object
    seconds: float  # median
    ratio: float  # of its time to ream's, median over rounds
    low: float
    high: float

    @property
    def wins(self):
        return self.high < 1

    @property
    def loses(self):
        return self.low > 1


def row(contestant, theirs, ours, seed):
    """theirs, ours: seconds, a round at each index."""
    if theirs is ours:
        return Row(contestant, median(ours), 1.0, 1.0, 1.0)
    ratios = [a / b for a, b in zip(theirs, ours)]
    return Row(contestant, median(theirs), median(ratios), *interval_of_median(ratios, seed))
