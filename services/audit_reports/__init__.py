"""Write an audit run to files: tables, layers for maps, and a printed report with maps.

`export_run` writes one in the format of its ending; `render_run` gives the bytes of one to send.
"""

from services.audit_reports.exports import FORMATS, RunExport, export_run, render_run

__all__ = ["FORMATS", "RunExport", "export_run", "render_run"]
