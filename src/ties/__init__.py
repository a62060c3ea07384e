"""Ties between twin cities: a sourced record, its life cycle, and the charts drawn from it."""

import lazy_loader

__version__ = "0.1.0"  # the one place: the wheel, the command line and the docs read it here

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
