from . import bounds as bounds
from .dataset import Dataset as Dataset
from .errors import InvalidTableError as InvalidTableError
from .errors import TiesError as TiesError
from .errors import UnreadableError as UnreadableError
from .io.folder import check as check
from .io.folder import load as load
from .io.folder import read as read
from .io.folder import records as records
from .lifecycle.episodes import lifecycle as lifecycle
from .lifecycle.rule import StatusRule as StatusRule
from .lifecycle.tie_table import tie_table as tie_table

__version__: str
