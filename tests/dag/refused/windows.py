"""What a window is not for."""

from itertools import pairwise

from dagc import lane, min_seq, sum_numpy, sum_seq, window


@lane
def without_a_beginning(x: float) -> float:
    past = window(x, 8)
    return sum_seq(past)


@lane
def of_two_lengths(x: float) -> float:
    past = window(x, 8)
    longer = window(x, 9)
    return sum_seq((a * b for a, b in zip(past, longer)), 0.0)


@lane
def the_same_for_all(x: float) -> float:
    past = window(x, 8)
    return sum_seq((x for _ in past), 0.0)


@lane
def one_inside_another(x: float) -> float:
    past = window(x, 8)
    return sum_seq((v * sum_seq((w - v for w in past), 0.0) for v in past), 0.0)


@lane
def too_long_for_numpy(x: float) -> float:
    past = window(x, 129)
    return sum_numpy(past, 0.0)


@lane
def beyond_its_length(x: float) -> float:
    past = window(x, 8)
    return past[-9] if len(past) == 8 else x


@lane
def of_what_was_computed(x: float) -> float:
    past = window(x, 8)
    doubled = tuple(2.0 * v for v in past)
    return doubled[-1] if len(past) > 0 else x


@lane
def not_at_the_top(x: float) -> float:
    if x > 0.0:
        past = window(x, 8)
        return sum_seq(past, 0.0)
    return x


@lane
def of_a_length_at_run_time(x: float, n: int) -> float:
    past = window(x, n)
    return sum_seq(past, 0.0)


@lane
def pairs_of_a_tuple(x: float) -> float:
    return sum_seq((b - a for a, b in pairwise((x, x))), 0.0)


@lane
def mixed(x: float) -> float:
    past = window(x, 8)
    return min_seq((v > 0.0 for v in past), 0.0)


@lane(subnormals="flush")
def flushing(x: float) -> float:
    past = window(x, 8)
    return sum_seq(past, 0.0)


@lane
def of_every_length(x: float, n: int) -> float:
    total = 0.0
    for length in range(2, 6):
        past = window(x, length)
        total = total + past[-1] if length == n else total
    return total


@lane
def neighbours(x: float) -> int:
    past = window(x, 16)
    return sum_seq((1 if a < b else 0 for a, b in zip(past, past[1:], strict=True)), 0)
