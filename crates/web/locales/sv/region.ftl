# The front pages, and the regions that a node follows.
region-eyebrow = Kulturproducenternas knutpunkt
region-lead = Här hittar du regionens kulturproducenter, kommande evenemang och uppdrag som söker någon. När du följer regionen kommer det nyaste direkt i ditt eget flöde.
region-national-eyebrow = Producentcentralernas nätverk
region-national-lead = Alla regioners evenemang, öppna uppdrag och producenter på ett ställe. Varje region publicerar själv; den här sidan samlar.
region-see-events = Se evenemangen
region-see-tasks = Öppna uppdrag
region-find-producer = Hitta en producent
region-followers =
    { $n ->
        [one] { $n } följare
       *[other] { $n } följare
    }
region-list = Regioner
region-list-lead = Regioner som den här servern följer, och hur förbindelsen till dem fungerar.
region-list-empty = Den här servern följer ännu ingen region.
region-map = Finlands landskap. Med: { $names }.
region-map-here = med i nätverket
region-map-silent = svarar inte just nu
region-map-missing = inte med ännu
region-numbers = Regionerna i siffror
region-column = Region
region-column-count = Antal
region-all = Alla regioner
region-state-well = Förbindelsen fungerar
region-state-failing = Svarar inte
region-state-blocked = Blockerad
region-state-pending = Väntar på godkännande
region-state-rejected = Avslog följförfrågan
region-heard = Senaste kontakt { $age }
region-heard-never = Ingen kontakt ännu
region-silent-note = Regionens server svarar inte just nu. Det som hämtats tidigare visas fortfarande.
region-silent-banner =
    { $n ->
        [one] En region svarar inte just nu. Dess innehåll visas som det senast hämtades.
       *[other] { $n } regioner svarar inte just nu. Deras innehåll visas som det senast hämtades.
    }
region-reading = Tidigare innehåll hämtas just nu.
region-relay = Serverns eget konto
region-relay-lead = Det här kontot förmedlar evenemang till andra servrar. Människor bör följa regionens konto.
region-map-of = Finlands landskap, med { $name } framhävt.
