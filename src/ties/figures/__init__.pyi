from .alive import draw_alive as draw_alive
from .catalogue import draw as draw
from .catalogue import lifeline_pages as lifeline_pages
from .cohorts import draw_cohorts as draw_cohorts
from .coverage import draw_coverage as draw_coverage
from .formation import draw_formation as draw_formation
from .incidence import draw_incidence as draw_incidence
from .lexis import draw_lexis as draw_lexis
from .lifelines import draw_lifelines as draw_lifelines
from .map import draw_map as draw_map
from .occupation import draw_occupation as draw_occupation
from .revival import draw_revivals as draw_revivals
from .stock import draw_stock as draw_stock
from .style import footer as footer
from .style import save as save
from .survival import draw_survival as draw_survival

NAMES: dict[str, str]
