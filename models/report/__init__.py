"""What spans rooms: indicators, month-end report, evaluation, spot checks.

Owns: care.month.report, care.evaluation, care.spot.check*, care.product.pareto.
May use: every room above.
"""

from . import (
    care_evaluation,
    care_indicator,
    care_indicator_purchases,
    care_indicator_words,
    care_month_mixin,
    care_month_report,
    care_month_report_figures,
    care_month_report_outlook,
    care_product_pareto,
    care_spot_check,
    care_spot_check_line,
    ir_actions_report,
    res_company,
    res_config_settings,
)
