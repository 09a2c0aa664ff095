import math

import numpy as np

from dagc import lift


def legacy(x, n=3, power=2.5):
    total = 0.0
    for k in range(n):
        total = total + np.log(x) * k
    while total > 1.0:
        total = total / 2
    return math.pow(x, 3.0) + x**power + math.exp(helped(x))


def helped(x):
    return math.gamma(x)


sized = lift(legacy, units={"x": "px"})
