from . import care_assign, care_days_import
