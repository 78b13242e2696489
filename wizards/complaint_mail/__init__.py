from . import care_macro_apply
