"""The words by which a phone says whether it wants messages. Pure."""

import unicodedata
from collections.abc import Mapping

STOP, START, HELP = "stop", "start", "help"

# Those that carriers ask for, and the plain word in the languages around. The whole text must be
# one of them: "stop by at five" is no wish to be left alone.
_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout"),
            *("opt out", "revoke", "arret", "desabonner", "stopp", "abmelden", "abbestellen"),
            *("baja", "alto", "parar", "cancelar", "sair", "annulla", "basta", "afmelden", "стоп"),
        ),
        STOP,
    ),
    **dict.fromkeys(("start", "unstop", "yes", "subscribe", "demarrer", "anmelden", "alta"), START),
    **dict.fromkeys(("help", "info", "aide", "hilfe", "ayuda", "ajuda", "aiuto", "помощь"), HELP),
}
_MAX_CHARACTERS = 60


def word_of(text: str, opt_out_type: str = "") -> str:
    """STOP, START, HELP, or "" for any other text. `opt_out_type` is what Twilio itself read."""
    known = opt_out_type.casefold()
    if known in (STOP, START, HELP):
        return known
    if len(text) > _MAX_CHARACTERS:
        return ""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        character if character.isalpha() else " "
        for character in decomposed
        if not unicodedata.combining(character)
    )
    return _WORDS.get(" ".join(letters.split()), "")
