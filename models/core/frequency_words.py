class FrequencyWords:
    """Frequencies in words: “2 visits a month”, “1 call every 2 months, aim: every
    month”. Whole phrases, so that each language can order its words."""

    def __init__(self, env):
        self.env = env

    def contacts(self, times, every, unit, channel):
        interval = self.interval(every, unit)
        if times == 1:
            texts = {
                "onsite": lambda: self.env._("1 on-site stay %s", interval),
                "visit": lambda: self.env._("1 visit %s", interval),
                "phone": lambda: self.env._("1 call %s", interval),
                "online": lambda: self.env._("1 message %s", interval),
            }
        else:
            words = {"times": times, "interval": interval}
            texts = {
                "onsite": lambda: self.env._(
                    "%(times)s on-site stays %(interval)s", **words
                ),
                "visit": lambda: self.env._("%(times)s visits %(interval)s", **words),
                "phone": lambda: self.env._("%(times)s calls %(interval)s", **words),
                "online": lambda: self.env._(
                    "%(times)s messages %(interval)s", **words
                ),
            }
        return texts[channel]() if channel in texts else ""

    def interval(self, every, unit):
        if every == 1:
            texts = {
                "day": lambda: self.env._("a day"),
                "week": lambda: self.env._("a week"),
                "month": lambda: self.env._("a month"),
                "year": lambda: self.env._("a year"),
            }
        else:
            texts = {
                "day": lambda: self.env._("every %s days", every),
                "week": lambda: self.env._("every %s weeks", every),
                "month": lambda: self.env._("every %s months", every),
                "year": lambda: self.env._("every %s years", every),
            }
        return texts[unit]() if unit in texts else ""

    def aim(self, text, every, unit):
        """:param text: the frequency in words, whose aim is shorter"""
        if every == 1:
            texts = {
                "day": lambda: self.env._("%s, aim: every day", text),
                "week": lambda: self.env._("%s, aim: every week", text),
                "month": lambda: self.env._("%s, aim: every month", text),
                "year": lambda: self.env._("%s, aim: every year", text),
            }
        else:
            words = {"text": text, "n": every}
            texts = {
                "day": lambda: self.env._("%(text)s, aim: every %(n)s days", **words),
                "week": lambda: self.env._("%(text)s, aim: every %(n)s weeks", **words),
                "month": lambda: self.env._(
                    "%(text)s, aim: every %(n)s months", **words
                ),
                "year": lambda: self.env._("%(text)s, aim: every %(n)s years", **words),
            }
        return texts[unit]() if unit in texts else text
