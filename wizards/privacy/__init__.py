from . import care_person_erase, care_retention_change
