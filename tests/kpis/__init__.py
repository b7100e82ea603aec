"""Figures, and the events behind them."""
