from contextlib import contextmanager
from unittest.mock import patch


class ShortRuns:
    """Runs of a job in each of which one record takes all the time"""

    def __init__(self):
        self.remaining = 0
        self.has_time = True

    def run(self, job, *args):
        self.has_time = True
        return job(*args)

    def commit_progress(self, _cron, processed=0, *, remaining=None, **_options):
        if remaining is None:
            remaining = max(0, self.remaining - processed)
        self.remaining = remaining
        self.has_time = self.has_time and not processed
        return 10 if self.has_time else 0


@contextmanager
def short_runs(env):
    runs = ShortRuns()

    def commit_progress(cron, *args, **options):
        return runs.commit_progress(cron, *args, **options)

    with patch.object(env.registry["ir.cron"], "_commit_progress", commit_progress):
        yield runs
