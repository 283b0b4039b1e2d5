"""A file of plots in: what it holds, what it means, and the frame all checks read."""
