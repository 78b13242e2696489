from odoo import api, fields, models


class CareJobPlace(models.Model):
    """Up to which record a job has come. Not a system parameter: writing one empties
    the caches of all workers."""

    _name = "care.job.place"
    _description = "Place of a Job"
    _log_access = False
    _rec_name = "job"

    job = fields.Char(required=True)
    place = fields.Integer()

    _job_uniq = models.UniqueIndex("(job)")

    @api.model
    def _get(self, job):
        """:return: id of the last record that is done, 0 at the beginning"""
        return self.sudo().search([("job", "=", job)]).place

    @api.model
    def _take(self, job):
        """Lock the place of a job for this transaction.

        :return: False if another worker has it
        """
        row = self.sudo().search([("job", "=", job)])
        if not row:
            self._set(job, 0)
            return True
        return bool(row.try_lock_for_update())

    @api.model
    def _set(self, job, place):
        row = self.sudo().search([("job", "=", job)])
        if row:
            row.place = place
        else:
            row.create({"job": job, "place": place})
