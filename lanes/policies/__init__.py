"""Bandit policies as lanes: what is known of each arm, its score or its probability, and the arm that is played.

A policy has two halves. One keeps what is known of an arm: `arm_totals`, `arm_moments`, `discounted_totals`, `window_totals`, a log
weight. The other makes a score of it: `ucb1`, `ucb_v`, `discounted_ucb`, `sliding_window_ucb`, `thompson_gaussian`, `thompson_beta`,
`lin_ucb_score`, or a probability: `exp3_share`. Map both along an axis of arms, add up between them what the score wants of all
arms, and take `best_arm` or `drawn`. `dagc vibriss` does the same for a million arms, one a row.
"""

from lanes.policies.choice import best_arm, is_arm
from lanes.policies.exponential_weights import (
    Exp3,
    Exp3S,
    Hedge,
    drawn,
    exp3_log_weight,
    exp3_s_log_weight,
    exp3_share,
    greatest_of,
    hedge_log_weight,
    relative_weight,
    shared_weight,
)
from lanes.policies.ledger import Ledger, ledger
from lanes.policies.linear import LinUcb, lin_ucb_score, no_rewards, ridge_matrix, with_context, with_reward
from lanes.policies.thompson import GaussianBelief, thompson_beta, thompson_gaussian
from lanes.policies.totals import ArmMoments, ArmTotals, Discount, arm_moments, arm_totals, discounted_totals
from lanes.policies.upper_confidence import (
    ForgettingUcb,
    Ucb1,
    UcbV,
    discounted_ucb,
    sliding_window_ucb,
    ucb1,
    ucb_v,
)
from lanes.policies.window import Passing, SlidingWindow, WindowTotals, reward_window, window_totals

__all__ = [
    "ArmMoments", "ArmTotals", "Discount", "Exp3", "Exp3S", "ForgettingUcb", "GaussianBelief", "Hedge", "Ledger", "LinUcb", "Passing",
    "SlidingWindow", "Ucb1", "UcbV", "WindowTotals", "arm_moments", "arm_totals", "best_arm", "discounted_totals",
    "discounted_ucb", "drawn", "exp3_log_weight", "exp3_s_log_weight", "exp3_share", "greatest_of", "hedge_log_weight", "is_arm", "ledger",
    "lin_ucb_score", "no_rewards", "relative_weight", "reward_window", "ridge_matrix", "shared_weight", "sliding_window_ucb",
    "thompson_beta", "thompson_gaussian", "ucb1", "ucb_v", "window_totals", "with_context", "with_reward",
]  # fmt: skip
