def deal(customers, successors):
    """Share customers among successors like cards, tier by tier.

    :param customers: [(key, rank of the tier)]; equal ranks stay in their order, so
        put the largest customer first
    :param successors: keys, without repetition
    :return: {key of a customer: its successor}. Nobody gets two more than another,
        neither of one tier nor in all.
    """
    ranked = sorted(customers, key=lambda customer: customer[1])
    return {
        key: successors[place % len(successors)]
        for place, (key, _rank) in enumerate(ranked)
    }


def by_region(customers, regions, parents, fallback):
    """Give each customer to the successor of its region or of the nearest one above.

    :param customers: [(key, region or None)]
    :param regions: {region: successor}
    :param parents: {region: region above or None}
    :param fallback: successor of customers elsewhere, may be None
    """
    found = {}
    for key, region in customers:
        place, seen = region, set()
        while place and place not in regions and place not in seen:
            seen.add(place)
            place = parents.get(place)
        found[key] = regions.get(place, fallback)
    return found
