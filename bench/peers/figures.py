"""From samples to figures: medians, ratios within a round, and how sure they are."""
import dataclasses
import random

RESAMPLES = 10_000

# As src/bench/stopping.cpp has them, where test/bench/stopping_test.cpp measures what they come to:
# a percentile bootstrap of few rounds is narrower than it says, so more has to be asked of it; and
# below LEAST_ROUNDS nothing that is asked for is had.
LEAST_ROUNDS = 10
FEW_ROUNDS = 20
MANY_ROUNDS = 40


def confidence(rounds):
    """What a bootstrap of so many rounds is asked for, that 5 % of its intervals miss the truth."""
    if rounds < FEW_ROUNDS:
        return 0.967
    return 0.957 if rounds < MANY_ROUNDS else 0.95


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def interval_of_median(values, seed):
    """95 % by the percentile bootstrap: what the median would be with other rounds of that kind."""
    draw = random.Random(seed)
    medians = sorted(median(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    outside = round(RESAMPLES * (1 - confidence(len(values))) / 2)
    return medians[outside], medians[-1 - outside]


@dataclasses.dataclass(frozen=True)
class Row:
    """One program at one work on one filesystem, beside ream."""
    contestant: object
    seconds: float  # median
    ratio: float  # of its time to ream's, median over rounds
    low: float
    high: float
    rounds: int

    @property
    def has_verdict(self):
        return self.rounds >= LEAST_ROUNDS

    @property
    def wins(self):
        return self.has_verdict and self.high < 1

    @property
    def loses(self):
        return self.has_verdict and self.low > 1


def row(contestant, theirs, ours, seed):
    """theirs, ours: seconds, a round at each index."""
    if theirs is ours:
        return Row(contestant, median(ours), 1.0, 1.0, 1.0, len(ours))
    ratios = [a / b for a, b in zip(theirs, ours)]
    return Row(contestant, median(theirs), median(ratios), *interval_of_median(ratios, seed),
               len(ratios))
