"""Hold what residents and councils have to do with each other: councils, complaints, and counts safe to show."""

from geo.civic.complaints import Complaint, ComplaintStatus
from geo.civic.councils import Council, Member
from geo.civic.density import Density, measure_density
from geo.civic.suppression import ProtectedTable, protect
from geo.civic.tables import CountTable, build_table

__all__ = [
    "Complaint",
    "ComplaintStatus",
    "Council",
    "CountTable",
    "Density",
    "Member",
    "ProtectedTable",
    "build_table",
    "measure_density",
    "protect",
]
