from .comparison import build_reports as build_reports
from .errors import MissingExtraError as MissingExtraError
from .errors import ReportError as ReportError
from .run import build_report as build_report
