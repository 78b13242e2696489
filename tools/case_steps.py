"""What the file of a complaint must hold before the complaint goes on (domain,
section 4): the cause before the solution, the solution before it is carried out, and
somebody else than the handler checks the effect. A short file wants an answer and a
solution only."""

from dataclasses import dataclass

PHASE_ORDER = (
    "record",
    "investigate",
    "solve",
    "execute",
    "verify",
    "settle",
    "closed",
)
"""The way of a complaint, in its order."""


@dataclass(frozen=True)
class File:
    """The file of a complaint as plain values."""

    kind: str = "customer"
    """``customer``, ``internal`` or ``suggestion``"""
    malicious: bool = False
    short: bool = False
    """A minor complaint: one person answers, solves and closes it."""
    replied: bool = False
    first_contact: bool = False
    department: bool = False
    """The department an internal complaint is about is known."""
    cause: bool = False
    solution: bool = False
    approval_pending: bool = False
    """A compensation waits for somebody who may approve it."""
    verified: bool = False
    """Somebody else than the handler has asked for the outcome."""
    responsibility_due: bool = False
    responsible: bool = False
    letter_due: bool = False
    """There is a customer whom a closing letter can reach."""
    letter_sent: bool = False
    cancel_reason: bool = False


def next_phase(file, phase):
    """The phase that comes next, False at the end; a short file is closed next.

    >>> next_phase(File(), "record"), next_phase(File(short=True), "record")
    ('investigate', 'closed')
    """
    if phase not in PHASE_ORDER[:-1]:
        return False
    if file.short:
        return "closed"
    return PHASE_ORDER[PHASE_ORDER.index(phase) + 1]


def missing(file, phase):
    """What is missing before the complaint may be in a phase.

    >>> missing(File(), "solve")
    ['cause']
    >>> missing(File(cause=True), "verify")
    ['solution']
    >>> missing(File(first_contact=True, solution=True), "closed")
    []
    >>> missing(File(kind="suggestion"), "closed")
    ['solution']
    >>> missing(File(short=True), "closed")
    ['reply', 'solution']

    :param phase: one of :data:`PHASE_ORDER`, or ``cancelled``
    :return: names of what is missing, in the order in which it is wanted
    """
    if phase == "cancelled":
        return [] if file.cancel_reason or file.malicious else ["cancel_reason"]
    place = PHASE_ORDER.index(phase)
    return [
        name
        for name, since, there in _wanted(file)
        if not there and place >= PHASE_ORDER.index(since)
    ]


def _wanted(file):
    """Yield (name, the phase from which on it is wanted, is it there?)."""
    if file.malicious:
        yield "cause", "closed", file.cause
        return
    if file.short:
        if file.kind == "customer":
            yield "reply", "verify", file.replied or file.first_contact
        yield "solution", "verify", file.solution
        yield "approval", "verify", not file.approval_pending
        return
    if file.kind == "internal":
        yield "department", "solve", file.department
    if file.first_contact or file.kind == "suggestion":
        yield "solution", "verify", file.solution
        yield "approval", "verify", not file.approval_pending
        return
    yield "cause", "solve", file.cause
    yield "solution", "execute", file.solution
    yield "approval", "verify", not file.approval_pending
    yield "verified", "settle", file.verified
    if file.responsibility_due:
        yield "responsible", "closed", file.responsible
    if file.letter_due:
        yield "letter", "closed", file.letter_sent
