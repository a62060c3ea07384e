from . import bounds as bounds
from . import claims as claims
from . import figures as figures
from . import stats as stats
from .bounds import cohorts as cohorts
from .dataset import Dataset as Dataset
from .errors import InvalidTableError as InvalidTableError
from .errors import TiesError as TiesError
from .errors import UnreadableError as UnreadableError
from .inputs import check as check
from .inputs import load as load
from .inputs import read as read
from .io.folder import records as records
from .lifecycle.episodes import lifecycle as lifecycle
from .lifecycle.panel import panel as panel
from .lifecycle.rule import StatusRule as StatusRule
from .lifecycle.tie_table import tie_table as tie_table
from .stats.decline import stock as stock

__version__: str
