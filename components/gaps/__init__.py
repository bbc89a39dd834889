"""What the gaps of all clouds share: their base, their errors, how they wait and repeat, whose credentials they use.

A gap itself stands in `components/<cloud>/gaps/`. Nothing here knows a cloud or imports an SDK. See docs/gaps.md.
"""
