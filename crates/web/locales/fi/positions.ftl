# Positions that change hands, and the second step of signing in.
my-positions = Roolini
my-positions-lead = Mitä rooleja sinulla on, ja miten luovutat ne toiselle.
desk-positions-lead = Kuka hoitaa mitäkin. Rooli vaihtaa haltijaa, kun molemmat vahvistavat sen.
offers = Tarjoukset
offer-from = tarjoaa { $name }
offer-to = tarjottu: { $name }
offer-take = Ota vastaan
offer-decline = En ota
offer-withdraw = Peru tarjous
holders = Roolien haltijat
held-since = { $date } alkaen
dismiss = Ota rooli pois
hand-over = Luovuta rooli toiselle
hand-over-hint = Rooli siirtyy, kun toinen kirjautuu ja ottaa sen vastaan. Silloin se ei ole enää sinun ja sinut kirjataan ulos. Tarjous on voimassa kaksi viikkoa.
offer-position = Tarjoa roolia
offer-position-hint = Toinen saa roolin, kun kirjautuu ja ottaa sen vastaan. Oman roolisi luovutat sivulla Roolini.
offer-what = Rooli
offer-mail = Vastaanottajan sähköpostiosoite
offer-name = Vastaanottajan nimi, jos hän on täällä uusi
offer-submit = Tarjoa
second-title = Vielä yksi vaihe
second-lead = Kirjoita koodi, jonka todennussovelluksesi näyttää.
second-code = Koodi
second-submit = Jatka
second-lost = Jos laite ei ole mukana, käytä yhtä varakoodeistasi. Jos nekin ovat kadonneet, palvelimen ylläpitäjä voi poistaa vaiheen.
second-fault = Koodi ei kelpaa. Odota seuraavaa koodia ja kirjoita se. Sama koodi toimii vain kerran.
second-too-often = Liian monta väärää koodia. Odota vartti ja yritä sitten uudelleen.
second-set-up = Kirjautumisen toinen vaihe
second-set-up-lead = Sähköpostilinkin lisäksi kysytään koodia laitteeltasi. Silloin sähköpostisi lukija ei pääse sisään nimelläsi.
second-until = Alueen asioita hoitavilla pitää olla toinen vaihe. Ota se käyttöön viimeistään { $time }.
second-overdue = Alueen asioita hoitavilla pitää olla toinen vaihe. Työpöytä aukeaa, kun otat sen käyttöön.
second-to-me = Omat tietoni
second-in-use = Käytössä
second-left =
    { $n ->
        [one] { $n } varakoodi jäljellä.
       *[other] { $n } varakoodia jäljellä.
    }
second-remove = Poista toinen vaihe
second-remove-hint = Esimerkiksi kun vaihdat laitetta tai varakoodit loppuvat: poista ensin ja ota sitten uudelleen käyttöön.
second-begin = Ota käyttöön
second-step-app = Asenna puhelimeesi todennussovellus, jos sinulla ei ole sellaista.
second-step-scan = Lue tämä kuva sovelluksella.
second-picture = QR-koodi todennussovellukselle
second-step-type = Tai kirjoita sovellukseen tämä avain:
second-step-code = Kirjoita koodi, jonka sovellus näyttää.
second-confirm = Ota käyttöön
second-codes = Varakoodit
second-codes-hint = Kirjoita nämä talteen. Kukin päästää sisään kerran, jos laite katoaa. Niitä ei näytetä uudelleen.
second-codes-kept = Olen ottanut koodit talteen
failure-second = Kirjautuminen on kesken
failure-second-advice = Kirjoita ensin koodi todennussovelluksestasi.
failure-second-missing = Toinen vaihe puuttuu
failure-second-missing-advice = Ota ensin käyttöön kirjautumisen toinen vaihe.
message-position-held = Rooli on hänellä jo.
message-position-not-held = Rooli ei ole sinun.
message-coordinator-only = Vain koordinaattori voi tehdä tämän.
