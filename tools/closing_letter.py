"""What the closing letter of a complaint says. Plain values, no ORM."""

OURS = "ours"


def admits_fault(kind, genuine, fault):
    """Does the letter say that the fault was ours? Only where it has been found to be
    ours: in doubt its words are neutral.

    :param kind: of the complaint
    :param genuine: ``unknown``, ``genuine`` or ``malicious``
    :param fault: whose fault the class of the cause is, None if there is no class

    >>> admits_fault("customer", "genuine", "ours")
    True
    >>> [admits_fault("customer", "genuine", fault) for fault in
    ...  ("carrier", "customer", "unknown", None)]
    [False, False, False, False]
    >>> admits_fault("customer", "malicious", "ours")
    False
    """
    return kind == "customer" and genuine != "malicious" and fault == OURS
