"""The words of a client's answer in six languages, as patterns over plain letters (`approval_answer`)."""

from __future__ import annotations

import re

# Words, without accents and in small letters

YES = (
    r"(?:si|yes|yep|yeah|oui|sim|ok(?:ay|ey)?|oks?|vale|va bene|va be|d'acord|d'accordo|d'accord|de acuerdo"
    r"|de acordo"
    r"|(?:lo |la |las |los |ho |l'|j'|je l'|je )?(?:apruebo|aprobad[oa]s?|aprobamos|aprobar|aprovo|aprovad[oa]s?"
    r"|aprovat(?:s|da)?"
    r"|aprovem|aprovamos|aprovar|approuvee?s?|approuve|approuvons|approuver|approved?|approve|approvo"
    r"|approvat[oaie]"
    r"|approviamo|approvare|validad[oa]s?|valide[es]?|validee?s?|valido|validat|confirmo|confirmad[oa]s?|confirmed)"
    r"|adelante|endavant|avanti|go ahead|looks? good(?: to me)?|lgtm|all good|sounds good|agreed?|conformes?"
    r"|correct[oa]s?"
    r"|correctes?|perfect[oae]?s?|perfeit[oa]s?|perfett[oaie]|perfecte(?:s)?|parfaite?s?|genial(?:es)?|great"
    r"|me parece(?:n)? (?:bien|perfecto|correcto)|esta(?:n)? (?:muy )?bien|esta(?:n)? (?:todo )?ok|(?:muy |molt "
    r"|muito |tres |molto )?(?:bien|be|bem|bene|good|bon|bo)"
    r"|fine|c'est (?:bon|ok|parfait)|visto bueno|v\.?[ºo]\.? ?b\.?[ºo]\.?|sin cambios|no changes?|sense canvis"
    r"|sans changements?"
    r"|sem alteracoes|senza modifiche|publicalas?|publicalos?|publicar|publish(?: it)?|procedi|procedere"
    r"|tudo (?:bem|certo|ok)|tot (?:be|correcte|ok)|todo (?:bien|correcto|ok|perfecto)|tutto (?:bene|ok|perfetto)"
    r"|tout (?:est )?(?:bon|ok)"
    r"|👍|✅|✔|☑|🆗|👌)"
)
NO = (
    r"(?:no (?:me (?:gusta|convence|parece)|lo apruebo|la apruebo|apruebo|apruebes|aprobad[oa]s?|esta bien|ok"
    r"|vale|publicar|publiques|publish|aprovo"
    r"|m'agrada|va bene|va be|approvo|approvat[oa]|gosto|aprovad[oa]|approved?)"
    r"|not (?:ok|okay|approved|good|yet)|(?:do not|don't) (?:publish|like|approve)|pas (?:d'accord|ok|bon"
    r"|approuve)|nao (?:aprovo|gosto|aprovad[oa])"
    r"|non (?:approvo|mi piace|va bene|approvat[oa])|(?:lo |la |las |los )?(?:rechazo|rechazad[oa]s?|rechazar"
    r"|rebutjo|rejected?|reject|refuse[er]?|rejeitad[oa]|rifiuto)"
    r"|(?:hay que |a |to |por |il faut |da )?(?:cambia(?:r(?:lo|la)?|d|mos)?|cambiare|cambios?|canvia(?:r|t)?"
    r"|canvis?|changes?|changed?|changer|changements?|modifica(?:r(?:lo|la)?|re|d)?"
    r"|modifie[rz]?|modify|muda(?:r|nca)?|altera(?:r|cao)?|corregir(?:lo|la)?|corrige|correct(?:ion)?:|corriger"
    r"|corrigir|correggere|fix|edit)"
    r"|no|nope|non|nao|❌|👎|✖|✘)"
)
ALL = (
    r"(?:todo|todos|toda|todas|all|everything|tot|tots|tota|totes|tout|tous|toute|toutes|tudo|tutto|tutti|tutte"
    r"|ambas|ambos|both)"
)
EXCEPT = (
    r"(?:menos|excepto|salvo|except(?:e|o)?(?: for)?|exceptuando|apart from|but not|sauf|hormis|exceto|menys"
    r"|tret de|llevat de|tranne|eccetto|meno)"
)
BUT = (
    r"(?:pero|but|however|only if|mais|ma|mas|pero|porem|tot i que|aunque|though|si es que|excepto que"
    r"|siempre que|as long as|a condicion de)"
)
FILLER = (
    r"(?:a|al|an|and|y|e|i|et|o|the|lo|los|la|las|el|els|les|il|le|i|gli|os|as|por|per|para|pour|to|me|nos|mi"
    r"|parece|parecen|esta|estan|es|son|is|are|est|sont|va|vanno|looks?"
    r"|muy|molt|very|tres|molto|muito|so|asi|as|it|que|queda|quedan|quedo|post|posts|publicacion(?:es)?"
    r"|publicacio(?:ns)?|numeros?|nº|de mi parte|por mi(?: parte)?|for me|pour moi|da parte mia)"
)
POLITE = (
    r"(?:muchas gracias|mil gracias|gracias(?: por todo)?|moltes gracies|gracies|merces|thank you(?: very much)?"
    r"|thanks(?: a lot)?|many thanks|thx|merci(?: beaucoup)?|obrigad[oa]|grazie(?: mille)?"
    r"|por favor|please|si us plau|s'il (?:te|vous) plait|por fi|saludos|un saludo|un abrazo|abrazos|besos"
    r"|salutacions|best(?: regards)?|kind regards|regards|cheers|cordialement|bonne journee|atentamente"
    r"|cordialmente|abracos?|cumprimentos|saluti|cordiali saluti|a presto"
    r"|genial|perfecto|perfecte|perfect|parfait|perfeito|perfetto|buen trabajo|bon treball|good work|great work"
    r"|bon travail|bom trabalho|buon lavoro|me encanta(?:n)?|love it|j'adore|adorei|m'encanta|bravo|great|nice"
    r"|tal cual|as is|tal qual|tel quel)"
)
GREETING = (
    r"(?:hola|holi|buenas|buenos dias|buenas tardes|buenas noches|bon dia|bona tarda|hi|hello|hey|dear"
    r"|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|ola|bom dia|boa tarde|ciao|buongiorno|buonasera"
    r"|salve|estimad[oa]s?|querid[oa]s?|cher|chere)"
)
SIGNED = (
    r"(?:sent from|enviado desde|enviat des|envoye de|enviado do|enviado a partir|inviato da|get outlook"
    r"|obtener outlook)"
)

