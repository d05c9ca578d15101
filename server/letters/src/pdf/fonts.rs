//! The typefaces letters are set in, bundled so that a letter looks and hashes the same everywhere: Libertinus Serif for Latin,
//! Greek and Cyrillic, DejaVu Sans for signs and scripts it does not have. No font of the machine is ever used.

use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use parley::fontique::{Blob, CharmapIndex, Collection, CollectionOptions};
use parley::{FontContext, FontData};

use crate::blocks::Span;

pub(super) const TEXT: &str = "Libertinus Serif";
pub(super) const SIGNS: &str = "DejaVu Sans";

/// In the order of [`face`], the face for signs last.
static FILES: [&[u8]; 5] = [
    include_bytes!("../../fonts/LibertinusSerif-Regular.otf"),
    include_bytes!("../../fonts/LibertinusSerif-Bold.otf"),
    include_bytes!("../../fonts/LibertinusSerif-Italic.otf"),
    include_bytes!("../../fonts/LibertinusSerif-BoldItalic.otf"),
    include_bytes!("../../fonts/DejaVuSans.ttf"),
];

struct Face {
    file: &'static [u8],
    blob: u64,
    characters: CharmapIndex,
    font: Font,
}

/// The bundled faces, read once.
pub(super) struct Fonts {
    context: FontContext,
    faces: Vec<Face>,
}

/// The bundled faces; `None` if they could not be read, which the tests rule out.
pub(super) fn bundled() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(read).as_ref()
}

fn read() -> Option<Fonts> {
    let mut collection = Collection::new(CollectionOptions {
        shared: false,
        system_fonts: false,
    });
    let mut faces = Vec::new();
    for file in FILES {
        let blob = Blob::new(Arc::new(file));
        let id = blob.id();
        let registered = collection.register_fonts(blob, None);
        let (_, infos) = registered.first()?;
        let characters = infos.first()?.charmap_index();
        faces.push(Face {
            file,
            blob: id,
            characters,
            font: Font::new(file.into(), 0)?,
        });
    }
    let context = FontContext {
        collection,
        source_cache: parley::fontique::SourceCache::default(),
    };
    Some(Fonts { context, faces })
}

impl Fonts {
    /// A context for setting text, sharing the fonts' data.
    pub(super) fn context(&self) -> FontContext {
        self.context.clone()
    }

    /// The face parley chose.
    pub(super) fn font(&self, chosen: &FontData) -> Option<&Font> {
        self.faces
            .iter()
            .find(|face| face.blob == chosen.data.id())
            .map(|face| &face.font)
    }

    /// Whether a character can be printed in the style of `span`.
    pub(super) fn can_print(&self, c: char, span: &Span) -> bool {
        let style = usize::from(span.strong) + 2 * usize::from(span.emphasis);
        let wanted = [self.faces.get(style), self.faces.last()];
        wanted.into_iter().flatten().any(|face| {
            let characters = face.characters.charmap(face.file);
            characters
                .and_then(|characters| characters.map(c))
                .is_some_and(|glyph| glyph != 0)
        })
    }
}
