# Riječi ekrana na crnogorskom (latinica).

yes = da
no = ne
rows-none = nema
rows-count = { $n ->
    [one] { $n } red
    [few] { $n } reda
   *[other] { $n } redova
}

## Greške u poljima: šta nije u redu i šta se očekuje
error-required = obavezno polje
error-date = upišite datum, npr. 15.06.1990, 1506, t (danas), +3, -1m
error-no-such-day = tog dana nema u kalendaru
error-year = godina mora biti između 1850. i 2200.
error-future = datum ne može biti u budućnosti
error-number = upišite broj, npr. 152,88
error-number-key = ovdje idu cifre, zarez i + - * /
error-number-large = broj je prevelik
error-places = najviše { $places } decimala
error-zero = ne može se dijeliti nulom
error-range = broj od { $min } do { $max }
error-digits = potrebno je { $length } cifara
error-digits-only = ovdje idu samo cifre
error-check-digit = kontrolna cifra se ne slaže: provjerite broj
error-jmbg-date = prvih sedam cifara nije datum rođenja
error-full = najviše { $max } znakova
error-bool-key = pritisnite d (da) ili n (ne)
error-rows-key = F4 otvara tabelu, 0 znači da nema
error-choice = nema na listi: F4 otvara listu
error-choices = više stavki odgovara: F4 otvara listu
error-no-list = ovo polje nema listu
error-no-dup = ovaj odgovor se ne ponavlja
error-nothing-to-repeat = još nema odgovora za ponavljanje
error-nothing-to-undo = nema šta da se vrati
error-fixed = ovo polje se ovdje ne mijenja
