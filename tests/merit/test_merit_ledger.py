from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..common_merit import MeritCase

STEPS = st.one_of(
    st.tuples(st.just("done"), st.integers(0, 3)),
    st.tuples(st.just("propose"), st.just(0)),
    st.tuples(st.just("excuse"), st.booleans()),
    st.tuples(st.just("amount"), st.integers(1, 99)),
    st.tuples(st.just("close"), st.just(0)),
    st.tuples(st.just("settle"), st.just(0)),
)


@tagged("post_install", "-at_install")
class TestMeritLedger(MeritCase):
    """Whatever happens, the ledger says what the causes say, once."""

    @given(st.lists(STEPS, max_size=8))
    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def test_sums_never_drift(self, steps):
        with self.env.cr.savepoint() as point:
            self.play(steps)
            point.rollback()
        self.env.invalidate_all()

    @given(
        st.lists(st.integers(0, 3), max_size=4),
        st.lists(st.integers(0, 3), max_size=4),
    )
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def test_a_reversal_restores_and_stays(self, before, after):
        """What a person took back is out of the sums, whatever happens later."""
        with self.env.cr.savepoint() as point:
            bystander = self.target(goal=2)
            self.propose()
            empty = self.total()
            target = self.target(goal=3)
            self.propose()
            self.assertEqual(self.total(), empty + 90)
            for done in before:
                self.count_anew(target, done)
            entry = self.entries(target, standing="valid")
            owed = 0 if target.state == "met" else 3 - target.done
            self.assertEqual(entry.amount if entry else 0, 30 * owed)
            if entry:
                entry._reverse("Agreed with the customer")
                self.assertEqual(self.total(), empty, "as if it had never been")
                for done in after:
                    self.count_anew(target, done)
                self.assertEqual(self.total(), empty)
                self.assertFalse(self.entries(target, standing="valid"))
            self.assertEqual(self.total(bystander), 60)
            point.rollback()
        self.env.invalidate_all()

    def count_anew(self, target, done):
        target.write({"done": done, "state": "met" if done == 3 else "missed"})
        self.propose()

    def play(self, steps):
        target = self.target(goal=3)
        rule = self.env.ref("customer_care.care_merit_rule_visit_missed")
        rule.amount = 30
        self.propose()
        for name, value in [*steps, ("propose", 0)]:
            if name == "done":
                target.write(
                    {"done": value, "state": "met" if value == 3 else "missed"}
                )
            elif name == "excuse":
                target.write(
                    {
                        "state": "excused" if value else "missed",
                        "excuse_reason": value and "Closed",
                        "done": 0,
                    }
                )
            elif name == "amount":
                rule.amount = value
            elif name == "close":
                self.Entry._close_month("2026-10-01")
            elif name == "settle":
                valid = self.entries(target, standing="valid")
                self.heard(valid.filtered(lambda entry: entry.state == "proposed"))
                valid = valid.filtered(lambda entry: entry.state == "heard")
                valid.action_confirm()
                valid.action_settle()
            else:
                self.propose()
                self.check(target)

    def check(self, target):
        self.assertEqual(self.propose(), 0, "a second run writes nothing")
        entries = self.entries(target)
        owed = target.goal - target.done if target.state == "missed" else 0
        self.assertEqual(sum(entries.mapped("amount")), 30 * owed)
        valid = entries.filtered(lambda entry: entry.standing == "valid")
        self.assertLessEqual(len(valid), 1)
        self.assertEqual(valid.quantity or 0, owed)
        reversed_ = [
            entry.reversal_of_id.id for entry in entries if entry.reversal_of_id
        ]
        self.assertEqual(len(reversed_), len(set(reversed_)))
        plain = entries.filtered(lambda entry: not entry.reversal_of_id)
        self.assertEqual(plain.mapped("turn"), list(range(len(plain))))
