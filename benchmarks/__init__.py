"""What a plan costs, how that grows, and whether a deployment waits where it need not: see docs/speed.md."""
