from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ...tools.initials import initial
from ...tools.tiers import card_is_stale
from .care_relationship_history import DECISION_ROLES, RELATIONSHIP_LEVELS

USER = "customer_care.group_user"
MANAGER = "customer_care.group_manager"
PROTECTED_FIELDS = {
    "care_card_number",
    "care_card_date",
    "care_card_user_id",
    "care_verified_date",
    "care_verified_user_id",
    "care_manager_introduced_id",
    "care_completeness",
}
"""Fields set by buttons and scheduled jobs; only administrators of the app may edit
them."""
TYPED_FIELDS = (
    "care_kind",
    "care_ownership",
    "care_asset_scale",
    "care_region_id",
    "care_operating_state",
    "care_financial_state",
    "care_external_relations",
    "care_preferences",
    "care_source_partner_id",
)
"""Card fields entered on customers and empty on their contacts."""
CARD_FIELDS = {
    *TYPED_FIELDS,
    "care_need_ids",
    "care_potential",
    "care_segment_id",
    "care_decision_role",
    "care_relationship_level",
    "care_birthday",
    "care_wechat",
}
"""Filling one of these creates the card; users may fill them for their own
customers."""
PREFETCH = "care"
"""Columns of the card are read together and only where the card is: partners are read
all over Odoo."""
LATER_COLUMNS = {"care_initial": "varchar", "care_completeness": "int4"}
"""Stored computed fields whose column is made empty: the cron fills it. Computing them
while installing would more than double the time on a large database."""
CUSTOMER_KINDS = [
    ("company", "Company"),
    ("family", "Family"),
    ("individual", "Individual"),
]
OWNERSHIPS = [
    ("foreign", "Foreign-Funded"),
    ("joint_venture", "Joint Venture"),
    ("joint_stock", "Joint-Stock"),
    ("private", "Private"),
    ("state", "State-Owned"),
]
ASSET_SCALES = [
    ("super", "Super (over 100 million)"),
    ("large", "Large (over 10 million)"),
    ("medium", "Medium (over 5 million)"),
    ("small", "Small (up to 5 million)"),
]


