"""Evaluates a stack offline: recorder, stand-ins, rules, report."""
