event-list = Tapahtumat
event-list-lead = Tapaamisia, koulutuksia, keikkoja ja esityksiä: mitä tuottajat järjestävät ja mistä heille on hyötyä.
event-list-empty = Tulevia tapahtumia ei ole juuri nyt. Uusia tulee pitkin kautta.
event-count =
    { $n ->
        [one] { $n } tapahtuma
       *[other] { $n } tapahtumaa
    }
event-next = Seuraavat tapahtumat
event-all = Kaikki tapahtumat
event-when = Aika
event-where = Paikka
event-online = Verkossa
event-online-link = Osallistu verkossa
event-organiser = Järjestäjä
event-capacity = Paikkoja
event-tags = Asiasanat
event-sign-up = Ilmoittaudu tai osta lippu
event-map = Näytä kartalla
event-zone = Ajat: { $zone }
event-facts = Tapahtuman tiedot
event-from-fediverse = Omalla palvelimellasi: liitä tämän sivun osoite hakukenttään, niin voit tallentaa tapahtuman tai kertoa siitä.
event-status-tentative = Alustava
event-status-postponed = Siirretty
event-status-rescheduled = Aika muuttunut
event-status-moved-online = Siirretty verkkoon
event-status-cancelled = Peruttu
event-notice-tentative = Tapahtumaa ei ole vielä vahvistettu. Tarkista tiedot ennen kuin lähdet.
event-notice-postponed = Tapahtumaa ei pidetä ilmoitettuna aikana. Uusi aika kerrotaan tällä sivulla.
event-notice-rescheduled = Tapahtuman aika on muuttunut. Alla on uusi aika.
event-notice-moved-online = Tapahtuma pidetään verkossa.
event-notice-cancelled = Tapahtumaa ei järjestetä.
event-category-music = Musiikki
event-category-festivals = Festivaalit
event-category-theatre = Teatteri
event-category-performing-visual-arts = Esittävä taide ja kuvataide
event-category-film-media = Elokuva ja media
event-category-comedy = Komiikka
event-category-learning = Koulutus
event-category-workshops-skill-sharing = Työpajat
event-category-networking = Verkostoituminen
event-category-family-education = Perheet ja lapset
event-category-arts = Taide ja kulttuuri
event-category-meeting = Tapaaminen
event-to-calendar = Lisää kalenteriin
event-views = Näytä tapahtumat
event-view-list = Luettelona
event-view-month = Kalenterina
event-view-map = Kartalla
event-months = Muut kuukaudet
event-month-previous = Edellinen kuukausi
event-month-next = Seuraava kuukausi
event-month-empty = Tästä kuukaudesta ei löytynyt tapahtumia.
event-month-coming = Seuraava kuukausi, jossa on tapahtumia
event-today = tänään
event-goes-on = jatkuu
event-until = – { $date }
event-by-region = Tapahtumat alueittain
event-map-scope = Kartalla näkyvät kaikkien niiden alueiden tapahtumat, jotka tämä palvelu tuntee.
event-regions-without = Ei tapahtumia: { $names }.
event-more =
    { $n ->
        [one] ja { $n } muu
       *[other] ja { $n } muuta
    }
