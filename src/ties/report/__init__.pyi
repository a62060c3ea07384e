from .comparison import build_reports as build_reports
from .errors import MissingExtraError as MissingExtraError
from .errors import ReportError as ReportError
from .looks import evidence_by_year as evidence_by_year
from .looks import views as views
from .run import build_report as build_report
from .tables import say as say
from .tables import show as show
