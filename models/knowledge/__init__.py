"""Answers that exist already: similar complaints, knowledge records, and category and
team proposed from history.

Owns: care.knowledge, care.knowledge.use, care.search.*, care.word.frequency.
May use: every room above.
"""

# isort: off
from . import care_search_concept
from . import care_search_term
from . import care_search_text
from . import care_word_frequency
from . import care_knowledge_use
from . import care_knowledge
from . import care_complaint_similar
from . import care_complaint_knowledge
from . import care_complaint_propose
from . import res_company
from . import res_config_settings
# isort: on
