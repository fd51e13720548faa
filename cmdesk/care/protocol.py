"""Complaint protocols and their rules: steps, what to ask, what never to do, who decides, what forbids closing.

Pure. The texts are the brand's to change, so they travel with the values, in Spanish and English, and not in a
catalogue. Keys are stable and shared between protocols: whoever changes the protocol of a case keeps its ticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.values import CaseFile, CaseState, Outcome, Protocol, PublicClose, Step

COMPENSATIONS = ("voucher", "discount", "gift", "refund", "guarantee", "other")
"""Kinds of "something more" (Q3, Q8)."""

COMPLETE, SERVICE, SHORT = "complete", "service", "short"


def text_of(texts: Mapping[str, str], language: str) -> str:
    """Return the text in `language` ("es-MX" finds "es"), else in English, else any there is."""
    base = language.replace("_", "-").partition("-")[0].lower()
    return texts.get(language) or texts.get(base) or texts.get("en") or next(iter(texts.values()), "")


def _step(key: str, en: str, es: str) -> Step:
    return Step(key, {"en": en, "es": es})


_THANK = _step("thank", "Thank them for telling us", "Agradece que nos lo cuente")
_LISTEN = _step("listen", "Listen: read everything before answering", "Escucha: lee todo antes de responder")
# Q1: the long one, for what is serious or comes back.
_COMPLETE = Protocol(
    COMPLETE,
    {"en": "Complete (11 steps)", "es": "Completo (11 pasos)"},
    (
        _step("place", "Put yourself in their place", "Ponte en su lugar"),
        _THANK,
        _step("understand", "Show that you understand and are sorry", "Muestra que lo entiendes y lo sientes"),
        _LISTEN,
        _step("ask_open", "Ask open questions: when, where, how?", "Haz preguntas abiertas: ¿cuándo, dónde, cómo?"),
        _step("apologise", "Apologise if it was our fault", "Pide perdón si el fallo es nuestro"),
        _step("agree", "Look for the solution together", "Busca la solución con la persona"),
        _step("fast", "Act at once", "Actúa enseguida"),
        _step("accepted", "Check that they accept the conditions", "Comprueba que acepta las condiciones"),
        _step("follow_up", "Write again afterwards: how is it going?", "Vuelve a escribir después: ¿qué tal va?"),
        _step("fair", "Was it fast and fair? Say what must change", "¿Ha sido rápido y justo? Di qué hay que cambiar"),
    ),
)
# Q2: the usual way of a customer service.
_SERVICE = Protocol(
    SERVICE,
    {"en": "Service (8 steps)", "es": "Atención (8 pasos)"},
    (
        _THANK,
        _LISTEN,
        _step("apologise", "Apologise, without excuses", "Pide perdón, sin excusas"),
        _step("promise", "Promise a solution, and say by when", "Promete una solución y di para cuándo"),
        _step("ask_data", "Ask for the information you need", "Pide los datos que necesitas"),
        _step("correct", "Correct it, and keep it from happening again", "Corrígelo y evita que se repita"),
        _step("satisfied", "Check that they are satisfied", "Comprueba que ha quedado satisfecha la persona"),
        _step("not_personal", "Do not take it personally", "No te lo tomes como algo personal"),
    ),
)
# Q3: the short one, for what is settled in one answer.
_SHORT = Protocol(
    SHORT,
    {"en": "Short (5 steps)", "es": "Breve (5 pasos)"},
    (
        _step("face", "Face it: answer, do not hide", "Da la cara: responde, no te escondas"),
        _LISTEN,
        _step("apologise", "Apologise", "Pide perdón"),
        _step("solve", "Solve it", "Soluciónalo"),
        _step("more", "Offer something more", "Ofrece algo más"),
    ),
)
PROTOCOLS: tuple[Protocol, ...] = (_COMPLETE, _SERVICE, _SHORT)

# What is asked for unless a brand asks for something else.
INFO: tuple[Step, ...] = (
    _step("order", "Order or invoice number", "Número de pedido o de factura"),
    _step("date", "Date it happened", "Fecha en que ocurrió"),
    _step("place", "Shop, branch or page", "Tienda, local o página"),
    _step("product", "Product or service", "Producto o servicio"),
    _step("photo", "Photo or screenshot", "Foto o captura"),
    _step("contact", "Phone or e-mail to reach them", "Teléfono o correo de contacto"),
    _step("wanted", "What they would like us to do", "Qué les gustaría que hiciéramos"),
)

# Q6: shown while writing.
NEVER: tuple[Step, ...] = (
    _step("argue", "Do not argue", "No discutas"),
    _step("rough", "Do not be rough or ironic", "No seas brusco ni irónico"),
    _step("evade", "Do not evade the question or blame others", "No te vayas por las ramas ni culpes a otros"),
    _step("promise", "Do not promise what cannot be kept", "No prometas lo que no se puede cumplir"),
    _step("indifferent", "Do not show indifference", "No muestres indiferencia"),
    _step(
        "interrogate", "Do not interrogate: ask for what you need, once", "No interrogues: pide lo necesario, una vez"
    ),
)

_CAUSES: tuple[Mapping[str, str], ...] = (
    {"en": "Late delivery", "es": "Retraso en la entrega"},
    {"en": "Damaged or faulty product", "es": "Producto dañado o defectuoso"},
    {"en": "Wrong or incomplete order", "es": "Pedido equivocado o incompleto"},
    {"en": "Bill or charge", "es": "Factura o cobro"},
    {"en": "Return or refund", "es": "Devolución o reembolso"},
    {"en": "How the person was treated", "es": "Trato recibido"},
    {"en": "Waiting time or no answer", "es": "Espera o falta de respuesta"},
    {"en": "Wrong or missing information", "es": "Información errónea o insuficiente"},
    {"en": "Price or conditions", "es": "Precio o condiciones"},
    {"en": "Website or app", "es": "Web o aplicación"},
    {"en": "Other", "es": "Otra"},
)


def usual_causes(language: str) -> list[str]:
    """Return the causes a brand chooses from before it has its own (Q10)."""
    return [text_of(each, language) for each in _CAUSES]


def usual_protocol(
    protocols: Sequence[Protocol], *, intent: str = "", sentiment: str = "", urgency: int = 0, earlier: int = 0
) -> str:
    """Return the key of the protocol a new case starts with; '' when the brand has none.

    What is urgent, or comes from somebody who had a case before, takes the complete one; what asks for help the one
    of a customer service; the rest the short one. A brand without that one takes its first.
    """
    if urgency >= 3 or earlier or (urgency >= 2 and sentiment == "negative"):
        wanted = COMPLETE
    elif intent in ("support", "status", "help") or sentiment == "negative":
        wanted = SERVICE
    else:
        wanted = SHORT
    keys = [each.key for each in protocols]
    return wanted if wanted in keys else next(iter(keys), "")


@dataclass(frozen=True, slots=True)
class Authority:
    """What may be given without asking the client (Q9): these kinds, up to a sum per case in cents of one currency."""

    kinds: tuple[str, ...] = COMPENSATIONS
    ceiling_cents: int = 0  # nothing that costs money, until the client says otherwise
    currency: str = "EUR"
    notes: str = ""  # what else was agreed, in the client's words

    def allows(self, kind: str, cost_cents: int, *, currency: str, given_cents: int = 0) -> bool:
        """Say whether this may be given alone, on top of what the case has cost already."""
        if kind not in self.kinds:
            return False
        if cost_cents == 0:
            return True
        return currency == self.currency and given_cents + cost_cents <= self.ceiling_cents


# Ends for which nothing had to be solved: only heard (Q4), not so this time (Q5), or lost.
WITHOUT_SOLUTION = frozenset({Outcome.HEARD, Outcome.NOT_VALID, Outcome.LOST})


def blockers(file: CaseFile, *, outcome: str = "") -> tuple[str, ...]:
    """Return why a case cannot be closed, as codes; () when it can. `outcome` is the one about to be given.

    `promise_open`: something promised is neither kept nor withdrawn (N6); `referral_open`: the client has not
    answered; `outcome_missing`; `not_solved`: attended is not solved, "we are sorry" is no end (Q17).
    """
    found: list[str] = []
    if file.open_promises:
        found.append("promise_open")
    if any(each.answered_at is None for each in file.referrals):
        found.append("referral_open")
    end = outcome or file.case.outcome
    if not end:
        found.append("outcome_missing")
    elif end not in WITHOUT_SOLUTION and file.case.solved_at is None:
        found.append("not_solved")
    return tuple(found)


def next_steps(file: CaseFile, *, now: datetime) -> tuple[str, ...]:
    """Return what there is to do, the most pressing first, as codes that `case_words.hint` puts into words."""
    case = file.case
    if case.state is CaseState.CLOSED:
        return ()
    hints: list[str] = []
    if any(each.due_at <= now for each in file.open_promises):
        hints.append("keep_promise")
    waiting = [each for each in file.referrals if each.answered_at is None]
    if any(_due(now, each.remind_at, each.due_at) for each in waiting):
        hints.append("remind_client")
    if case.state is CaseState.SOLVED:
        if case.public_close is PublicClose.WANTED:
            hints.append("close_in_public")
        if case.followed_up_at is None:
            if case.follow_up_at is None or case.follow_up_at <= now:
                hints.append("follow_up")
        elif not blockers(file, outcome=case.outcome or Outcome.SATISFIED):
            hints.append("close")
        return tuple(hints)
    if case.valid is None:
        hints.append("judge")
    elif not case.valid:
        return (*hints, "explain_calmly", "close_not_valid")
    if case.solvable is False:
        return (*hints, "listen_only", "close_heard")
    if any(not answer for answer in case.info.values()):
        hints.append("ask_information")
    if case.state is CaseState.CLIENT:
        hints.append("keep_person_told")
    elif not file.promises:
        hints.append("say_when")
    if case.state is CaseState.OPEN and case.valid:
        hints.append("solve")
    return tuple(hints)


def _due(now: datetime, *moments: datetime | None) -> bool:
    return any(each is not None and each <= now for each in moments)


# What a brand wrote itself, to and from plain JSON


def protocols_to_json(protocols: Iterable[Protocol]) -> list[dict[str, object]]:
    """Return protocols as plain data."""
    return [{"key": each.key, "names": dict(each.names), "steps": steps_to_json(each.steps)} for each in protocols]


def protocols_from_json(data: object) -> tuple[Protocol, ...]:
    """Return protocols from plain data; what cannot be read as one is left out."""
    found = []
    for each in data if isinstance(data, list) else ():
        if isinstance(each, Mapping) and each.get("key"):
            steps = steps_from_json(each.get("steps"))
            found.append(Protocol(str(each["key"]), _texts(each.get("names")) or {"en": str(each["key"])}, steps))
    return tuple(found)


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Return steps, or things to ask, as plain data."""
    return [{"key": each.key, "texts": dict(each.texts)} for each in steps]


