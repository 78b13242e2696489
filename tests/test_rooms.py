from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import BaseCase, tagged

from .rooms import load_order, violations


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    def test_rooms_import_from_rooms_above_only(self):
        self.assertEqual(violations(), [])

    def test_rooms_are_found(self):
        order = load_order()
        self.assertEqual((order[0], order[-1]), ("core", "onboarding"))

    def test_every_test_is_imported(self):
        """Odoo's own runner finds those only."""
        folder = Path(__file__).parent
        imported = (folder / "__init__.py").read_text()
        found = [path.stem for path in folder.glob("**/test_*.py")]
        self.assertFalse([name for name in found if f" {name}" not in imported])

    def test_an_import_from_below_is_told(self):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            for room in ("core", "tier"):
                (root / "models" / room).mkdir(parents=True)
            (root / "models/__init__.py").write_text(
                "from . import core\nfrom . import tier\n"
            )
            (root / "models/core/a.py").write_text("from ..tier.b import B\n")
            (root / "models/tier/b.py").write_text("from ..core import a\n")
            (root / "models/loose.py").write_text("")
            self.assertEqual(
                violations(root),
                [
                    "models/core/a.py imports from tier, which is loaded after core",
                    "models/loose.py is in no room of models/__init__.py",
                ],
            )
