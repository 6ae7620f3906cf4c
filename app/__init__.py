"""Backscope: a microscope for the backward pass of a neural network."""

__version__ = "0.1.0"
