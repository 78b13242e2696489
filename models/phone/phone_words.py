def phone_words(env):
    """Words of the page on the phone in the language of an environment: the page keeps
    them, as it has no translations of its own. ``%s`` stands for what the page puts
    there."""
    Interaction = env["care.interaction"]
    return {
        "channels": dict(Interaction._fields["channel"]._description_selection(env)),
        "feelings": dict(
            Interaction._fields["satisfaction"]._description_selection(env)
        ),
        **_words_of_the_day(env),
        **_words_of_the_brief(env),
        **_words_of_the_report(env),
        **_words_of_the_queue(env),
    }


def _words_of_the_day(env):
    return {
        "title": env._("My Day"),
        "today": env._("Today"),
        "week": env._("Within a Week"),
        "done": env._("Filed"),
        "nothing": env._("No customers are due today."),
        "loading": env._("Loading…"),
        "never": env._("Open this page once with a network. Then it works without."),
        "as_of": env._("As of %s"),
        "online": env._("Online"),
        "offline": env._("No network"),
        "refresh": env._("Refresh"),
        "directions": env._("Directions for the Day"),
        "near_me": env._("Nearest First"),
        "install": env._("Install"),
        "backend": env._("Open Odoo"),
        "logout": env._("Log Out"),
        "logout_waiting": env._(
            "Some reports are not sent yet. They stay encrypted on this phone and are "
            "sent when you log in again. Log out?"
        ),
        "due": env._("due %s"),
        "late": env._("overdue since %s"),
        "unreported": env._("to report"),
        "no_position": env._("Your position is not known. Allow it in the browser."),
    }


def _words_of_the_brief(env):
    return {
        "back": env._("Back"),
        "call": env._("Call"),
        "sms": env._("Text Message"),
        "mail": env._("E-mail"),
        "map": env._("Map"),
        "persons": env._("Contact Persons"),
        "no_persons": env._("No contact person yet."),
        "reports": env._("Last Reports"),
        "no_reports": env._("No report yet."),
        "complaints": env._("Open Complaints"),
        "promises": env._("Promises"),
        "quotations": env._("Open Quotations"),
        "birthday": env._("Birthday %s"),
        "monthly": env._("%s a month"),
        "preferences": env._("Preferences"),
        "contacts_due": env._("Contacts Due"),
        "not_met": env._("Nobody met"),
        "next_time": env._("Next time: %s"),
    }


def _words_of_the_report(env):
    return {
        "report": env._("Report"),
        "with": env._("Who was there?"),
        "how": env._("How was it?"),
        "what": env._("What did you find out?"),
        "photo": env._("Photo"),
        "photo_bad": env._("This file is no picture."),
        "photo_many": env._("A report takes up to 10 photos."),
        "remove": env._("Remove"),
        "check_in": env._("Check In"),
        "checked_in": env._("Checked in %s"),
        "without_position": env._("without a position"),
        "promised": env._("What did you promise?"),
        "promised_by": env._("Promised by"),
        "next": env._("Next appointment"),
        "next_about": env._("What about?"),
        "tomorrow": env._("Tomorrow"),
        "week_1": env._("In 1 week"),
        "week_2": env._("In 2 weeks"),
        "week_4": env._("In 4 weeks"),
        "when_due": env._("When due"),
        "file": env._("File"),
        "nobody": env._("Nobody There"),
        "empty": env._("Write a line, choose a face, or say that nobody was met."),
    }


def _words_of_the_queue(env):
    return {
        "all_sent": env._("All reports sent"),
        "waiting": env._("%s waiting to be sent"),
        "sending": env._("Sending…"),
        "state_waiting": env._("Waiting to be sent"),
        "state_filed": env._("Filed"),
        "state_refused": env._("Please decide"),
        "refused": env._("%s to decide"),
        "outbox": env._("My Reports"),
        "kept": env._("Kept on this phone. It is sent when there is a network."),
        "login": env._(
            "You are logged out. Your reports are kept; log in to send them."
        ),
        "log_in": env._("Log In"),
        "other_user": env._("Another user is logged in. Reload the page."),
        "again": env._("File as a Further Contact"),
        "retry": env._("Try Again"),
        "change": env._("Change"),
        "change_late": env._(
            "This report may have been sent already. Once it is filed, open it in Odoo."
        ),
        "change_other": env._(
            "Another report of this customer has been begun. File that one first."
        ),
        "open_report": env._("Open in Odoo"),
        "delete": env._("Delete"),
        "delete_sure": env._("Delete this report? It was not filed."),
        "full": env._(
            "The phone's storage is full. The report is saved, its photos only as long "
            "as this page is open: go online, or free some storage."
        ),
        "full_all": env._(
            "The phone's storage is full. This report is kept only as long as this "
            "page is open: go online, or free some storage."
        ),
        "no_store": env._(
            "This browser keeps nothing, perhaps because of a private window. Reports "
            "are kept only as long as this page is open."
        ),
        "server": env._("The server answered: %s"),
    }
