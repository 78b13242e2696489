"""How long personal data is kept, and what is kept about a person: shown, exported,
erased. Figures stay.

Owns: care.removal, care.retention, care.personal.data.
May use: every room above.
"""

from . import (
    care_call,
    care_complaint,
    care_personal_data,
    care_personal_data_erase,
    care_personal_data_export,
    care_removal,
    care_retention,
    care_retention_answers,
    care_retention_complaints,
    care_retention_rest,
    ir_attachment,
    res_company,
    res_config_settings,
    res_partner,
    survey_user_input,
)
