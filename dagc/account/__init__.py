"""The account of a replay: its equity curve, its drawdown and its trades, as one page."""
