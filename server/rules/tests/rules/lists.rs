//! The countries' lists, as public descriptions name them, held against what the packs hold: nothing may be left out of a pack and out of
//! its own list at once.

use crate::common::files;
use karton_rules::{Pack, coverage};

/// The 48 procedures of the Montenegrin centres, in the order in which they are described.
const ME_PROCEDURES: [&str; 48] = [
    "STM", "STP", "STPS", "STPR", "STNEP", "STIZV", "STRAZ", "STIMO", "PSH", "PSO", "PODH", "SJU", "SVAN",
    "SPRI", "PRES", "NUP", "ZMNP", "ZZD", "VRS", "SAV", "MED", "NRP", "STN", "LRP", "ODV", "MIS", "LOD",
    "SPV", "USV", "USVM", "POC", "IME", "BRM", "POSL", "PRH", "MLP", "VNA", "VMN", "VMZ", "MLK", "PUP",
    "TRG", "DBP", "DDJ", "BESK", "SZB", "UPZ", "POO",
];

/// The Montenegrin services by the short names of their description, and the pack's.
const ME_SERVICES: [(&str, &str); 18] = [
    ("CRS", "mup.person"),
    ("PREBIV", "mup.residence"),
    ("VOZILA", "mup.vehicles"),
    ("PIO-PENZ", "pension.payments"),
    ("PIO-M4", "pension.record"),
    ("FZO-STAT", "health.insurance"),
    ("FZO-DOZN", "health.leave"),
    ("ZZZ-STAT", "employment.status"),
    ("ZZZ-AKT", "employment.activation"),
    ("KAT-NEP", "cadastre.property"),
    ("KAT-PROM", "cadastre.disposals"),
    ("PU-OSIG", "tax.insurance"),
    ("PU-PRIH", "tax.income"),
    ("PU-DJEL", "tax.activity"),
    ("MP-UCEN", "education.enrolment"),
    ("MP-PRED", "education.preschool"),
    ("MPSV-GAZD", "agriculture.farm"),
    ("VET-GRLA", "veterinary.livestock"),
];

/// Case management in Romania.
const RO_PROCEDURES: [&str; 5] = ["CZ-COPIL", "CZ-DIZ", "CZ-VD", "CZ-VARST", "CZ-SARACIE"];

/// The Romanian systems that are asked, and the pack's service.
const RO_SERVICES: [(&str, &str); 13] = [
    ("RNEP", "dgep.person"),
    ("PATRIMVEN", "anaf.income"),
    ("REGES", "im.contracts"),
    ("ONRC", "onrc.roles"),
    ("CNPP", "cnpp.payments"),
    ("ANOFM", "anofm.status"),
    ("CNAS", "cnas.insured"),
    ("ANCPI", "ancpi.property"),
    ("DGPCI", "dgpci.vehicles"),
    ("SIIIR", "men.enrolment"),
    ("ANP", "anp.detention"),
    ("RECPH", "anpdpd.certificate"),
    ("IGI", "igi.protection"),
];

/// The Ukrainian registers that are asked, and the pack's service.
const UA_SERVICES: [(&str, &str); 15] = [
    ("ДРФО", "tax.income"),
    ("ДРАЦС", "justice.civil"),
    ("ЄДДР", "dms.person"),
    ("РЗО ДРС", "pension.insurance"),
    ("ДРРП", "justice.property"),
    ("ЄДР ТЗ", "mvs.vehicles"),
    ("Єдиний реєстр боржників", "justice.debtors"),
    ("ЄДЕБО", "education.enrolment"),
    ("ЄІБД ВПО", "social.idp"),
    ("ЦБІ", "social.disability"),
    ("ДСЗ", "employment.status"),
    ("ЄСОЗ", "health.birth"),
    ("Реєстр територіальних громад", "dms.residence"),
    ("Держприкордонслужба", "border.crossings"),
    ("Банки", "banks.deposits"),
];

fn pack(country: &str) -> Pack {
    Pack::load(&files(format!("../../fixtures/{country}"))).unwrap()
}

fn cases(pack: &Pack) -> Vec<&str> {
    let cases = pack.procedures.iter().filter_map(|it| it.case.as_ref());
    cases.map(|case| case.code.as_str()).collect()
}

#[test]
fn every_procedure_and_service_of_the_countries_lists_is_there() {
    let services = |pack: &Pack, list: &[(&str, &str)]| {
        let there = |(_, ours): &&(&str, &str)| {
            pack.service(ours).is_some() && pack.country.services.iter().any(|it| it == ours)
        };
        let missing: Vec<String> = (list.iter())
            .filter(|it| !there(it))
            .map(|(theirs, ours)| format!("{theirs} ({ours})"))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", pack.country.id);
    };
    let me = pack("me");
    assert_eq!(me.country.procedures, ME_PROCEDURES);
    services(&me, &ME_SERVICES);
    assert_eq!(me.country.services.len(), ME_SERVICES.len());
    let ro = pack("ro");
    services(&ro, &RO_SERVICES);
    for code in RO_PROCEDURES {
        assert!(ro.country.procedures.iter().any(|it| it == code), "{code}");
    }
    let ua = pack("ua");
    let of_law: Vec<String> = (801..=821).map(|number| format!("V{number}")).collect();
    assert_eq!(ua.country.procedures, of_law);
    services(&ua, &UA_SERVICES);
    for pack in [me, ro, ua] {
        let there = cases(&pack);
        for code in &pack.country.procedures {
            assert!(there.contains(&code.as_str()), "{}: {code}", pack.country.id);
        }
        let whole = coverage::whole(&pack);
        assert_eq!(whole.lacking, Vec::<String>::new());
        assert_eq!(whole.listed_procedures.there, pack.country.procedures.len());
        assert_eq!(whole.listed_services.there, pack.country.services.len());
    }
}

#[test]
fn a_procedure_that_is_taken_away_shows() {
    let mut without = files("../../fixtures/me");
    without.remove("procedures/post-penal.toml").unwrap();
    let whole = coverage::whole(&Pack::load(&without).unwrap());
    assert_eq!(whole.lacking, ["POO"]);
    assert_eq!(
        (whole.listed_procedures.there, whole.listed_procedures.of),
        (47, 48)
    );
}
