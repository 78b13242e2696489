PYRAMID_LEVELS = ("passer_by", "acquaintance", "friend", "confidant")
TYPICAL = {"passer_by": (100, 100), "acquaintance": (50, 50), "friend": (10, 10)}
TYPICAL["confidant"] = (3, 5)
"""Of 100 people known so many are at least that close: from, to (domain section 1)."""


def steps(counts):
    """Compare how close one is to people with the typical pyramid.

    :param counts: {level: number of people at exactly this level}
    :return: for each level, the widest first: (level, people at least that close, share
        of all known in percent, typical from, typical to as numbers of people, verdict
        below, typical or above). A pyramid of nobody is typical.
    """
    known = sum(counts.get(level, 0) for level in PYRAMID_LEVELS)
    reached = known
    result = []
    for level in PYRAMID_LEVELS:
        low, high = (bound * known / 100 for bound in TYPICAL[level])
        verdict = "typical"
        if reached < int(low):
            verdict = "below"
        elif reached > -(-high // 1):
            verdict = "above"
        share = 100 * reached / known if known else 0
        result.append((level, reached, share, low, high, verdict))
        reached -= counts.get(level, 0)
    return result
