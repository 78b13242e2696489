from odoo import api, models


class CareHandoverLine(models.Model):
    _inherit = "care.handover.line"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "care.promise": self.env._("Open promises"),
            "care.notice": self.env._("Written orders"),
        }

    @api.model
    def _assign(self, records, user):
        """What was told to a customer is not approved again; the successor confirms to
        have seen an order, whatever the predecessor did."""
        if records._name == "care.promise":
            for state, promises in records.grouped("state").items():
                promises.write({"user_id": user.id, "state": state})
        elif records._name == "care.notice":
            records._hand_over(user)
        else:
            return super()._assign(records, user)
        return None
