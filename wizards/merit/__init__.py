from . import care_merit_reason
