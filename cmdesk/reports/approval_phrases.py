"""What an approval sheet says around the posts, in the client's language: six of them, whatever the program speaks."""

from __future__ import annotations

LANGUAGES = ("en", "es", "ca", "fr", "pt", "it")

_TEXTS: dict[str, tuple[str, str, str, str, str, str]] = {
    # en, es, ca, fr, pt, it
    "heading": (
        "Planned posts, sheet no. {number}", "Publicaciones previstas, hoja n.º {number}",
        "Publicacions previstes, full núm. {number}", "Publications prévues, fiche n° {number}",
        "Publicações previstas, folha n.º {number}", "Pubblicazioni previste, scheda n. {number}",
    ),
    "heading_new": (
        "Planned posts", "Publicaciones previstas", "Publicacions previstes", "Publications prévues",
        "Publicações previstas", "Pubblicazioni previste",
    ),
    "until": (
        "Please answer by {date}.", "Por favor, responde antes del {date}.", "Si us plau, respon abans del {date}.",
        "Merci de répondre avant le {date}.", "Por favor, responda até {date}.", "Per favore, rispondi entro {date}.",
    ),
    "nothing_goes": (
        "Nothing on this sheet is published without your yes.", "Nada de esta hoja se publica sin tu sí.",
        "Res d'aquest full no es publica sense el teu sí.", "Rien de cette fiche n'est publié sans votre oui.",
        "Nada desta folha é publicado sem o seu sim.", "Niente di questa scheda viene pubblicato senza il tuo sì.",
    ),
    "how_title": (
        "How to answer", "Cómo responder", "Com respondre", "Comment répondre", "Como responder", "Come rispondere",
    ),
    "how": (
        "Reply to the mail with this list. Behind each number write {yes}, or {change} and what.",
        "Responde al correo con esta lista. Detrás de cada número escribe {yes}, o {change} y qué.",
        "Respon el correu amb aquesta llista. Darrere de cada número escriu {yes}, o {change} i què.",
        "Répondez au courriel avec cette liste. Après chaque numéro, écrivez {yes}, ou {change} et quoi.",
        "Responda ao e-mail com esta lista. Depois de cada número escreva {yes}, ou {change} e o quê.",
        "Rispondi alla mail con questo elenco. Dopo ogni numero scrivi {yes}, oppure {change} e cosa.",
    ),
    "or_links": (
        "Or use the links under each post: they open a mail with the answer in it.",
        "O usa los enlaces de cada publicación: abren un correo con la respuesta escrita.",
        "O fes servir els enllaços de cada publicació: obren un correu amb la resposta escrita.",
        "Ou utilisez les liens sous chaque publication : ils ouvrent un courriel avec la réponse.",
        "Ou use os links de cada publicação: abrem um e-mail com a resposta escrita.",
        "Oppure usa i link sotto ogni post: aprono una mail con la risposta già scritta.",
    ),
    "yes": ("yes", "sí", "sí", "oui", "sim", "sì"),
    "change": ("change:", "cambiar:", "canviar:", "changer :", "mudar:", "cambiare:"),
    "approve_box": ("I approve", "Apruebo", "Aprovo", "J'approuve", "Aprovo", "Approvo"),
    "change_box": ("Change:", "Cambiar:", "Canviar:", "Changer :", "Mudar:", "Cambiare:"),
    "approve_link": (
        "Approve no. {number}", "Aprobar la n.º {number}", "Aprovar la núm. {number}", "Approuver la n° {number}",
        "Aprovar a n.º {number}", "Approva il n. {number}",
    ),
    "change_link": (
        "Change no. {number}", "Cambiar la n.º {number}", "Canviar la núm. {number}", "Modifier la n° {number}",
        "Mudar a n.º {number}", "Cambia il n. {number}",
    ),
    "approve_all": (
        "Approve all", "Aprobar todas", "Aprovar-les totes", "Tout approuver", "Aprovar todas", "Approva tutto",
    ),
    "answer_list": (
        "Answer with a list", "Responder con una lista", "Respondre amb una llista", "Répondre avec une liste",
        "Responder com uma lista", "Rispondi con un elenco",
    ),
    "no_hour": ("No hour yet", "Sin hora todavía", "Encara sense hora", "Pas encore d'heure", "Ainda sem hora",
                "Ancora senza orario"),
    "here": ("{time} in {zone}", "{time} en {zone}", "{time} a {zone}", "{time} à {zone}", "{time} em {zone}",
             "{time} a {zone}"),
    "part": (
        "{number} of {count}", "{number} de {count}", "{number} de {count}", "{number} sur {count}",
        "{number} de {count}", "{number} di {count}",
    ),
    "comment": (
        "First comment", "Primer comentario", "Primer comentari", "Premier commentaire", "Primeiro comentário",
        "Primo commento",
    ),
    "poll": ("Poll", "Encuesta", "Enquesta", "Sondage", "Sondagem", "Sondaggio"),
    "poll_open": (
        "Open for {time}", "Abierta {time}", "Oberta {time}", "Ouvert pendant {time}", "Aberta {time}", "Aperto {time}",
    ),
    "poll_multiple": (
        "several answers possible", "varias respuestas posibles", "diverses respostes possibles",
        "plusieurs réponses possibles", "várias respostas possíveis", "più risposte possibili",
    ),
    "picture": ("Picture", "Imagen", "Imatge", "Image", "Imagem", "Immagine"),
    "video": ("Video", "Vídeo", "Vídeo", "Vidéo", "Vídeo", "Video"),
    "no_alt": (
        "no description", "sin descripción", "sense descripció", "sans description", "sem descrição",
        "senza descrizione",
    ),
    "gone": (
        "the file is missing", "falta el archivo", "falta el fitxer", "le fichier manque", "falta o ficheiro",
        "manca il file",
    ),
    "campaign": ("Campaign", "Campaña", "Campanya", "Campagne", "Campanha", "Campagna"),
    "spoiler": (
        "Content warning", "Aviso de contenido", "Avís de contingut", "Avertissement", "Aviso de conteúdo",
        "Avviso sul contenuto",
    ),
    "card": (
        "Link preview", "Vista previa del enlace", "Vista prèvia de l'enllaç", "Aperçu du lien",
        "Pré-visualização do link", "Anteprima del link",
    ),
    "changed": (
        "Changed since you last saw it", "Cambiado desde la última vez", "Canviat des de l'última vegada",
        "Modifié depuis la dernière fois", "Alterado desde a última vez", "Modificato dall'ultima volta",
    ),
    "you_asked": ("You asked: {text}", "Pediste: {text}", "Vas demanar: {text}", "Vous aviez demandé : {text}",
                  "Pediu: {text}", "Avevi chiesto: {text}"),
    "media_changed": (
        "other pictures", "otras imágenes", "altres imatges", "autres images", "outras imagens", "altre immagini",
    ),
    "crops_changed": (
        "another cut-out", "otro recorte", "un altre retall", "autre cadrage", "outro corte", "un altro ritaglio",
    ),
    "poll_changed": ("the poll", "la encuesta", "l'enquesta", "le sondage", "a sondagem", "il sondaggio"),
    "comment_changed": ("the first comment", "el primer comentario", "el primer comentari", "le premier commentaire",
                        "o primeiro comentário", "il primo commento"),
    "card_changed": ("the link preview", "la vista previa", "la vista prèvia", "l'aperçu", "a pré-visualização",
                     "l'anteprima"),
    "other_changed": ("settings", "ajustes", "ajustos", "réglages", "definições", "impostazioni"),
    "footer": (
        "Made on {date}. Times are those of {zone}.", "Hecha el {date}. Las horas son las de {zone}.",
        "Fet el {date}. Les hores són les de {zone}.", "Faite le {date}. Les heures sont celles de {zone}.",
        "Feita em {date}. As horas são as de {zone}.", "Fatta il {date}. Gli orari sono quelli di {zone}.",
    ),
    "subject": (
        "{brand}: posts to approve (sheet no. {number})", "{brand}: publicaciones para aprobar (hoja n.º {number})",
        "{brand}: publicacions per aprovar (full núm. {number})",
        "{brand} : publications à approuver (fiche n° {number})",
        "{brand}: publicações para aprovar (folha n.º {number})", "{brand}: post da approvare (scheda n. {number})",
    ),
    "reply_subject": (
        "{brand}: answer to sheet no. {number}", "{brand}: respuesta a la hoja n.º {number}",
        "{brand}: resposta al full núm. {number}", "{brand} : réponse à la fiche n° {number}",
        "{brand}: resposta à folha n.º {number}", "{brand}: risposta alla scheda n. {number}",
    ),
}  # fmt: skip


def spoken(language: str, *, otherwise: str = "en") -> str:
    """Return the language a sheet is written in for a client who speaks `language`."""
    base = language.replace("_", "-").partition("-")[0].lower()
    if base in LANGUAGES:
        return base
    return "es" if base in ("gl", "eu", "ast", "an") else otherwise


def phrase(language: str, key: str, **values: object) -> str:
    """Return a text of the sheet; values are put in as they are."""
    text = _TEXTS[key][LANGUAGES.index(spoken(language))]
    return text.format(**values) if values else text
