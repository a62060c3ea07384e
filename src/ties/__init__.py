"""Ties between twin cities: a sourced record, its life cycle, and the charts drawn from it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
