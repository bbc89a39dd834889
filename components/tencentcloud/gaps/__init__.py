"""What the provider cannot do, closed by small dynamic resources on the cloud's own SDK: one module a gap.

Module and class names are frozen: state stores a gap's provider as its import path. See docs/gaps.md.
"""