class ResPartner(models.Model):
    """The customer card: what is known of a customer apart from its purchases."""

    _inherit = "res.partner"

    care_card_number = fields.Char(
        "Card Number", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_card_date = fields.Date(
        "Card Created on", copy=False, readonly=True, groups=USER, prefetch=PREFETCH
    )
    care_card_user_id = fields.Many2one(
        "res.users",
        "Card Created by",
        copy=False,
        readonly=True,
        groups=USER,
        prefetch=PREFETCH,
    )
    care_initial = fields.Char(
        "Initial",
        compute="_compute_care_initial",
        store=True,
        size=2,
        groups=USER,
        prefetch=PREFETCH,
        help="First letter of the name. For Chinese names: the first letter of the "
        "pinyin if the Python library pypinyin is installed, otherwise the "
        "first character.",
    )
    care_kind = fields.Selection(
        CUSTOMER_KINDS, "Kind", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_ownership = fields.Selection(
        OWNERSHIPS, "Ownership", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_asset_scale = fields.Selection(
        ASSET_SCALES, "Assets", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_region_id = fields.Many2one(
        "care.region",
        "Region",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        copy=False,
        groups=USER,
        prefetch=PREFETCH,
    )
    care_need_ids = fields.Many2many(
        "care.need", string="Needs", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_operating_state = fields.Selection(
        [
            ("growing", "Growing"),
            ("stable", "Stable"),
            ("declining", "Declining"),
            ("suspended", "Suspended"),
        ],
        "Business",
        copy=False,
        tracking=True,
        groups=USER,
        prefetch=PREFETCH,
        help="State of the customer's own business.",
    )
    care_financial_state = fields.Selection(
        [("sound", "Sound"), ("tight", "Tight"), ("troubled", "Troubled")],
        "Finances",
        copy=False,
        tracking=True,
        groups=USER,
        prefetch=PREFETCH,
    )
    care_external_relations = fields.Text(
        "External Relations",
        copy=False,
        groups=USER,
        prefetch=PREFETCH,
        help="Organizations with close ties to the customer: authorities, "
        "associations, competitors.",
    )
    care_preferences = fields.Text(
        "Preferences", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_source_partner_id = fields.Many2one(
        "res.partner",
        "Referred by",
        index="btree_not_null",
        copy=False,
        groups=USER,
        prefetch=PREFETCH,
        help="The customer who recommended us.",
    )
    care_verified_date = fields.Date(
        "Verified on",
        copy=False,
        readonly=True,
        groups=USER,
        prefetch=PREFETCH,
        help="When the card was last verified with the customer.",
    )
    care_verified_user_id = fields.Many2one(
        "res.users",
        "Verified by",
        copy=False,
        readonly=True,
        groups=USER,
        prefetch=PREFETCH,
    )
    care_card_stale = fields.Boolean(
        "To Verify",
        compute="_compute_care_card_stale",
        search="_search_care_card_stale",
        groups=USER,
        prefetch=PREFETCH,
        help="The card was never verified, or longer ago than its tier allows.",
    )
    care_decision_role = fields.Selection(
        DECISION_ROLES, "Role in Decisions", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_relationship_level = fields.Selection(
        RELATIONSHIP_LEVELS, "Relationship", copy=False, groups=USER, prefetch=PREFETCH
    )
    care_relationship_history_ids = fields.One2many(
        "care.relationship.history",
        "partner_id",
        "Relationship History",
        groups=USER,
        prefetch=PREFETCH,
    )

    _care_card_number_uniq = models.UniqueIndex(
        "(care_card_number) WHERE care_card_number IS NOT NULL",
        "Another customer already has this card number. Leave it empty to get the "
        "next number.",
    )
    _care_initial_null_idx = models.Index("(id) WHERE care_initial IS NULL")

    def _auto_init(self):
        for name, kind in LATER_COLUMNS.items():
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    @api.depends("name")
    def _compute_care_initial(self):
        for partner in self:
            partner.care_initial = initial(partner.name)

    @api.depends("care_verified_date", "care_tier_id")
    def _compute_care_card_stale(self):
        today = fields.Date.context_today(self)
        for partner in self:
            partner.care_card_stale = (
                partner == partner.commercial_partner_id
                and card_is_stale(
                    partner.care_verified_date, partner.care_tier_id.verify_days, today
                )
            )

    def _search_care_card_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["care.partner.tier"].flush_model()
        stale = Domain.custom(to_sql=self._care_sql_card_is_stale)
        return stale if True in value else ~stale

    @api.model
    def _care_sql_card_is_stale(self, model, alias, _query):
        Tier = self.env["care.tier"]
        return SQL(
            """EXISTS (SELECT FROM care_partner_tier status
                         JOIN care_tier tier ON tier.id = status.tier_id
                        WHERE status.partner_id = %(id)s AND %(id)s = %(commercial)s
                          AND status.company_id = %(company)s AND %(stale)s)""",
            id=SQL.identifier(alias, "id"),
            commercial=model._field_to_sql(alias, "commercial_partner_id"),
            company=self.env.company.id,
            stale=Tier._sql_card_is_stale(
                alias, "tier", fields.Date.context_today(self)
            ),
        )

    @api.constrains("care_birthday")
    def _check_care_birthday(self):
        today = fields.Date.context_today(self)
        if any(row.care_birthday and row.care_birthday > today for row in self.sudo()):
            raise ValidationError(
                self.env._("A birthday cannot be in the future. Correct the date.")
            )

    @api.constrains("care_source_partner_id")
    def _check_care_source(self):
        for partner in self.sudo():
            source = partner.care_source_partner_id
            if source and source.commercial_partner_id == partner.commercial_partner_id:
                raise ValidationError(
                    self.env._("A customer cannot be referred by itself.")
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self._care_may_protect():
            self = self._care_without_defaults(PROTECTED_FIELDS)  # noqa: PLW0642
            for vals in vals_list:
                if any(vals.get(name) for name in PROTECTED_FIELDS):
                    self._refuse_care_protected()
        partners = super().create(vals_list)
        filled = partners.browse(
            partner.id
            for partner, vals in zip(partners, vals_list, strict=True)
            if any(vals.get(name) for name in CARD_FIELDS)
        )
        (filled - filled.commercial_partner_id)._check_care_own()
        filled.commercial_partner_id._make_care_cards()
        partners._log_care_relationship({})
        return partners

    def write(self, vals):
        protected = PROTECTED_FIELDS & set(vals)
        if (
            protected
            and not self.env.su
            and not self._care_may_protect()
            and any(self._care_differs(name, vals[name]) for name in protected)
        ):
            self._refuse_care_protected()
        card = CARD_FIELDS & set(vals)
        if card:
            synced = card <= set(self._commercial_fields())
            (self._care_customers() if synced else self)._check_care_own()
        levels = (
            {partner: partner.care_relationship_level for partner in self.sudo()}
            if "care_relationship_level" in vals
            else None
        )
        result = super().write(vals)
        if card and any(vals[name] for name in card):
            self.commercial_partner_id._make_care_cards()
        if levels is not None:
            self._log_care_relationship(levels)
        return result

    def _care_may_protect(self):
        """Check the user even in sudo mode: records that the system creates take values
        from the context, which the user controls."""
        return self.env.uid == api.SUPERUSER_ID or self.env.user.has_group(MANAGER)

    def _refuse_care_protected(self):
        raise AccessError(
            self.env._(
                "Only administrators of Customer Care can change the number and the "
                "verification of a customer card. To confirm a card, use “Verified "
                "Today”."
            )
        )

    def _write_care(self, vals):
        """Write protected fields for a button that has checked access."""
        return self.sudo().write(vals)
