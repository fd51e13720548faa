"""Topics a brand had better leave alone, in Spanish and English (K9); a brand switches one off, and adds its own.

Only words that leave little doubt: "vino" also means "came", "judías" are beans, "Podemos" is "we can".
"""

from __future__ import annotations

from functools import lru_cache

from cmdesk.planning.reviewing.texts import Hit, Phrases

POLITICS, RELIGION, TRAGEDY, ALCOHOL = "politics", "religion", "tragedy", "alcohol"
TOPICS = (POLITICS, RELIGION, TRAGEDY, ALCOHOL)

_WORDS: dict[str, tuple[str, ...]] = {
    POLITICS: (
        "elecciones generales", "elecciones autonómicas", "elecciones municipales", "elecciones europeas",
        "campaña electoral", "partido político", "voto en blanco", "ir a votar", "vota a", "PSOE", "Partido Popular",
        "Partido Socialista", "extrema derecha", "extrema izquierda", "ultraderecha", "ultraizquierda", "fascista*",
        "comunista*", "presidente del gobierno", "presidenta del gobierno", "moción de censura", "referéndum",
        "independentis*", "separatis*", "amnistía", "golpe de estado", "política migratoria", "inmigrante*",
        "inmigración ilegal", "derecho al aborto", "ley del aborto", "corrupción política", "político corrupto",
        "general election", "presidential election", "midterm elections", "election campaign", "political party",
        "vote for", "vote against", "republicans", "democrats", "right-wing", "left-wing", "far right", "far left",
        "fascist*", "communist*", "prime minister", "brexit", "referendum", "illegal immigra*", "immigrants",
        "gun control", "pro-life", "pro-choice", "abortion*", "Trump", "Putin", "Netanyahu",
    ),
    RELIGION: (
        "Jesucristo", "Jesús de Nazaret", "Mahoma", "islam", "islámic*", "musulman*", "judaísmo", "católico",
        "evangélico", "protestante", "ateo", "ateísmo", "iglesia católica", "Corán", "sagrada Biblia", "obispo",
        "Santa Sede", "testigo de Jehová", "gracias a Dios", "Dios te bendiga", "Dios os bendiga",
        "Jesus Christ", "Allah", "Muhammad", "muslim*", "islamic", "jewish", "judaism", "catholic*", "protestants",
        "atheis*", "quran", "koran", "holy bible", "god bless", "praise the lord", "thank the lord",
    ),
    TRAGEDY: (
        "atentado", "terrorista*", "terrorismo", "terremoto", "tsunami", "fallecido", "fallecida", "víctima mortal",
        "víctimas mortales", "masacre", "genocidio", "matanza", "suicid*", "tiroteo", "catástrofe", "accidente mortal",
        "minuto de silencio", "luto oficial", "días de luto", "bombardeo", "guerra civil", "guerra de ucrania",
        "guerra en ucrania", "guerra en gaza", "Gaza", "pandemia",
        "terror attack", "terrorist*", "terrorism", "earthquake", "massacre", "genocide", "suicide*", "mass shooting",
        "death toll", "deadly", "minute of silence", "bombing", "war in ukraine", "war in gaza", "plane crash",
        "pandemic",
    ),
    ALCOHOL: (
        "cerveza", "vino tinto", "vino blanco", "vino rosado", "copa de vino", "copas de vino", "botella de vino",
        "vodka", "whisky", "ginebra premium", "gin-tonic", "gin tonic", "gintonic", "tequila", "mezcal", "cubata",
        "chupito", "borracho", "borrachera", "emborrach*", "barra libre", "resaca", "vermut", "cava brut",
        "beer", "red wine", "white wine", "glass of wine", "bottle of wine", "whiskey", "bourbon", "drunk", "booze",
        "hangover", "open bar", "cocktail", "prosecco", "champagne",
    ),
}  # fmt: skip


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Phrases]:
    return {topic: Phrases(found) for topic, found in _WORDS.items()}


@lru_cache(maxsize=256)
def find(text: str) -> tuple[tuple[str, Hit], ...]:
    """Return (topic, hit) for each of the usual topics that a text touches."""
    return tuple((topic, hit) for topic, wanted in _phrases().items() for hit in wanted.find(text))