def steps_from_json(data: object) -> tuple[Step, ...]:
    """Return steps from plain data; one without key or text is left out."""
    found = []
    for each in data if isinstance(data, list) else ():
        if isinstance(each, Mapping) and each.get("key") and (texts := _texts(each.get("texts"))):
            found.append(Step(str(each["key"]), texts))
    return tuple(found)


def authority_to_json(authority: Authority) -> dict[str, object]:
    """Return what may be decided alone as plain data."""
    return {
        "kinds": list(authority.kinds),
        "ceiling_cents": authority.ceiling_cents,
        "currency": authority.currency,
        "notes": authority.notes,
    }


def authority_from_json(data: object) -> Authority:
    """Return what may be decided alone from plain data; the careful default where it cannot be read."""
    if not isinstance(data, Mapping):
        return Authority()
    kinds, ceiling = data.get("kinds"), data.get("ceiling_cents")
    return Authority(
        kinds=tuple(each for each in COMPENSATIONS if each in kinds) if isinstance(kinds, list) else COMPENSATIONS,
        ceiling_cents=max(ceiling, 0) if isinstance(ceiling, int) else 0,
        currency=str(data.get("currency") or "EUR"),
        notes=str(data.get("notes") or ""),
    )


def _texts(data: object) -> dict[str, str]:
    if not isinstance(data, Mapping):
        return {}
    return {str(language): str(text).strip() for language, text in data.items() if str(text).strip()}
