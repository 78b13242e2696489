import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

PASS_IS_OVER = timedelta(hours=12)
"""A pass over all records that nobody went on with for so long is begun anew."""


class CareJob(models.Model):
    """Where a job that looks at all rows by id goes on in its next run."""

    _name = "care.job"
    _description = "Job Progress"

    name = fields.Char(required=True, readonly=True)
    place = fields.Integer(
        readonly=True,
        help="ID of the last record processed in the current run.",
        aggregator=None,
    )

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "Each job can have only one progress record."
    )

    @api.model
    def _place(self, name, within=None):
        """:param within: what was set longer ago counts no more"""
        row = self.sudo().search([("name", "=", name)])
        if within and row and fields.Datetime.now() - row.write_date > within:
            return 0
        return row.place

    @api.model
    def _set_place(self, name, place):
        """Called by one transaction at a time: see ``single``"""
        rows = self.sudo()
        row = rows.search([("name", "=", name)]) or rows.create({"name": name})
        row.place = place


def single(method):
    """A job of which a second one at the same time does nothing, also when it is called
    directly and not by its scheduled action, whose row Odoo locks."""

    @wraps(method)
    def job(self):
        with _locked(self.env.cr, f"{self._name}.{method.__name__}") as mine:
            if mine:
                return method(self)
        _logger.info("%s.%s is running already", self._name, method.__name__)
        return None

    return job


@contextmanager
def _locked(cr, name):
    """Lock a name over commits, until the end of the block.

    :yields: whether nobody else has it
    """
    key = SQL("(hashtext('customer_care'), hashtext(%s))", name)
    cr.execute(SQL("SELECT pg_try_advisory_lock%s", key))
    if not cr.fetchone()[0]:
        yield False
        return
    try:
        yield True
    except BaseException:
        cr.rollback()  # nothing can be executed after a database error
        raise
    finally:
        cr.execute(SQL("SELECT pg_advisory_unlock%s", key))


def attempt(records, work, level=logging.WARNING):
    """Do the work of a job for some records. A failure is theirs alone: it is rolled
    back and logged. What went before must have been committed, as a conflict with
    another transaction ends this one.

    :param work: called with the records
    :return: whether it worked
    """
    cr = records.env.cr
    try:
        with cr.savepoint():
            work(records)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        cr.rollback()
        _logger.info("%s is being changed by somebody else: next time", records)
        return False
    except Exception:
        _logger.log(
            level,
            "%s failed in a job, which goes on with the others",
            records,
            exc_info=True,
        )
        return False
    return True


def attempt_each(records, work, name=None):
    """The work of a job for one record after another, each committed.

    :param name: of work that does not show on a record that it is done: where it ended
        is kept under this name, and the next run goes on there; else a record whose
        work takes all the time of a run would be done again and again
    :return: whether there was time for all
    """
    Cron, Job = records.env["ir.cron"], records.env["care.job"]
    if name:
        place = Job._place(name, PASS_IS_OVER)
        records = records.sorted("id").filtered(lambda record: record.id > place)
    time = Cron._commit_progress(remaining=len(records))
    for record in records:
        if not time:
            return False
        attempt(record, work)
        if name:
            Job._set_place(name, 0 if record == records[-1] else record.id)
        time = Cron._commit_progress(1)
    return True


def work_off(model, domain, work, batch=1, order="id"):
    """Work through all records of a domain, batch by batch, each committed. The work
    takes records out of the domain. Those of a batch that fails are done one by one;
    what fails, or is locked by somebody else, waits for the next pass.

    :param work: called with locked records
    :return: whether there was time for all
    """

    def locked_work(records):
        free = records.try_lock_for_update(allow_referencing=True)
        if free := free.filtered_domain(domain):
            work(free)

    waiting, one_by_one, time = [], 0, True
    domain = Domain(domain)
    while time:
        records = model.search(
            domain & Domain("id", "not in", waiting),
            order=order,
            limit=1 if one_by_one else batch,
        )
        if not records:
            return True
        many = len(records) > 1
        worked = attempt(
            records, locked_work, logging.INFO if many else logging.WARNING
        )
        one_by_one = max(one_by_one - 1, 0)
        if many and not worked:
            one_by_one = len(records)
            time = model.env["ir.cron"]._commit_progress()
            continue
        waiting += (
            records.exists().filtered_domain(domain).ids if worked else records.ids
        )
        time = model.env["ir.cron"]._commit_progress(len(records))
    return False
