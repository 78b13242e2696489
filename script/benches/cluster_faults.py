"""What breaks while people work, and what is there afterwards."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter

from cluster_data import call, due, our_jobs
from cluster_servers import wait_for
from measure import note

AFTER = 10
"""Seconds that people go on working once all is well again"""
JOB_END = 600
SPARE = 8 << 20
"""Bytes that the disk of the files has left before it fills"""
TABLES = {
    "care_interaction": "summary",
    "mail_message": "body",
    "care_complaint": "subject",
}


KEPT = """
SELECT DISTINCT substring(message.body FROM 'bench-[0-9a-f]{12}')
  FROM mail_message message
 WHERE message.body LIKE '%bench-%'
   AND (EXISTS (SELECT FROM mail_mail WHERE mail_message_id = message.id
                   AND state IN ('outgoing', 'exception'))
        OR EXISTS (SELECT FROM mail_notification
                    WHERE mail_message_id = message.id
                      AND notification_status IN ('ready', 'exception', 'bounce')))
"""
"""Marks of replies whose mail waits, or whose failure is shown"""


class Faults:
    def __init__(self, bench, minutes):
        self.bench, self.minutes = bench, minutes
        self.services = bench.services
        self.primary, self.standby = bench.primary, bench.standby

    def try_one(self, name):
        """Break something while people work; count what they wrote.

        :return: a row of the table
        """
        note(f"fault: {name}")
        bench = self.bench
        load = bench.load(bench.large, bench.rate)
        load.start()
        wait_for(load.all_in, 60 + load.users)
        mark, details = bench.log.end(), {}
        time.sleep(60 * self.minutes / 2)
        try:
            details = FAULTS[name](self) or {}
            time.sleep(60 * self.minutes / 2)
        finally:
            time.sleep(AFTER)
            load.stop()
        end = time.time()
        jobs_run = self.jobs_run()
        last = max((row[1] for row in load.rows if not row[3]), default=0)
        return {
            "fault": name,
            "pages": len(load.rows),
            "refused": sum(1 for row in load.rows if row[3]),
            "problems": dict(
                Counter(f"{row[0]}: {row[3]}" for row in load.rows if row[3])
            ),
            "works again": end - last < AFTER + 2 * load.users / load.rate,
            "jobs run": jobs_run,
            **self.count(load.writes),
            "mails": self.mails(load.writes),
            **details,
            "log": bench.log.problems(mark),
        }

    def count(self, writes):
        """What was confirmed is there once; what was not may be there or not."""
        found = {"written": len(writes), "confirmed": 0, "lost": 0, "twice": 0}
        found |= {"not confirmed": 0, "of these there": 0}
        for table, column in TABLES.items():
            marks = {mark: sure for name, mark, sure in writes if name == table}
            rows = self.primary.sql(
                f"SELECT substring({column} FROM 'bench-[0-9a-f]{{12}}'), COUNT(*)"
                f"  FROM {table} WHERE {column} LIKE '%bench-%' GROUP BY 1",
                self.bench.db,
            )
            there = {mark: int(many) for mark, many in rows}
            for mark, sure in marks.items():
                many = there.get(mark, 0)
                found["confirmed" if sure else "not confirmed"] += 1
                found["lost"] += sure and not many
                found["twice"] += many > 1
                found["of these there"] += bool(not sure and many)
        return found

    def jobs_run(self):
        """Whether every job of ours still comes to its end"""
        call(self.primary, self.bench.db, our_jobs(self.primary, self.bench.db))
        return wait_for(lambda: not due(self.primary, self.bench.db), JOB_END, 0.5)

    def mails(self, writes):
        """Where the mails of confirmed replies are: nowhere would be a loss."""
        sure = {mark for name, mark, ok in writes if ok and name == "mail_message"}
        received = self.services.mail.marks()
        kept = self.primary.sql(KEPT, self.bench.db)
        kept = {mark for (mark,) in kept} & sure
        delivered = {mark for mark, _to in received} & sure
        return {
            "delivered": len(delivered),
            "twice": sum(
                1 for (mark, _to), many in received.items() if mark in sure and many > 1
            ),
            "waiting or failed": len(kept - delivered),
            "nowhere": len(sure - delivered - kept),
        }

    # ------------------------------------------------------------
    # Faults
    # ------------------------------------------------------------

    def kill_worker(self):
        pids = self.services.workers_now()
        os.kill(random.choice(pids), signal.SIGKILL)
        back = wait_for(lambda: len(self.services.workers_now()) >= len(pids), 60)
        return {"workers again": back}

    def kill_jobs(self):
        """Kill the process of jobs in each job that can be caught running."""
        caught = []
        jobs = our_jobs(self.primary, self.bench.db)
        for job, name in jobs:
            call(self.primary, self.bench.db, [(job, name)])
            if wait_for(lambda job=job: self.is_running(job), 15, 0.02):
                caught.append(name)
                for process in self.services.cron:
                    process.kill()
                    process.start()
        wait_for(lambda: not due(self.primary, self.bench.db), JOB_END, 1)
        return {
            "jobs": len(jobs),
            "killed in": len(caught),
            "not ended": len(due(self.primary, self.bench.db)),
        }

    def is_running(self, job):
        """Odoo locks the row of a scheduled action while it runs."""
        free = self.primary.sql(
            f"SELECT 1 FROM ir_cron WHERE id = {job} FOR UPDATE SKIP LOCKED",
            self.bench.db,
        )
        return not free

    def restart_primary(self):
        self.primary.halt("immediate")
        time.sleep(5)
        self.primary.start()
        return {"standby follows": self.standby.caught_up(120)}

    def stop_standby(self):
        """Odoo asks for the standby again after a while, ten minutes by default."""
        self.standby.halt("immediate")
        time.sleep(60 * self.minutes)
        self.standby.start()
        return {"standby follows": self.standby.caught_up(120)}

    def refuse_mail(self):
        """For five times the usual; then the queue goes out again."""
        mail = self.services.mail
        mail.refusing = True
        time.sleep(5 * 60 * self.minutes)
        mail.refusing = False
        states = self.primary.sql(
            "SELECT state, COUNT(*) FROM mail_mail GROUP BY 1", self.bench.db
        )
        return {
            "states of mails": {state: int(many) for state, many in states},
            "connections refused": mail.refused,
        }

    def fill_disk(self):
        """The files of the database on a disk of their own, which fills up."""
        folder = self.services.data / "filestore" / self.bench.db
        with small_disk(folder) as disk:
            if not disk:
                return {"skipped": "no right to mount"}
            full = folder / "ballast"
            with contextlib.suppress(OSError), full.open("wb", buffering=0) as file:
                while file.write(b"\0" * 65536):
                    pass
            time.sleep(60 * self.minutes)
            full.unlink()
            time.sleep(AFTER)
        return {}


@contextlib.contextmanager
def small_disk(folder):
    """Put what is in a folder onto a small disk in memory for a while."""
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    real = folder.with_suffix(".real")
    folder.rename(real)
    folder.mkdir()
    size = 2 * used + SPARE
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        real.rename(folder)
        yield False
        return
    try:
        copy(real, folder)
        yield True
    finally:
        copy(folder, real)
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()
        real.rename(folder)


def copy(source, target):
    subprocess.run(["cp", "-a", f"{source}/.", target], check=True)


FAULTS = {
    "worker": Faults.kill_worker,
    "jobs": Faults.kill_jobs,
    "primary": Faults.restart_primary,
    "standby": Faults.stop_standby,
    "mail": Faults.refuse_mail,
    "disk": Faults.fill_disk,
}