QUOTE_HEAD = re.compile(
    r"^(?:-{2,} ?(?:original message|mensaje original|missatge original|message d'origine|mensagem original"
    r"|messaggio originale|forwarded)"
    r"|_{10,}$"
    r"|(?:el|on|le|em|il|il giorno|a data|no dia)\b.{4,160}\b(?:escribio|wrote|a ecrit|escreveu|ha scritto"
    r"|va escriure|ha escrit) ?:?$"
    r"|(?:de|from|da|von) ?: .+)"
)
ONE = (
    r"(?:(?:num(?:ero)?s?|n[º°.]{1,2}|no\.|#|post|publicacion|publicacio|la|el|las|los|le|les|il|the|a la|al"
    r"|els)\s*){0,3}\d{1,3}(?!\d|%|€|[.,:]\d)"
)
LIST = (
    rf"{ONE}(?:\s*(?:,|;|/|&|\+|-|–|—|\by\b|\be\b|\bi\b|\bet\b|\band\b|\ba\b|\bal\b|\bto\b|\ba la\b|\bhasta\b"
    rf"|\bfins\b|\bate\b|\bfino a\b)\s*{ONE})*"
)
FIRST = re.compile(ONE)
RANGE = re.compile(
    r"(\d{1,3})\s*(?:-|–|—|\ba\b|\bal\b|\bto\b|\ba la\b|\bhasta\b|\bfins\b|\bate\b|\bfino a\b)\s*(?:la |el |the "
    r"|n[ºo]? ?)?(\d{1,3})"
)
END = r"(?![\w'])"
