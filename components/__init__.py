"""The vocabulary: one module a concept, and below it one package a cloud with the same names, implemented."""

from components.clouds import CLOUDS, Cloud, cloud

__all__ = ["CLOUDS", "Cloud", "cloud"]
