//! The frames of a copy: kind, lengths, packed bytes, and a hash over all of it and the frame before.

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sha2::{Digest as _, Sha256};
use std::{
    fmt,
    io::{self, Read, Write},
};

/// The first bytes of every copy; the digit is the version of the format.
const MAGIC: &[u8; 16] = b"karton backup 1\n";
/// No frame unpacks to more than this; whoever writes cuts long before.
const LARGEST: u32 = 256 << 20;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Head,
    Table,
    Rows,
    Object,
    Bytes,
    End,
}

impl Kind {
    const ALL: [(Kind, u8); 6] = [
        (Kind::Head, b'H'),
        (Kind::Table, b'T'),
        (Kind::Rows, b'R'),
        (Kind::Object, b'O'),
        (Kind::Bytes, b'B'),
        (Kind::End, b'E'),
    ];
    fn byte(self) -> u8 {
        Kind::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or(b'?', |(_, byte)| *byte)
    }
    fn of(byte: u8) -> Option<Kind> {
        Kind::ALL
            .iter()
            .find(|(_, known)| *known == byte)
            .map(|(kind, _)| *kind)
    }
}

/// What is wrong with a file, and where: the byte it was noticed at and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The first byte of the frame that is wrong, or the file's end where it was cut.
    pub at: u64,
    /// What was being read, for people: `table person, after 4,000 rows`.
    pub place: String,
    /// What is wrong.
    pub what: Damage,
}

/// The ways in which a file is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin as a copy of a store.
    NoBackup,
    /// It has a version of the format that this version does not know.
    Newer,
    /// It ends too early.
    Cut,
    /// Bytes are others than those that were written.
    Altered,
    /// Something follows after its end.
    TooLong,
}

impl std::error::Error for Broken {}
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, place) = (self.at, &self.place);
        match self.what {
            Damage::NoBackup => f.write_str("this is no backup of Karton"),
            Damage::Newer => {
                f.write_str("this backup was made by a newer version, in a format not known here")
            }
            Damage::Cut => write!(f, "the backup is cut off at byte {at} ({place})"),
            Damage::Altered => write!(f, "the backup was altered at byte {at} ({place})"),
            Damage::TooLong => write!(f, "after its end, at byte {at}, the backup goes on"),
        }
    }
}

/// Why no frame could be read.
#[derive(Debug)]
pub(super) enum Unread {
    Io(io::Error),
    Damage { at: u64, what: Damage },
}
impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread::Io(error)
    }
}

/// Writes frames.
pub(super) struct Writer<W> {
    out: W,
    hash: [u8; 32],
    bytes: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(mut out: W) -> io::Result<Writer<W>> {
        out.write_all(MAGIC)?;
        Ok(Writer {
            out,
            hash: Sha256::digest(MAGIC).into(),
            bytes: MAGIC.len() as u64,
        })
    }

    /// Goes on after what was written before.
    pub(super) fn resume(out: W, hash: [u8; 32], bytes: u64) -> Writer<W> {
        Writer { out, hash, bytes }
    }

    /// Bytes written so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn frame(&mut self, kind: Kind, content: &[u8]) -> io::Result<()> {
        let raw = u32::try_from(content.len())
            .ok()
            .filter(|length| *length <= LARGEST)
            .ok_or_else(|| io::Error::other("a row is too large for a backup"))?;
        let mut packer = DeflateEncoder::new(Vec::with_capacity(content.len() / 3), Compression::fast());
        packer.write_all(content)?;
        let packed = packer.finish()?;
        let length = u32::try_from(packed.len()).map_err(io::Error::other)?;
        let mut head = [0_u8; 9];
        head[0] = kind.byte();
        head[1..5].copy_from_slice(&raw.to_be_bytes());
        head[5..9].copy_from_slice(&length.to_be_bytes());
        self.hash = chained(self.hash, &head, &packed);
        self.out.write_all(&head)?;
        self.out.write_all(&packed)?;
        self.out.write_all(&self.hash)?;
        self.bytes += (head.len() + packed.len() + self.hash.len()) as u64;
        Ok(())
    }

    /// The hash of the last frame, which stands for the whole file, and what was written to.
    pub(super) fn end(mut self) -> io::Result<([u8; 32], W)> {
        self.out.flush()?;
        Ok((self.hash, self.out))
    }
}

fn chained(before: [u8; 32], head: &[u8], packed: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(head);
    hash.update(packed);
    hash.finalize().into()
}

/// Reads frames and refuses whatever is not as it was written.
pub(super) struct Reader<R> {
    input: R,
    hash: [u8; 32],
    at: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn begin(mut input: R) -> Result<Reader<R>, Unread> {
        let mut magic = [0_u8; 16];
        let read = fill(&mut input, &mut magic)?;
        if magic != *MAGIC {
            let ours = read >= 14 && magic[..14] == MAGIC[..14];
            let what = match read {
                16 if ours => Damage::Newer,
                read if read > 0 && magic[..read] == MAGIC[..read] => Damage::Cut,
                _ => Damage::NoBackup,
            };
            return Err(Unread::Damage {
                at: read as u64,
                what,
            });
        }
        Ok(Reader {
            input,
            hash: Sha256::digest(MAGIC).into(),
            at: MAGIC.len() as u64,
        })
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Result<(Kind, Vec<u8>), Unread> {
        let begin = self.at;
        let altered = || Unread::Damage {
            at: begin,
            what: Damage::Altered,
        };
        let mut head = [0_u8; 9];
        self.fill(&mut head)?;
        let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let (raw, length) = (number(&head[1..5]), number(&head[5..9]));
        let kind = Kind::of(head[0]).ok_or_else(altered)?;
        // What was packed is never much longer than what it was made of (quick packing makes pictures some hundredths longer): such lengths are
        // no reason to ask for memory.
        if raw > LARGEST || length > raw.saturating_add(raw / 8).saturating_add(1024) {
            return Err(altered());
        }
        let mut packed = Vec::new();
        let read = (&mut self.input)
            .take(u64::from(length))
            .read_to_end(&mut packed)?;
        self.at += read as u64;
        if read < length as usize {
            return Err(self.cut());
        }
        let mut hash = [0_u8; 32];
        self.fill(&mut hash)?;
        if hash != chained(self.hash, &head, &packed) {
            return Err(altered());
        }
        self.hash = hash;
        let mut content = Vec::new();
        let unpacked = DeflateDecoder::new(packed.as_slice())
            .take(u64::from(raw) + 1)
            .read_to_end(&mut content);
        if unpacked.is_err() || content.len() != raw as usize {
            return Err(altered());
        }
        Ok((kind, content))
    }

    /// After the last frame nothing may follow.
    pub(super) fn end(mut self) -> Result<(), Unread> {
        let mut more = [0_u8; 1];
        match fill(&mut self.input, &mut more)? {
            0 => Ok(()),
            _ => Err(Unread::Damage {
                at: self.at,
                what: Damage::TooLong,
            }),
        }
    }

    fn cut(&self) -> Unread {
        Unread::Damage {
            at: self.at,
            what: Damage::Cut,
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Unread> {
        let read = fill(&mut self.input, buffer)?;
        self.at += read as u64;
        if read < buffer.len() {
            return Err(self.cut());
        }
        Ok(())
    }
}

/// Reads until the buffer is full or the input ends; answers how many bytes came.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match input.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}
