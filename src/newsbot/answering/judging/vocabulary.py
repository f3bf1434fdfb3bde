"""Closed word lists, folded, that choosing, refusing and following rest on."""

from __future__ import annotations

from newsbot.language import FUNCTION_WORDS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALL_FUNCTION: frozenset[str] = frozenset().union(*FUNCTION_WORDS.values())
"""Function words of every language that has a list."""

ASKING = _words(
    """vertel zeg weet noem leg geef graag aub svp alsjeblieft even ff effe eens precies eigenlijk hoi hallo hey he
        nou alweer gewoon trouwens ofzo iig zeg zegt zei zeggen gezegd vind vindt vond vinden denkt dacht denken tell
        say says said saying think thinks thought know name please exactly really actually hi hello let lets again
        erzahl sag sagt sagte denkt meint nenne bitte"""
)
"""Words of asking, and of saying and thinking, which an article that answers need not hold."""

GENERIC: dict[str, frozenset[str]] = {
    "nl": _words(
        """naam namen heet heten heette genoemd soort type manier plaats plek jaar jaren tijd datum dag maand
            persoon mensen mens ding dingen zaak zaken reden gevolg doel rol deel aantal bedrag
            percentage procent groot grote klein lang gebeurd gebeurde gebeurt gebeuren zegt zei
            zeggen gezegd noemt noemde noemen vindt vond denkt dacht komt kwam komen maakt maakte
            maken gemaakt gebruikt gebruiken staat stond staan ligt lag liggen wijze term bestaat
            artikel tekst nieuws verhaal vertelt vertelde vertellen gaf geven geeft krijgt kreeg
            krijgen nieuwe bekend beschrijft beschrijven beschreef omschrijft omschrijven omschreef mening
            visie ogen kijken kijkt keek verwacht verwachten verwachtte gelooft geloven legt uitleg
            citaat quote quotes haha echt eigelijk egt beetje uberhaupt plz nie gwn ong man gast jongens
            iemand heel erg keer gedoe hele zaken situatie precies huidige zelf eigen zit zitten gaat
            gingen loopt liep hoort gehoord weten wist"""
    ),
    "en": _words(
        """name names named called call kind type sort way place year years time date day month person people
            thing things reason purpose role part number amount percentage percent large big small
            long happened happen happens says said saying calls think thinks thought come came comes
            make makes made making use used uses using stand term article text news story tell tells
            told give gave given gives new known mean means take took takes according opinion view views
            eyes describe describes described believe believes believed feel feels felt consider considers
            considered regard regards refer refers expect expects expected explain explains explained
            mention mentions mentioned comment comments quote quotes lol haha pls plz bro man dude guys guy
            super anyway btw lmao omg wtf idk tbh stuff ways point moment times case deal stand situation
            even ever still currently now himself herself themselves itself own knows hear heard"""
    ),
    "de": _words(
        """name namen heisst heißt genannt art weise ort jahr jahre zeit datum tag monat person leute mensch
            menschen grund ziel rolle teil anzahl prozent groß gross passiert sagt sagte gesagt
            nennt macht machte steht artikel text"""
    ),
}
"""Content words that say little about what a question is after, per language."""

LITTLE = _words(
    """a an the to of be is in on at for with ones oneself someone something somebody or and by as that it from s de het
        een van te zich iets iemand zijn haar op aan voor met en door als dat om uit"""
)
"""Words that a phrase of the thesaurus is told without."""

PARTICLES = _words(
    """aan achter af bij binnen boven buiten door in mee mis na neer om onder op over samen tegen terug toe uit vast
        voor voort weer weg"""
)
"""What a separable verb begins with; it makes no compound."""

NUMBERS = _words(
    """twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien
        achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd
        honderden duizend duizenden miljoen miljoenen miljard miljarden helft kwart derde dubbel half
        tientallen one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
        ninety hundred hundreds thousand thousands million millions billion billions trillion dozen
        dozens quarter third thirds twice double single zwei drei funf sechs sieben zehn zwanzig hundert
        tausend millionen milliarden"""
)
"""Number words."""

MANY = _words("veel zoveel hoeveel evenveel talloze tel many countless plenty viele")
"""Words that tell at least that it is much."""

VAGUE = MANY | _words("enkele paar aantal meerdere several few lots mehrere einige")
"""Words that answer how many without a number."""

DATES = _words(
    """januari februari maart april mei juni juli augustus september oktober november december january february
        march may june july august october januar februar marz mai dezember maandag dinsdag woensdag donderdag
        vrijdag zaterdag zondag maandagavond gisteren vandaag morgen eergisteren monday tuesday wednesday thursday
        friday saturday sunday yesterday today tomorrow tonight montag dienstag mittwoch donnerstag freitag samstag
        sonntag gestern heute eeuw eeuwse century centuries jahrhundert week weekend vorige vorig ago geleden
        decennium decade decades 1950s 1960s 1970s 1980s 1990s"""
)
"""Words that belong to a date."""

REASONS = _words(
    """omdat want doordat daardoor hierdoor daarom vanwege wegens dankzij aangezien zodat opdat waardoor namelijk
        immers reden oorzaak gevolg leidde leiden leidt veroorzaakt veroorzaakte because since due thus therefore
        hence reason cause caused causes so result resulted led owing weil denn deshalb daher wegen grund damit"""
)
"""Words that introduce a reason or a consequence."""

PLACES = _words("in te uit naar bij nabij tussen langs at from to near between into along im nach aus bei op on of van")
"""Words after which a capital often begins a place."""

SAYING = _words(
    """zei zegt zeiden zeggen schreef schrijft schreven vertelde vertelt vertelden verklaarde verklaart meldde liet
        aldus volgens noemde noemt benadrukte stelde stelt voegde hintte merkte vond vindt reageerde legde verwierp
        said says say wrote writes told tells stated states claimed claims argued argues according called added noted
        remarked suggested explained believed thought responded sagte schrieb erklarte laut meinte"""
)
"""Words that tie a speaker to what was said."""

DEPENDENT = _words(
    """hij zij ze hem haar hun dit deze die dat daarmee daarom daardoor daarbij daarop hierdoor hiermee laatstgenoemde
        hier hierover hiervan hiervoor hierin daar daarover daarvan daarvoor daarin daaraan daaruit
        he she they it this these those his her their such er sie dieser diese dieses dies"""
)
"""Words by which a sentence soon leans on the one before it."""

CONNECTIVES = _words(
    """for however therefore instead later then thus but and also moreover furthermore additionally consequently
        similarly likewise nevertheless nonetheless meanwhile afterwards subsequently hence yet so otherwise still
        rather specifically besides indeed finally maar en ook bovendien daarnaast bijvoorbeeld echter daarna vervolgens
        dus toch verder later evenals zo tevens eveneens uiteindelijk hierna nadien desondanks niettemin intussen
        ondertussen anders juist namelijk aber und auch zudem jedoch danach dann also spater deshalb"""
)
"""First words that join a sentence to the one before it."""

ARTICLES = _words("the de het der die das")
"""Definite articles: what follows was often told of before."""
