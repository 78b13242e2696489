from . import care_assign
