from . import care_check_finding
