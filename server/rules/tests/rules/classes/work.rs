//! Procedures, letters, and files that nothing reads.

use super::row;
use crate::real_packs::{NEW, Row};

pub(super) const ROWS: &[Row] = &[
    // Procedures.
    row(
        ("procedures/", "zz-a.toml"),
        NEW,
        procedure!(
            "zz-a",
            "[[step]]\nid = \"a\"\nkind = ^\"think\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["`think` is none of form, evidence"],
    ),
    row(
        ("procedures/", "zz-b.toml"),
        NEW,
        procedure!(
            "zz-b",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nform = ^\"nowhere\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["there is no form `nowhere`"],
    ),
    row(
        ("procedures/", "zz-c.toml"),
        NEW,
        procedure!(
            "zz-c",
            "^[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"b\"]"
        ),
        &[
            "after `a` comes `b`, which is no step",
            "from the step `a` the matter never comes to an end",
        ],
    ),
    row(
        ("procedures/", "zz-d.toml"),
        NEW,
        procedure!(
            "zz-d",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []\n^[[step]]\nid = \"b\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["no way leads to the step `b`"],
    ),
    row(
        ("procedures/", "zz-e.toml"),
        NEW,
        procedure!(
            "zz-e",
            "^[[step]]\nid = \"a\"\nkind = \"assess\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"b\"]\n[[step]]\nid = \"b\"\nkind = \"letter\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"a\"]"
        ),
        &[
            "from the step `a` the matter never comes to an end",
            "the step `a` leads to itself for ever",
        ],
    ),
    row(
        ("procedures/", "zz-f.toml"),
        NEW,
        procedure!("zz-f", "like = ^\"nowhere\""),
        &["there is no procedure `nowhere`"],
    ),
    row(
        ("procedures/", "zz-g.toml"),
        NEW,
        procedure!(
            "zz-g",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nguard = \"^applicant.age\"\nnext = []"
        ),
        &["bool was expected, this is int"],
    ),
    row(
        ("procedures/", "zz-h.toml"),
        NEW,
        procedure!(
            "zz-h",
            "^[case]\ncode = \"X\"\nseries = \"R\"\nroles = []\n[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["a series has a class of capital letters that no other papers have"],
    ),
    row(
        ("procedures/", "zz-source.toml"),
        NEW,
        procedure!(
            "zz-source",
            "^[[step]]\nid = \"a\"\nkind = \"form\"\nsource = \"visit\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["a source belongs to a step with a form that no legal act completes"],
    ),
    row(
        ("procedures/", "zz-tells.toml"),
        NEW,
        procedure!(
            "zz-tells",
            "[[step]]\nid = \"a\"\nkind = \"notify\"\ntells = ^\"nowhere\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["there is no service `nowhere`"],
    ),
    row(
        ("procedures/", "zz-hears.toml"),
        NEW,
        procedure!(
            "zz-hears",
            "[[step]]\nid = \"a\"\nkind = \"evidence\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []\n[[step.hears]]\nmessage = ^\"nowhere\""
        ),
        &["there is no message `nowhere`"],
    ),
    row(
        ("procedures/", "zz-lapses.toml"),
        NEW,
        procedure!(
            "zz-lapses",
            "^[[step]]\nid = \"a\"\nkind = \"evidence\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []\nlapses = [\"b\"]\n[[step]]\nid = \"b\"\nkind = \"evidence\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["`lapses` needs a term"],
    ),
    row(
        ("procedures/", "zz-opens.toml"),
        NEW,
        procedure!(
            "zz-opens",
            "^[[step]]\nid = \"a\"\nkind = \"evidence\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []\nlapses = [\"b\"]"
        ),
        &["after `a` comes `b`, which is no step"],
    ),
    row(
        ("procedures/", "zz-send.toml"),
        NEW,
        procedure!(
            "zz-send",
            "[[step]]\nid = \"a\"\nkind = \"notify\"\nsend = ^{ a = \"number\" }\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["`send` belongs to a step that `tells`"],
    ),
    row(
        ("procedures/", "zz-i.toml"),
        NEW,
        procedure!(
            "after-death",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["the procedure `after-death` is defined twice"],
    ),
    // Letters.
    row(
        ("letters/decision.en.md", ""),
        "{{ number }}",
        "{{ ^nubmer }}",
        &["this letter knows nothing that is called `nubmer` (did you mean `number`?)"],
    ),
    row(
        ("letters/completion.en.md", ""),
        "",
        "\n{{ ^office.nmae }}\n",
        &["there is no `nmae` here (did you mean `name`?)"],
    ),
    row(
        ("letters/dismissal.en.md", ""),
        "",
        "\n{% for x in ^number %}{{ x }}{% endfor %}\n",
        &["this is no list: nothing goes through it"],
    ),
    row(
        ("letters/receipt.en.md", ""),
        "",
        "\n{{ ^applicant }}\n",
        &["this is more than one value"],
    ),
    row(
        ("letters/receipt.en.md", ""),
        "",
        "\n{{ number | ^safe }}\n",
        &["`safe` is nothing that a value is put through"],
    ),
    row(
        ("letters/visit.en.md", ""),
        "",
        "\n{{ ^range(10) }}\n",
        &["a letter calls nothing"],
    ),
    row(
        ("letters/amendment.en.md", ""),
        "",
        "\n{% for x in undue %}{{ ^x.mnth }}{% endfor %}\n",
        &["there is no `mnth` here (did you mean `month`?)"],
    ),
    row(
        ("letters/visit.en.md", ""),
        "",
        "\n{% ^set x = number %}\n",
        &["a letter works nothing out and keeps nothing"],
    ),
    row(
        ("letters/visit.en.md", ""),
        "",
        "\n{{ ^number ~ number }}\n",
        &["a letter works nothing out and keeps nothing"],
    ),
    row(
        ("letters/visit.en.md", ""),
        "",
        "\n{{ ^10 ** 10 }}\n",
        &["a letter works nothing out and keeps nothing"],
    ),
    row(
        ("letters/completion.{L}", ".md"),
        "",
        "\nx^\u{202E}x\n",
        &["the character U+202E cannot be seen"],
    ),
    row(
        ("letters/slip.en.md", ""),
        "",
        "\n{{ ^date.year }}\n",
        &["this has no `year`: it is a value or a list"],
    ),
    row(
        ("letters/dismissal.{L}", ".md"),
        "",
        "\n{% if number %}x{% ^endfi %}\n",
        &["this is no template"],
    ),
    // What nothing reads.
    row(
        ("parametres/", "zz.toml"),
        NEW,
        "x = 1\n",
        &["nothing reads a file of this name"],
    ),
    row(
        ("letters/", "decision.zz.md"),
        NEW,
        "x\n",
        &["a letter is named <template>.<language>.md, in a language of the country"],
    ),
];
