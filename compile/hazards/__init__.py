"""Operations that Python refuses and hardware does not: found before anything runs, on the values that can really occur.

A divisor that may be zero, an integer that may leave its 64 (or 32) bits, `int(x)` of a number that no integer holds, the root
of a negative number. Each is judged where its result counts: `a / b if b > 0.0 else 0.0` is fine. What a lane says it wants on
every operand (`ieee_div`, `wrapping_add`, a lane without taps) is not judged.
"""
