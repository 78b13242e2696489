"""Quality checks: checklists of spot checks, second inspections, service standards.

Owns: care.check.*, care.spot.check.second, care.service.standard,
care.standard.confirmation.
May use: every room above.
"""

# isort: off
from . import care_checklist_mixin
from . import care_check_item
from . import care_check_mark
from . import care_spot_check
from . import care_spot_check_line
from . import care_spot_check_follow
from . import care_spot_check_second
from . import care_service_standard
from . import care_service_standard_leader
from . import care_standard_confirmation
from . import res_company
from . import res_config_settings
# isort: on
