from datetime import date, datetime

from odoo.fields import Command

from .common import TierCase


def own_models(env):
    """Names of the models of this app that have a table and rows that stay."""
    return sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("care.")
        and model._auto
        and not model._abstract
        and not model._transient
    )


class RecordsCase(TierCase):
    """Rows of any model, with what is required filled in from the registry, so that a
    model of tomorrow is tested too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serial = 0

    @classmethod
    def special(cls, model):
        """Values where the first that comes is refused"""
        return {
            "care.campaign": lambda: {
                "survey_id": cls.env["survey.question"]
                .search([("care_measure", "!=", False)], limit=1)
                .survey_id.id
            },
            "care.card.item": lambda: {"domain": "[('phone', '!=', False)]"},
            "care.check.mark": lambda: {
                "line_id": cls.make("care.spot.check.line", kind="card").id
            },
            "care.merit.entry": lambda: {"user_id": cls.rep.id},
            "care.fund": lambda: {
                "department_id": cls.env["crm.team"].create({"name": "East"}).id
            },
            "care.fund.move": lambda: {"name": "Dinner"},
            "care.complaint": lambda: {
                "partner_id": cls.related_of("res.partner"),
                "received_at": datetime(2026, 11, 1, 8),
            },
            "care.complaint.event": lambda: {"kind": "replied", "reason": "Called"},
            "care.handover": lambda: {"from_user_id": cls.all.id},
            "care.handover.line": lambda: {"res_model": "res.partner"},
            "care.notice": lambda: {"user_id": cls.rep.id},
            "care.referral": lambda: {
                "referrer_name": "Passer-by",
                "lead_id": cls.env["crm.lead"].create({"name": "Lead"}).id,
            },
            "care.family.member": lambda: {
                "partner_id": cls.env["res.partner"].create({"name": "Private"}).id
            },
            "care.tier": lambda: {"active": False},
            "care.working.day": lambda: {"hour_from": 8, "hour_to": 12},
        }.get(model, dict)()

    @classmethod
    def make(cls, model, **values):
        cls.serial += 1
        Model = cls.env[model].sudo()
        values = cls.special(model) | values
        defaults = Model.default_get(list(Model._fields))
        for name, field in Model._fields.items():
            if (
                field.required
                and field.store
                and not field.related
                and not (field.compute and field.readonly)
                and name not in values
                and not defaults.get(name)
            ):
                values[name] = cls.value_of(model, field)
        return Model.create(values).sudo(False)

    @classmethod
    def value_of(cls, model, field):
        if field.type == "many2one":
            return cls.related_of(field.comodel_name)
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type == "many2one_reference":
            return cls.env.company.partner_id.id
        return {
            "char": f"{model} {cls.serial}",
            "text": f"{model} {cls.serial}",
            "html": f"<p>{model} {cls.serial}</p>",
            "integer": 1,
            "float": 1.0,
            "monetary": 1.0,
            "date": date(2026, 11, 1),
            "datetime": datetime(2026, 11, 1, 8),
            "json": [1],
            "boolean": False,
            "many2many": [Command.clear()],
        }[field.type]

    @classmethod
    def related_of(cls, model):
        given = {
            "res.company": cls.company,
            "res.users": cls.rep,
            "care.tier": cls.A,
        }
        if model in given:
            return given[model].id
        if model == "res.partner":
            return cls.customer(f"Customer {cls.serial}").id
        if not model.startswith("care."):
            return cls.env[model].sudo().search([], limit=1).id
        return cls.make(model).id
