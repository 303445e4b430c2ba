"""Do work that takes longer than an answer: queue it, tell how far it is, end it, and never lose it.

A subject registers what it can do with `job_kind`; `submit_job` queues it, `work_jobs` does it.
"""

from services.jobs.kinds import JobKind, find_kind, job_kind
from services.jobs.problems import explain_problem
from services.jobs.queue import cancel_job, submit_job
from services.jobs.records import JobState, get_job, list_jobs
from services.jobs.running import RunningJob
from services.jobs.worker import Worker, work_jobs

__all__ = [
    "JobKind",
    "JobState",
    "RunningJob",
    "Worker",
    "cancel_job",
    "explain_problem",
    "find_kind",
    "get_job",
    "job_kind",
    "list_jobs",
    "submit_job",
    "work_jobs",
]
