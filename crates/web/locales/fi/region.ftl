# The front pages, and the regions that a node follows.
region-eyebrow = Kulttuurituottajien solmukohta
region-lead = Täältä löydät alueen kulttuurituottajat, tulevat tapahtumat ja tehtävät, joihin etsitään tekijää. Kun seuraat aluetta, uusimmat tulevat suoraan omaan syötteeseesi.
region-national-eyebrow = Tuottajakeskusten verkosto
region-national-lead = Kaikkien alueiden tapahtumat, avoimet tehtävät ja tekijät yhdessä paikassa. Jokainen alue julkaisee itse; tämä sivu kokoaa.
region-see-events = Katso tapahtumat
region-see-tasks = Avoimet tehtävät
region-find-producer = Löydä tuottaja
region-followers =
    { $n ->
        [one] { $n } seuraaja
       *[other] { $n } seuraajaa
    }
region-list = Alueet
region-list-lead = Alueet, joita tämä palvelin seuraa, ja miten yhteys niihin toimii.
region-list-empty = Tämä palvelin ei vielä seuraa yhtään aluetta.
region-map = Suomen maakunnat. Mukana: { $names }.
region-map-here = mukana verkostossa
region-map-silent = ei vastaa juuri nyt
region-map-missing = ei vielä mukana
region-numbers = Alueet numeroina
region-column = Alue
region-column-count = Määrä
region-all = Kaikki alueet
region-state-well = Yhteys toimii
region-state-failing = Ei vastaa
region-state-blocked = Estetty
region-state-pending = Odottaa hyväksyntää
region-state-rejected = Ei hyväksynyt seuraamista
region-heard = Viimeksi yhteydessä { $age }
region-heard-never = Yhteyttä ei ole vielä saatu
region-silent-note = Alueen palvelin ei vastaa juuri nyt. Aiemmin haettu sisältö näkyy edelleen.
region-silent-banner =
    { $n ->
        [one] Yksi alue ei vastaa juuri nyt. Sen sisältö näkyy sellaisena kuin se viimeksi haettiin.
       *[other] { $n } aluetta ei vastaa juuri nyt. Niiden sisältö näkyy sellaisena kuin se viimeksi haettiin.
    }
region-reading = Aiempaa sisältöä haetaan parhaillaan.
region-relay = Palvelimen oma tili
region-relay-lead = Tämä tili välittää tapahtumat muille palvelimille. Ihmisten kannattaa seurata alueen tiliä.
region-map-of = Suomen maakunnat, joista { $name } on korostettu.
