use super::{
    Ratio,
    ast::{Expr, Kind, Op, Span, Wrong},
    lex::{Token, tokens},
};
use karton_api::{Date, Per};

/// Levels of nesting that an expression may have.
const MAX_DEPTH: u32 = 100;
/// Bytes that an expression may have.
const MAX_LENGTH: usize = 4_000;

/// Functions whose name is more than one word.
const LONG_NAMES: [&[&str]; 12] = [
    &["round", "half", "up"],
    &["round", "half", "even"],
    &["round", "up"],
    &["round", "down"],
    &["years", "between"],
    &["months", "between"],
    &["days", "between"],
    &["first", "of", "month"],
    &["working", "days", "between"],
    &["working", "days", "after"],
    &["count", "months"],
    &["latest", "months"],
];

/// Words that cannot be names of values.
const WORDS: [&str; 16] = [
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "in",
    "some",
    "every",
    "for",
    "return",
    "satisfies",
    "at",
    "true",
    "false",
    "last",
];

/// Reads an expression. Never runs out of stack: nesting and length are bounded.
pub fn parse(text: &str) -> Result<Expr, Wrong> {
    if text.len() > MAX_LENGTH {
        return Err(Wrong::new(
            Span::default(),
            format!("an expression has at most {MAX_LENGTH} bytes; name its parts with let"),
        ));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    if parser.peek() == &Token::End {
        return Err(Wrong::new(Span::default(), "an expression is missing here"));
    }
    let expr = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expr),
        Token::Sign("=" | "<" | "<=" | ">" | ">=" | "!=") => {
            Err(parser.wrong("comparisons do not chain: write a < b and b < c"))
        }
        Token::Name(name) if name == "between" => {
            Err(parser.wrong("write x in [a..b] instead of FEEL's between"))
        }
        Token::Name(name) if name == "instance" => Err(parser.wrong(
            "FEEL's `instance of` is not part of the rule language: types are known when the pack is loaded",
        )),
        found => Err(parser.wrong(format!(
            "{} cannot stand here; an operator or the end was expected",
            said(found)
        ))),
    }
}

