//! Filling a template: values go in escaped, so that they stay text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use crate::{LetterError, MAX_BYTES, reader, visible};

/// Stands for an empty value, so that what is around it cannot become structure: `{{ name }} - {{ role }}` must not turn into a list
/// because the name is empty. The reader drops it.
pub(crate) const NOTHING: char = '\u{200B}';

/// Template instructions a letter may take; a loop over a million rows is a mistake, not a letter.
const FUEL: u64 = 2_000_000;

/// Fills a letter's template with `context` and gives Markdown that says what the values say and nothing more (see the crate's
/// documentation for both).
///
/// # Errors
///
/// [`LetterError::Template`] for a mistaken template and for a value that is missing, null, a list or a map where it should be
/// printed; [`LetterError::Unsupported`] and [`LetterError::Block`] for Markdown that letters do not have; [`LetterError::TooLarge`]
/// for a template or result above [`MAX_BYTES`].
pub fn render_markdown(template: &str, context: &serde_json::Value) -> Result<String, LetterError> {
    let too_large = LetterError::TooLarge {
        limit: MAX_BYTES,
        unit: "bytes",
    };
    if template.len() > MAX_BYTES {
        return Err(too_large);
    }
    let environment = environment();
    let compiled = environment
        .template_from_named_str("letter", template)
        .map_err(|e| explain(&e, template))?;
    let mut page = Bounded {
        bytes: Vec::new(),
        full: false,
    };
    if let Err(error) = compiled.render_captured_to(minijinja::value::Serde(context), &mut page) {
        return Err(if page.full {
            too_large
        } else {
            explain(&error, template)
        });
    }
    let markdown = String::from_utf8_lossy(&page.bytes).into_owned();
    match reader::read(&markdown).problem() {
        Some(problem) => Err(problem),
        None => Ok(markdown),
    }
}

/// Looks over a template without filling it, for whoever loads a pack.
///
/// # Errors
///
/// [`LetterError::Template`] for what minijinja cannot read (whether the values it asks for exist shows only when it is filled), and
/// [`LetterError::TooLarge`] above [`MAX_BYTES`].
pub fn check_template(template: &str) -> Result<(), LetterError> {
    if template.len() > MAX_BYTES {
        return Err(LetterError::TooLarge {
            limit: MAX_BYTES,
            unit: "bytes",
        });
    }
    let checked = environment()
        .template_from_named_str("letter", template)
        .map(|_| ());
    checked.map_err(|e| explain(&e, template))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    // A name of our own for the escaping, so that `{% set x %}…{% endset %}` is known to be escaped already.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    // The default delimiters with these two options always build; were they refused, empty lines would stay, and nothing worse.
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(FUEL));
    for unescaping in ["safe", "escape", "e"] {
        environment.remove_filter(unescaping);
    }
    environment.add_filter("paragraphs", |text: &str| {
        bounded(text.len())?;
        let text = paragraphs(text);
        bounded(text.len())?;
        Ok::<_, Error>(Value::from_safe_string(text))
    });
    // Of those that are built in, these two can make a long text of a short one, and a chain of them one without end.
    environment.add_filter("replace", |text: &str, from: &str, to: &str| {
        let found = text.matches(from).count();
        bounded(text.len().saturating_add(found.saturating_mul(to.len())))?;
        Ok::<_, Error>(text.replace(from, to))
    });
    environment.add_filter("join", |items: &Value, between: Option<Cow<'_, str>>| {
        let mut text = String::new();
        for (place, item) in items.try_iter()?.enumerate() {
            if place > 0 {
                text.push_str(between.as_deref().unwrap_or_default());
            }
            match item.as_str() {
                Some(part) => text.push_str(part),
                None => text.push_str(&item.to_string()),
            }
            bounded(text.len())?;
        }
        Ok::<_, Error>(text)
    });
    environment.set_formatter(|out, state, value| match value.kind() {
        ValueKind::String | ValueKind::Number | ValueKind::Bool => {
            let text = value.to_string();
            if value.is_safe() {
                out.write_str(&text)
            } else {
                out.write_str(&escape(&text))
            }
            .map_err(Error::from)
        }
        // The built-in formatter knows the name of what is missing.
        ValueKind::Undefined => minijinja::escape_formatter(out, state, value),
        other => Err(Error::new(
            ErrorKind::BadEscape,
            format!("a value of kind {other} cannot be printed"),
        )),
    });
    environment
}

/// The value as Markdown that reads back as exactly this text.
fn escape(value: &str) -> String {
    let shown = visible::visible(&value.replace("\r\n", "\n"));
    let inner = shown.trim_matches(' ');
    if inner.is_empty() {
        return NOTHING.to_string();
    }
    let mut out = String::with_capacity(shown.len() * 2);
    let leading = shown.len() - shown.trim_start_matches(' ').len();
    let trailing = shown.len() - shown.trim_end_matches(' ').len();
    // Spaces at the edges could indent a line into code or break it; as entities they are only spaces.
    out.push_str(&"&#32;".repeat(leading));
    for c in inner.chars() {
        match c {
            // Tables look at pipes and the backslashes before them by rules of their own.
            '\\' | '|' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c if c.is_ascii_punctuation() => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push_str(&"&#32;".repeat(trailing));
    out
}

/// Nothing that a template makes of its values is longer than a letter may be.
fn bounded(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_BYTES {
        let message = format!("a text of more than {MAX_BYTES} bytes is no part of a letter");
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    Ok(())
}

/// A value's own lines as paragraphs.
fn paragraphs(value: &str) -> String {
    let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(escape).collect::<Vec<_>>().join("\n\n")
}

fn explain(error: &Error, template: &str) -> LetterError {
    let mut reason = error.detail().map_or_else(
        || error.kind().to_string(),
        |detail| format!("{}: {detail}", error.kind()),
    );
    // The place in the template says which value was missing.
    if let Some(place) = error.range().and_then(|range| template.get(range)) {
        let place: String = place.trim().chars().take(60).collect();
        let _ = write!(reason, " (at `{place}`)");
    }
    LetterError::Template {
        line: error.line().unwrap_or(1),
        reason,
    }
}

/// A page that refuses to grow past the limit.
struct Bounded {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > MAX_BYTES {
            self.full = true;
            return Err(io::Error::other("the letter is too large"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
