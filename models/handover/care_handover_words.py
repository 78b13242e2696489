import hashlib
import json
from collections import Counter, defaultdict

from odoo import api, models


class CareHandover(models.Model):
    """Texts of a handover: preview, notes, log."""

    _inherit = "care.handover"

    @api.model
    def _sign(self, plan):
        keys = ("res_model", "res_id", "old_user_id", "new_user_id")
        moves = [[line[key] for key in keys] for line in plan]
        return hashlib.sha256(json.dumps(moves).encode()).hexdigest()

    def _summarize(self, plan):
        """What each successor gets, for the preview."""
        names = self.env["care.handover.line"]._kinds()
        counts = Counter((line["new_user_id"], line["res_model"]) for line in plan)
        customers = defaultdict(set)
        for line in plan:
            if line["partner_id"]:
                customers[line["new_user_id"]].add(line["partner_id"])
        users = self.env["res.users"].browse(sorted({user for user, _model in counts}))
        kinds = [name for name in names if any(model == name for _u, model in counts)]
        targets = self._count_targets(plan)
        return {
            "columns": [
                self.env._("Customers"),
                *(names[kind] for kind in kinds),
                self.env._("Contacts due"),
            ],
            "rows": [
                {
                    "id": user.id,
                    "name": user.sudo().name,
                    "counts": [
                        len(customers[user.id]),
                        *(counts[user.id, kind] for kind in kinds),
                        targets[user.id],
                    ],
                    "tiers": self._count_tiers(customers[user.id]),
                }
                for user in users
            ],
            "left": self._count_left(plan),
        }

    def _count_targets(self, plan):
        """Count open targets, which follow the account team."""
        members = {
            (member.partner_id.id, member.role_id.id): line["new_user_id"]
            for line in plan
            if line["res_model"] == "care.account.member"
            for member in [
                self.env["care.account.member"].sudo().browse(line["res_id"])
            ]
        }
        counts = Counter()
        for partner, role, count in (
            self.env["care.plan.target"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", [partner for partner, _role in members]),
                    ("state", "=", "open"),
                ],
                ["partner_id", "role_id"],
                ["__count"],
            )
        ):
            if user := members.get((partner.id, role.id)):
                counts[user] += count
        return counts

    def _count_tiers(self, ids):
        """[[tier, customers]], best first"""
        counts = Counter(
            partner.care_tier_id for partner in self.env["res.partner"].browse(ids)
        )
        return [
            [tier.code or "–", count]
            for tier, count in sorted(
                counts.items(),
                key=lambda item: (not item[0], item[0].sequence, item[0].id or 0),
            )
        ]

    def _count_left(self, plan):
        """Customers for which no rule names a successor"""
        moved = {line["partner_id"] for line in plan}
        left = {
            partner.id
            for partner in self._members().partner_id
            if partner.id not in moved
        }
        return len(left)

    def _managers(self, plan):
        partners = self.env["res.partner"].browse(
            {line["partner_id"] for line in plan} - {False}
        )
        return {partner: partner.care_manager_id for partner in partners}

    def _note(self, lines, reverse):
        """Log the handover in the chatter of each customer and in the protection
        log."""
        kinds = lines._kinds()
        old, new = (
            ("new_user_id", "old_user_id")
            if reverse
            else (
                "old_user_id",
                "new_user_id",
            )
        )
        bodies = {}
        for partner, rows in lines.filtered("partner_id").grouped("partner_id").items():
            what = ", ".join(
                f"{kinds[model]}: {count}"
                for model, count in Counter(rows.mapped("res_model")).items()
            )
            values = {
                "old": ", ".join(rows[old].mapped("name")),
                "new": ", ".join(rows[new].mapped("name")),
                "what": what,
                "reason": self.reason or self.env._("no reason given"),
            }
            bodies[partner.id] = (
                self.env._(
                    "Handover taken back: %(old)s → %(new)s (%(what)s)", **values
                )
                if reverse
                else self.env._(
                    "Handed over: %(old)s → %(new)s (%(what)s). Reason: %(reason)s",
                    **values,
                )
            )
        self.env["res.partner"].sudo().browse(bodies)._message_log_batch(bodies)
        moves = Counter((line[old].name, line[new].name) for line in lines)
        self.env["care.protection.log"]._log(
            "handover",
            len(bodies),
            self.env._("%s (taken back)", self.display_name)
            if reverse
            else self.display_name,
            "\n".join(
                f"{source} → {target} ({count})"
                for (source, target), count in moves.most_common()
            ),
        )