fn said(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("`{name}`"),
        Token::Number(n) => format!("`{n}`"),
        Token::Text(_) => "a text".to_owned(),
        Token::Sign(sign) => format!("`{sign}`"),
        Token::End => "the end".to_owned(),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.ahead(0)
    }
    fn ahead(&self, n: usize) -> &Token {
        self.tokens
            .get(self.at + n)
            .map_or(&Token::End, |(token, _)| token)
    }
    fn span(&self) -> Span {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(Span::default(), |(_, span)| *span)
    }
    fn before(&self) -> Span {
        self.tokens
            .get(self.at.saturating_sub(1))
            .map_or(Span::default(), |(_, span)| *span)
    }
    fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong::new(self.span(), message)
    }
    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(s) if *s == sign);
        self.at += usize::from(found);
        found
    }
    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        self.at += usize::from(found);
        found
    }
    fn is_word(&self, n: usize, word: &str) -> bool {
        matches!(self.ahead(n), Token::Name(name) if name == word)
    }
    fn need(&mut self, sign: &str) -> Result<(), Wrong> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.wrong(format!("`{sign}` was expected, not {}", said(self.peek()))))
        }
    }
    fn need_word(&mut self, word: &str) -> Result<(), Wrong> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.wrong(format!("`{word}` was expected, not {}", said(self.peek()))))
        }
    }
    fn make(&self, kind: Kind, span: Span) -> Result<Expr, Wrong> {
        let depth = 1 + kind.parts().iter().map(|part| part.depth).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err(Wrong::new(
                span,
                "the expression is nested too deeply; name its parts with let",
            ));
        }
        Ok(Expr { kind, span, depth })
    }

    fn expression(&mut self) -> Result<Expr, Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH / 2 {
            return Err(self.wrong("the expression is nested too deeply; name its parts with let"));
        }
        let found = self.choice();
        self.depth -= 1;
        found
    }

    fn choice(&mut self) -> Result<Expr, Wrong> {
        let start = self.span();
        if self.take_word("if") {
            let condition = self.expression()?;
            self.need_word("then")?;
            let yes = self.expression()?;
            self.need_word("else")?;
            let no = self.expression()?;
            let span = start.to(no.span);
            return self.make(Kind::If(Box::new(condition), Box::new(yes), Box::new(no)), span);
        }
        for (word, middle) in [("some", "satisfies"), ("every", "satisfies"), ("for", "return")] {
            if self.is_word(0, word) && matches!(self.ahead(1), Token::Name(_)) {
                self.at += 1;
                let name = self.name()?;
                self.need_word("in")?;
                let list = self.sum()?;
                self.need_word(middle)?;
                let body = self.expression()?;
                let (span, list, body) = (start.to(body.span), Box::new(list), Box::new(body));
                let kind = match word {
                    "some" => Kind::Some(name, list, body),
                    "every" => Kind::Every(name, list, body),
                    _ => Kind::For(name, list, body),
                };
                return self.make(kind, span);
            }
        }
        self.any_of()
    }

    fn name(&mut self) -> Result<String, Wrong> {
        match self.peek() {
            Token::Name(name) if !WORDS.contains(&name.as_str()) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            other => Err(self.wrong(format!("a name was expected, not {}", said(other)))),
        }
    }

    fn binary(&self, op: Op, a: Expr, b: Expr) -> Result<Expr, Wrong> {
        let span = a.span.to(b.span);
        self.make(Kind::Binary(op, Box::new(a), Box::new(b)), span)
    }

    fn any_of(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.all_of()?;
        while self.take_word("or") {
            let right = self.all_of()?;
            left = self.binary(Op::Or, left, right)?;
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.comparison()?;
        while self.take_word("and") {
            let right = self.comparison()?;
            left = self.binary(Op::And, left, right)?;
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expr, Wrong> {
        let left = self.sum()?;
        let op = match self.peek() {
            Token::Sign("=") => Op::Equal,
            Token::Sign("!=") => Op::NotEqual,
            Token::Sign("<") => Op::Less,
            Token::Sign("<=") => Op::LessOrEqual,
            Token::Sign(">") => Op::Greater,
            Token::Sign(">=") => Op::GreaterOrEqual,
            Token::Sign("==") => return Err(self.wrong("equality is written with one sign: =")),
            Token::Sign("<>") => return Err(self.wrong("write != for `not equal`")),
            Token::Sign("&&") => return Err(self.wrong("write `and`")),
            Token::Sign("||") => return Err(self.wrong("write `or`")),
            Token::Sign("**") => return Err(self.wrong("FEEL's ** (power) is not part of the rule language")),
            Token::Name(name) if name == "in" => {
                self.at += 1;
                return self.membership(left);
            }
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        self.binary(op, left, right)
    }

    /// After `in`: a range, a list or a period.
    fn membership(&mut self, value: Expr) -> Result<Expr, Wrong> {
        let start = self.at;
        let low_in = matches!(self.peek(), Token::Sign("["));
        if matches!(self.peek(), Token::Sign("]")) {
            return Err(self.wrong("an open end of a range is written with a parenthesis: (a..b]"));
        }
        if matches!(self.peek(), Token::Sign("[" | "(")) {
            self.at += 1;
            if !matches!(self.peek(), Token::Sign("]")) {
                let low = self.expression()?;
                if self.take("..") {
                    let high = self.expression()?;
                    let high_in = self.take("]");
                    if !high_in {
                        self.need(")")?;
                    }
                    let span = value.span.to(self.before());
                    let (value, low, high) = (Box::new(value), Box::new(low), Box::new(high));
                    return self.make(
                        Kind::Between {
                            value,
                            low,
                            high,
                            low_in,
                            high_in,
                        },
                        span,
                    );
                }
            }
            self.at = start;
        }
        let list = self.sum()?;
        let span = value.span.to(list.span);
        self.make(Kind::In(Box::new(value), Box::new(list)), span)
    }

    fn sum(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.product()?;
        loop {
            let op = match self.peek() {
                Token::Sign("+") => Op::Add,
                Token::Sign("-") => Op::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = self.binary(op, left, right)?;
        }
    }

    fn product(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.unary()?;
        loop {
            let op = match self.peek() {
                Token::Sign("*") => Op::Multiply,
                Token::Sign("/") => Op::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.unary()?;
            left = self.binary(op, left, right)?;
        }
    }

    fn unary(&mut self) -> Result<Expr, Wrong> {
        let start = self.span();
        if self.take("!") {
            return Err(Wrong::new(start, "write not(…)"));
        }
        let mut signs = 0_u32;
        while self.take("-") {
            signs += 1;
            if signs > MAX_DEPTH {
                return Err(self.wrong("too many minus signs"));
            }
        }
        let mut value = self.dated()?;
        for _ in 0..signs {
            // The nearest sign belongs to a number itself, so that printing and reading agree.
            let span = start.to(value.span);
            value = match &value.kind {
                Kind::Int(n) if *n > 0 => self.make(Kind::Int(-n), span)?,
                Kind::Decimal(d) if *d > Ratio::whole(0) => {
                    self.make(Kind::Decimal(d.negate().unwrap_or(*d)), span)?
                }
                _ => self.make(Kind::Negate(Box::new(value)), span)?,
            };
        }
        Ok(value)
    }

    fn dated(&mut self) -> Result<Expr, Wrong> {
        let value = self.path()?;
        if self.take_word("at") {
            let day = self.path()?;
            let span = value.span.to(day.span);
            return self.make(Kind::At(Box::new(value), Box::new(day)), span);
        }
        Ok(value)
    }

    fn path(&mut self) -> Result<Expr, Wrong> {
        let mut value = self.primary()?;
        loop {
            let start = value.span;
            if self.take(".") {
                let name = self.name()?;
                let span = start.to(self.before());
                value = self.make(Kind::Field(Box::new(value), name), span)?;
            } else if self.take("[") {
                let condition = self.expression()?;
                self.need("]")?;
                let span = start.to(self.before());
                value = self.make(Kind::Filter(Box::new(value), Box::new(condition)), span)?;
            } else if matches!(self.peek(), Token::Sign("(")) {
                let Some(name) = dotted(&value) else {
                    return Err(self.wrong("only a function or a table of parameters can be called"));
                };
                self.at += 1;
                let arguments = self.list(")")?;
                let span = start.to(self.before());
                value = self.make(Kind::Call(name, arguments), span)?;
            } else {
                return Ok(value);
            }
        }
    }

    /// Expressions with commas between them, up to and with the closing sign.
    fn list(&mut self, close: &str) -> Result<Vec<Expr>, Wrong> {
        let mut parts = Vec::new();
        if self.take(close) {
            return Ok(parts);
        }
        loop {
            parts.push(self.expression()?);
            if self.take(close) {
                return Ok(parts);
            }
            if !self.take(",") {
                return Err(self.wrong(format!(
                    "`,` or `{close}` was expected, not {}",
                    said(self.peek())
                )));
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Wrong> {
        let start = self.span();
        match self.peek().clone() {
            Token::Number(text) => {
                self.at += 1;
                self.number(&text, start)
            }
            Token::Text(text) => {
                self.at += 1;
                self.make(Kind::Text(text), start)
            }
            Token::Sign("(") => {
                self.at += 1;
                let mut inner = self.expression()?;
                self.need(")")?;
                inner.span = start.to(self.before());
                Ok(inner)
            }
            Token::Sign("[") => {
                self.at += 1;
                let parts = self.list("]")?;
                self.make(Kind::List(parts), start.to(self.before()))
            }
            Token::Name(name) => self.named(name, start),
            Token::End => Err(self.wrong("the expression ends here, but a value was expected")),
            other => Err(self.wrong(format!("a value was expected, not {}", said(&other)))),
        }
    }

    fn number(&mut self, text: &str, start: Span) -> Result<Expr, Wrong> {
        if text.contains('.') {
            let value = text
                .parse::<Ratio>()
                .map_err(|e| Wrong::new(start, e.to_string()))?;
            return self.make(Kind::Decimal(value), start);
        }
        let value: i64 = text
            .parse()
            .map_err(|_| Wrong::new(start, "this number is too large"))?;
        let unit = match self.peek() {
            Token::Name(word) => word.as_str(),
            _ => "",
        };
        let (months, days) = match unit {
            "year" | "years" => (12, 0),
            "month" | "months" => (1, 0),
            "week" | "weeks" => (0, 7),
            "day" | "days" => (0, 1),
            _ => return self.make(Kind::Int(value), start),
        };
        self.at += 1;
        let span = start.to(self.before());
        let count = i32::try_from(value).ok().filter(|n| *n <= 100_000);
        let count = count.ok_or_else(|| Wrong::new(span, "a duration this long has no meaning"))?;
        self.make(Kind::Duration(count * months, count * days), span)
    }

    fn named(&mut self, name: String, start: Span) -> Result<Expr, Wrong> {
        for long in LONG_NAMES {
            let fits = long.iter().enumerate().all(|(i, word)| self.is_word(i, word));
            if fits && matches!(self.ahead(long.len()), Token::Sign("(")) {
                self.at += long.len() + 1;
                let arguments = self.list(")")?;
                return self.make(Kind::Call(long.join(" "), arguments), start.to(self.before()));
            }
        }
        self.at += 1;
        match name.as_str() {
            "true" => return self.make(Kind::Bool(true), start),
            "false" => return self.make(Kind::Bool(false), start),
            "null" => {
                return Err(Wrong::new(
                    start,
                    "there is no null: what nobody knows is unknown, and the rule says so by itself",
                ));
            }
            "function" | "external" => {
                return Err(Wrong::new(
                    start,
                    "FEEL's own functions are not part of the rule language; name a part with let",
                ));
            }
            "not" => {
                if !self.take("(") {
                    return Err(self.wrong("write not(…) with parentheses"));
                }
                let inner = self.expression()?;
                self.need(")")?;
                return self.make(Kind::Not(Box::new(inner)), start.to(self.before()));
            }
            "date" if matches!(self.peek(), Token::Sign("(")) => {
                self.at += 1;
                let span = self.span();
                let Token::Text(text) = self.peek().clone() else {
                    return Err(self.wrong("a day is written as date(\"2026-01-31\")"));
                };
                self.at += 1;
                self.need(")")?;
                let day: Date =
                    text.parse().ok().filter(|_| text.len() == 10).ok_or_else(|| {
                        Wrong::new(span, "there is no such day; it is written as 2026-01-31")
                    })?;
                return self.make(Kind::Date(day), start.to(self.before()));
            }
            "last" => return self.last_months(start),
            word if WORDS.contains(&word) => {
                return Err(Wrong::new(start, format!("a value was expected, not `{word}`")));
            }
            _ => {}
        }
        let is_currency = name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase());
        if let (true, Token::Number(amount)) = (is_currency, self.peek().clone()) {
            self.at += 1;
            let amount = amount
                .parse::<Ratio>()
                .map_err(|e| Wrong::new(self.before(), e.to_string()))?;
            let mut per = Per::Once;
            if self.take_word("per") {
                per = match self.peek() {
                    Token::Name(unit) if unit == "month" => Per::Month,
                    Token::Name(unit) if unit == "year" => Per::Year,
                    _ => return Err(self.wrong("`month` or `year` was expected")),
                };
                self.at += 1;
            }
            return self.make(
                Kind::Money {
                    currency: name,
                    amount,
                    per,
                },
                start.to(self.before()),
            );
        }
        self.make(Kind::Name(name), start)
    }

    fn last_months(&mut self, start: Span) -> Result<Expr, Wrong> {
        let count = match self.peek() {
            Token::Number(n) => n.parse::<i32>().ok().filter(|n| (1..=1200).contains(n)),
            _ => None,
        };
        let Some(count) = count else {
            return Err(
                self.wrong("a period is written as `last 3 months`, with a whole number from 1 to 1200")
            );
        };
        self.at += 1;
        if !self.take_word("months") && !self.take_word("month") {
            return Err(self.wrong("a period is written as `last 3 months`"));
        }
        if self.take_word("before") {
            let day = self.path()?;
            let span = start.to(day.span);
            return self.make(Kind::LastMonths(count, Some(Box::new(day))), span);
        }
        self.make(Kind::LastMonths(count, None), start.to(self.before()))
    }
}

/// `mo.base` for a chain of names.
pub(crate) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Name(name) => Some(name.clone()),
        Kind::Field(base, name) => Some(format!("{}.{name}", dotted(base)?)),
        _ => None,
    }
}
