from datetime import timedelta
from functools import partial

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.fields import Datetime
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...models.core.care_job import (
    attempt,
    attempt_each,
    single,
    work_off,
)
from ..common_job import short_runs

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestJob(TransactionCase):
    """What all jobs do: a failure is its record's alone, two do not collide."""

    def setUp(self):
        super().setUp()
        rows = self.env["care.region"].create(
            [{"name": f"Region {number}"} for number in range(5)]
        )
        self.env.flush_all()
        self.enterContext(self.enter_registry_test_mode())
        cr = self.enterContext(self.registry.cursor())
        self.rows = rows.with_env(self.env(cr=cr))
        self.bad = self.rows[1]
        self.domain = [("id", "in", self.rows.ids), ("name", "like", "Region %")]
        self.calls = []

    def work(self, rows):
        self.calls.append(rows)
        self.finish(rows)
        if self.bad in rows:
            raise ValueError("broken")

    def finish(self, rows):
        for row in rows:
            row.name = row.name.replace("Region", "Done")

    def done(self):
        """Numbers of the regions that were worked on"""
        self.rows.invalidate_recordset()
        return [
            number
            for number, row in enumerate(self.rows)
            if row.name == f"Done {number}"
        ]

    def test_a_batch_goes_on_one_by_one(self):
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.assertTrue(work_off(self.rows, self.domain, self.work, 3, "id"))
        self.assertEqual(self.done(), [0, 2, 3, 4])
        self.assertEqual(len(log.records), 1, "only of the one that fails")
        self.assertIn(str(self.bad), log.output[0])
        self.assertIn("broken", log.output[0])
        self.assertEqual(self.calls.count(self.bad), 1, "once in a pass")
        self.bad = self.rows.browse()
        self.assertTrue(work_off(self.rows, self.domain, self.work, 3))
        self.assertEqual(self.done(), [0, 1, 2, 3, 4], "again in the next pass")

    def test_work_that_does_nothing_ends(self):
        self.assertTrue(work_off(self.rows, self.domain, self.calls.append, 2))
        self.assertEqual(sum(map(len, self.calls)), 5)

    def test_each(self):
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.assertTrue(attempt_each(self.rows, self.work))
        self.assertEqual(self.done(), [0, 2, 3, 4])
        self.assertIn(str(self.bad), log.output[0])

    def test_a_run_goes_on_where_the_last_one_ended(self):
        """Each takes all the time of a run, and nothing on it shows that it is done."""
        self.bad = self.rows.browse()
        with short_runs(self.env) as runs:
            each = partial(runs.run, attempt_each, self.rows, self.work)
            ended = [each("x") for _run in self.rows]
            self.assertEqual(ended, [False, False, False, False, True])
            self.assertEqual(self.calls, list(self.rows))
            each("x")
            each("y")
            self.assertEqual(self.calls[5:], [self.rows[0]] * 2)
        with freeze_time(Datetime.now() + timedelta(days=1)):
            attempt_each(self.rows, self.work, "x")
        self.assertEqual(self.calls[7:], list(self.rows), "yesterday's pass is over")

    def test_somebody_else_changes_the_same(self):
        """No error and no warning: the transaction ends and the next one is fresh."""

        def collide(rows):
            self.finish(rows)
            raise SerializationFailure

        with self.assertNoLogs(LOGGER, "WARNING"):
            self.assertFalse(attempt(self.rows, collide))
            self.assertTrue(work_off(self.rows, self.domain, collide, 2))
        self.assertFalse(self.done())


@tagged("post_install", "-at_install")
class TestJobTwice(TransactionCase):
    """Against a connection of its own, as another worker has it."""

    def setUp(self):
        super().setUp()
        self.other = self.enterContext(self.registry.cursor())

    def test_the_second_of_a_job_does_nothing(self):
        calls = []

        @single
        def _cron_example(model):
            calls.append(model)

        job = self.env["care.job"]
        key = SQL("(hashtext('customer_care'), hashtext('care.job._cron_example'))")
        self.other.execute(SQL("SELECT pg_try_advisory_lock%s", key))
        self.assertTrue(self.other.fetchone()[0])
        _cron_example(job)
        self.assertFalse(calls)
        self.other.execute(SQL("SELECT pg_advisory_unlock%s", key))
        _cron_example(job)
        self.assertEqual(calls, [job])
        self.other.execute(SQL("SELECT pg_try_advisory_lock%s", key))
        self.assertTrue(self.other.fetchone()[0], "nothing stays locked")
        self.other.execute(SQL("SELECT pg_advisory_unlock%s", key))

    def test_every_job_is_single(self):
        for cron in self.env["ir.cron"].search([]):
            if (cron.get_external_id()[cron.id] or "").startswith("customer_care."):
                name = cron.code.removeprefix("model.").removesuffix("()")
                job = getattr(type(self.env[cron.model_id.model]), name)
                self.assertEqual(job.__code__.co_name, "job", cron.name)

    def test_what_another_has_is_left_to_it(self):
        company, calls = self.env.ref("base.main_company"), []
        self.other.execute(
            "SELECT FROM res_company WHERE id = %s FOR UPDATE", [company.id]
        )
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            company = company.with_env(self.env(cr=cr))
            self.assertTrue(work_off(company, [("id", "=", company.id)], calls.append))
        self.assertFalse(calls)
