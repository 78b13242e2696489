from . import test_outlook, test_outlook_ui
