"""Hold what residents and their councils have to do with each other: councils and complaints."""

from geo.civic.complaints import Complaint, ComplaintStatus
from geo.civic.councils import Council, Member

__all__ = ["Complaint", "ComplaintStatus", "Council", "Member"]
