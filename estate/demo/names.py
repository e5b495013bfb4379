"""The invented names of the demo estate."""

from typing import NamedTuple


class Company(NamedTuple):
    """A demo partner: its country, names, and the size of its part of the estate."""

    code: str
    name: str
    domain: str
    country: str
    region: str
    currency: str
    timezone: str
    vat_number: str
    prefix: str  # of its phone numbers; four more digits follow
    resellers: int
    end_users: int
    people: tuple[str, ...]


PARTNERS = (
    Company(
        "DEMO1",
        "Nordlicht Kommunikation",
        "nordlicht.example",
        "DE",
        "EU",
        "EUR",
        "Europe/Berlin",
        "DE811907335",
        "+49305550",
        4,
        16,
        ("Anke Brodersen", "Jannis Holt", "Meike Sander"),
    ),
    Company(
        "DEMO2",
        "Suono del Sud",
        "suonodelsud.example",
        "IT",
        "EU",
        "EUR",
        "Europe/Rome",
        "IT04418820756",
        "+390810550",
        4,
        16,
        ("Loredana Fiore", "Nicola Tersigni"),
    ),
    Company(
        "DEMO3",
        "Kestrel Voice",
        "kestrelvoice.example",
        "GB",
        "UK",
        "GBP",
        "Europe/London",
        "GB284516633",
        "+44207946",
        2,
        9,
        ("Imogen Hartley", "Callum Reid"),
    ),
    Company(
        "DEMO4",
        "Blue Mesa Telephony",
        "bluemesa.example",
        "US",
        "US",
        "USD",
        "America/New_York",
        "",
        "+1505555",
        2,
        9,
        ("Dana Whitlock", "Marcus Bell"),
    ),
    Company(
        "DEMO5",
        "Atelier des Réseaux",
        "atelierreseaux.example",
        "FR",
        "EU",
        "EUR",
        "Europe/Paris",
        "FR37552081",
        "+3319900",
        2,
        8,
        ("Solène Garnier", "Bastien Roux"),
    ),
    Company(
        "DEMO6",
        "Puerto Claro Voz",
        "puertoclaro.example",
        "ES",
        "EU",
        "EUR",
        "Europe/Madrid",
        "ESB8841207",
        "+3495555",
        2,
        8,
        ("Inés Carbonell", "Unai Echave"),
    ),
    Company(
        "DEMO7",
        "Alpenruf",
        "alpenruf.example",
        "CH",
        "EU",
        "EUR",
        "Europe/Zurich",
        "CHE114208776",
        "+4144555",
        2,
        7,
        ("Reto Amstad", "Flurina Caduff"),
    ),
    Company(
        "DEMO8",
        "Dzvinok Plus",
        "dzvinok.example",
        "UA",
        "OTHER",
        "USD",
        "Europe/Kyiv",
        "",
        "+3804455",
        2,
        7,
        ("Oksana Lysenko", "Taras Hnatiuk"),
    ),
)

RESELLERS = {
    "DE": ("Funkturm Technik", "Elbklang Telefonie", "Hafenkante IT", "Moorweg Systeme"),
    "IT": ("Vesuvio Reti", "Tamburo Servizi", "Costa Amica Telefoni", "Lucania Digitale"),
    "GB": ("Pennine Phones", "Saltmarsh IT"),
    "US": ("Juniper Ridge Networks", "Rio Alto Phones"),
    "FR": ("Canal Sept Télécom", "Bureau Mistral"),
    "ES": ("Faro Sur Redes", "Olivar Telefonía"),
    "CH": ("Rhonetal Netz", "Säntis Telefon"),
    "UA": ("Kashtan Merezha", "Step Telecom"),
}

TRADES = {
    "DE": ("Bäckerei {}", "{} Logistik", "Praxis {}", "{} Maschinenbau", "Hotel {}", "Kanzlei {}", "{} Gartenbau", "Spedition {}"),
    "IT": ("Panificio {}", "{} Trasporti", "Studio {}", "Officine {}", "Albergo {}", "Clinica {}", "{} Vivai", "Cantina {}"),
    "GB": ("{} Bakery", "{} Haulage", "{} Dental", "{} & Daughters", "The {} Hotel", "{} Law", "{} Nurseries", "{} School", "{} Boats"),
    "US": (
        "{} Bakery",
        "{} Freight",
        "{} Family Dental",
        "{} Machine Works",
        "{} Inn",
        "{} Law Group",
        "{} Nursery",
        "{} Academy",
        "{} Outfitters",
    ),
    "FR": ("Boulangerie {}", "Transports {}", "Cabinet {}", "Ateliers {}", "Hôtel {}", "Clinique {}", "Pépinières {}", "École {}"),
    "ES": ("Panadería {}", "Transportes {}", "Clínica {}", "Talleres {}", "Hotel {}", "Bufete {}", "Viveros {}", "Colegio {}"),
    "CH": ("Bäckerei {}", "{} Transport", "Praxis {}", "{} Uhren", "Hotel {}", "Kanzlei {}", "{} Holzbau"),
    "UA": ("{} Bakery", "{} Logistics", "{} Clinic", "{} Works", "{} Hotel", "{} Legal", "{} Seeds"),
}

FAMILIES = {
    "DE": ("Ohlsen", "Wiebking", "Tietjen", "Brüning", "Harms", "Lührs", "Dierks", "Möhring"),
    "IT": ("Scalzone", "Marrapese", "Ventriglia", "D’Aniello", "Coppolino", "Sanfelice", "Ruotolo", "Barretta"),
    "GB": ("Ashworth", "Thorne", "Lockwood", "Merrow", "Pemberley", "Quill", "Fenwick", "Harrow", "Tidewell"),
    "US": ("Calloway", "Mesa Verde", "Ortega", "Stovall", "Pinecrest", "Landry", "Whitefish", "Coronado", "Buckhorn"),
    "FR": ("Delaunay", "Morvan", "Thibault", "Lagarde", "Beausoleil", "Castaing", "Vasseur", "Pelletier"),
    "ES": ("Azorín", "Ibarra", "Montcada", "Peñalver", "Roldán", "Sotogrande", "Valcárcel", "Yuste"),
    "CH": ("Zgraggen", "Bühlmann", "Tschudi", "Imhof", "Rüegg", "Salis", "Walser"),
    "UA": ("Berehynia", "Chaika", "Dubrava", "Zoria", "Kalyna", "Lileia", "Promin"),
}

SITES = ("Office", "Warehouse", "Shop")
