"""Dialogs, by the rooms of models/ and in their order."""

# isort: off
from . import core
from . import tier
from . import contact_plan
from . import card
from . import handover
from . import complaint
from . import complaint_mail
from . import satisfaction
from . import promise
from . import merit
from . import outlook
from . import quality
from . import privacy
# isort: on
