"""Rooms in load order: a room imports only from those above it."""

# isort: off
from . import core
from . import tier
from . import contact_plan
from . import interaction
from . import card
from . import handover
from . import sla
from . import complaint
from . import complaint_mail
from . import complaint_portal
from . import telephone
from . import satisfaction
from . import promise
from . import merit
from . import outlook
from . import report
from . import quality
from . import phone
from . import knowledge
from . import privacy
from . import onboarding
# isort: on
