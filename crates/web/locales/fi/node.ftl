# For those who run the node.
self-test-title = Toimiiko palvelu?
self-test-lead = Viisi asiaa, joista palvelun toiminta riippuu.
self-test-well = Palvelu on käytössä, eikä vikoja löytynyt.
self-test-faults =
    { $n ->
        [one] Yksi asia on korjattava. Alla lukee, mitä tehdä.
       *[other] { $n } asiaa on korjattava. Alla lukee, mitä tehdä.
    }
self-test-state-good = Kunnossa
self-test-state-bad = Korjattava
self-test-state-unknown = Ei vielä tiedossa
self-test-name-dns = Osoite
self-test-name-tls = Yhteys ulkoa ja salaus
self-test-name-clock = Kello
self-test-name-mail = Sähköposti
self-test-name-out = Yhteys muihin palvelimiin
self-test-said-dns-good = Palvelun nimi löytyy nimipalvelusta.
self-test-said-dns-bad = Palvelun nimeä ei löydy nimipalvelusta. Lisää verkkotunnukselle A- tai AAAA-tietue, joka osoittaa tähän palvelimeen. Muutos voi kestää tunteja.
self-test-said-dns-unknown = Nimeä ei voitu tarkistaa.
self-test-said-tls-good = Palvelu vastaa omassa osoitteessaan myös ulkoa kysyttäessä.
self-test-said-tls-bad = Palvelu ei vastaa omassa osoitteessaan. Tarkista, että välityspalvelin (Caddy tai nginx) on käynnissä, portti 443 on auki ja varmenne on voimassa. Jos kotiverkko tai palomuuri estää yhteyden itseensä, kokeile puhelimella.
self-test-said-tls-unknown = Yhteyttä ei voitu tarkistaa.
self-test-said-clock-good = Kello on samassa ajassa muiden palvelimien kanssa.
self-test-said-clock-bad = Kello on yli 30 sekuntia väärässä, ja muut palvelimet voivat hylätä viestit. Käynnistä aikapalvelu: timedatectl set-ntp true.
self-test-said-clock-unknown = Kelloon ei ole vielä vertailukohtaa: siihen tarvitaan vastaus kolmelta muulta palvelimelta viimeisen tunnin ajalta.
self-test-said-mail-good = Postipalvelin on asetettu, eikä yhtään viestiä ole jäänyt jumiin.
self-test-said-mail-bad = Viestit eivät lähde. Lisää postipalvelin asetuksiin (kohta mail) tai tarkista sen osoite ja salasana, ja käynnistä palvelu uudelleen.
self-test-said-mail-unknown = Viestit tallentuvat kansioon eikä niitä lähetetä: näin on vain kokeiluverkossa.
self-test-said-out-good = Jokin muu palvelin on vastannut viimeisen viikon aikana.
self-test-said-out-bad = Yksikään muu palvelin ei ole vastannut. Tarkista, että palomuuri päästää ulos porttiin 443 ja että palvelimen nimipalvelu toimii.
self-test-said-out-unknown = Muihin palvelimiin ei ole vielä oltu yhteydessä. Asia selviää, kun ensimmäinen seuraaja tulee.
record-title = Seloste käsittelytoimista
record-lead = Tietosuoja-asetuksen 30 artiklan mukainen seloste. Se syntyy ohjelman omista tiedoista ja vastaa aina ohjelmaa.
record-going = Mitä säännöt poistavat seuraavaksi
record-going-lead = Säännöt poistavat vanhentuneen itsestään muutaman tunnin välein. Luvut ovat kunkin säännön rivejä.
record-going-what = Mitä ja millä säännöllä
record-going-now = Nyt
record-going-soon = Vuorokauden kuluessa
record-going-nothing = Mitään ei ole poistumassa seuraavan vuorokauden aikana.
record-recipients = Vastaanottajat ja siirrot
record-transfers = Ohjelma ei siirrä tietoja EU:n ulkopuolelle omasta aloitteestaan. Seuraaja voi olla missä tahansa: julkaiseminen on ihmisen oma teko.
record-security = Suojatoimet
record-security-way-in = Salasanoja ei ole: sisään pääsee sähköpostiin tulevalla linkillä, joka toimii kerran ja 15 minuutin ajan. Siitä ja istunnosta säilytetään vain tiiviste.
record-security-views = Sivu, syöte, hakemisto ja viesti muodostetaan vain siitä, mihin suostumus sillä hetkellä on.
record-security-logs = Tekniseen lokiin ei kirjoiteta viestien sisältöä, tunnisteita, sähköpostiosoitteita eikä kävijöiden osoitteita.
record-security-operator = Ylläpitäjän on täydennettävä: palvelimen sijainti, varmuuskopiot ja niiden säilytysaika, ja ketkä pääsevät palvelimelle.
