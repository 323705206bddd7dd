//! Numbers: numeric in both formats and floats in text.

/// Digits with or without a minus and decimals, nothing else.
pub struct Plain<'a> {
    pub negative: bool,
    pub whole: &'a [u8],
    pub decimals: &'a [u8],
}

impl<'a> Plain<'a> {
    /// None for exponents, a point at either end, NaN and the like.
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let point = memchr::memchr(b'.', digits);
        let (whole, decimals) = match point {
            Some(place) => (&digits[..place], &digits[place + 1..]),
            None => (digits, &digits[..0]),
        };
        let fine = !whole.is_empty()
            && (point.is_none() || !decimals.is_empty())
            && whole.iter().all(u8::is_ascii_digit)
            && decimals.iter().all(u8::is_ascii_digit);
        fine.then_some(Plain { negative, whole, decimals })
    }
}

/// With zeros behind the point up to a scale; scale 0 leaves the text as it is.
pub fn write_padded(number: &Plain<'_>, scale: usize, out: &mut Vec<u8>) {
    if number.negative {
        out.push(b'-');
    }
    out.extend_from_slice(number.whole);
    let decimals = number.decimals.len();
    if decimals > 0 || scale > 0 {
        out.push(b'.');
        out.extend_from_slice(number.decimals);
        out.resize(out.len() + scale.saturating_sub(decimals), b'0');
    }
}

const NEGATIVE: u16 = 0x4000;

/// digits: up to four.
fn base_10000(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |number, byte| number * 10 + u16::from(byte - b'0'))
}

/// numeric_send: base 10000 digits, none of them zero at either end. False, and nothing written, when there are too many.
pub fn write_numeric(number: &Plain<'_>, least_scale: usize, out: &mut Vec<u8>) -> bool {
    let (whole, decimals) = (number.whole, number.decimals);
    let groups_before = whole.len().div_ceil(4);
    let groups = groups_before + decimals.len().div_ceil(4);
    if groups > 1000 {
        return false;
    }
    let start = out.len();
    out.extend_from_slice(&[0; 8]);
    let (mut group, mut count, mut kept, mut first) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut push = |digit: u16| {
        if count == 0 {
            first = group;
        }
        group += 1;
        if digit == 0 && count == 0 {
            return;
        }
        out.extend_from_slice(&digit.to_be_bytes());
        count += 1;
        if digit != 0 {
            kept = count;
        }
    };
    let (lead, rest) = whole.split_at(whole.len() % 4);
    if !lead.is_empty() {
        push(base_10000(lead));
    }
    rest.chunks_exact(4).for_each(|digits| push(base_10000(digits)));
    decimals.chunks(4).for_each(|digits| push(base_10000(digits) * [1, 1000, 100, 10, 1][digits.len()]));
    out.truncate(start + 8 + 2 * kept);
    let weight = if kept == 0 { 0 } else { groups_before as i16 - 1 - first as i16 };
    let sign = if number.negative && kept > 0 { NEGATIVE } else { 0 };
    out[start..start + 2].copy_from_slice(&(kept as i16).to_be_bytes());
    out[start + 2..start + 4].copy_from_slice(&weight.to_be_bytes());
    out[start + 4..start + 6].copy_from_slice(&sign.to_be_bytes());
    out[start + 6..start + 8].copy_from_slice(&(decimals.len().max(least_scale) as u16).to_be_bytes());
    true
}

const MOST_GROUPS: usize = 9 + 5; // of four digits: weights up to 8, 20 decimals

/// The text of numeric_recv's bytes, as types/numeric.py gives it; None for what is long, special or wrong.
pub fn numeric_text(raw: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if raw.len() < 8 {
        return None;
    }
    let word = |place: usize| u16::from_be_bytes([raw[place], raw[place + 1]]);
    let (count, weight, sign, scale) = (usize::from(word(0)), word(2) as i16, word(4), usize::from(word(6)));
    if (sign != 0 && sign != NEGATIVE) || scale > 20 || count > 8 || !(-5..=8).contains(&weight) || raw.len() != 8 + 2 * count {
        return None;
    }
    let (mut digits, mut written) = ([b'0'; MOST_GROUPS * 4], 0);
    for exponent in (-(scale.div_ceil(4) as i16)..=weight.max(0)).rev() {
        let index = usize::try_from(weight - exponent).ok().filter(|index| *index < count);
        let digit = index.map_or(0, |index| word(8 + 2 * index));
        digits[written..written + 4].copy_from_slice(&[1000, 100, 10, 1].map(|unit| b'0' + (digit / unit % 10) as u8));
        written += 4;
    }
    if (0..count).any(|index| word(8 + 2 * index) > 9999) {
        return None;
    }
    let point = 4 * (usize::try_from(weight).unwrap_or(0) + 1);
    let (whole, decimals) = digits[..point + scale].split_at(point);
    if sign == NEGATIVE && (whole.iter().chain(decimals)).any(|digit| *digit != b'0') {
        out.push(b'-');
    }
    let leading = whole.iter().take_while(|digit| **digit == b'0').count();
    out.extend_from_slice(&whole[leading.min(point - 1)..]);
    if scale > 0 {
        out.push(b'.');
        out.extend_from_slice(decimals);
    }
    Some(())
}

/// The shortest digits that give the same float8; None where the exponent shows or digits may be argued about.
pub fn write_float8(number: f64, out: &mut Vec<u8>) -> Option<()> {
    let size = number.abs();
    if number != 0.0 && !(1e-4..1e15).contains(&size) {
        return None;
    }
    push_without_point(ryu::Buffer::new().format_finite(number), out);
    Some(())
}

/// The same for float4, whose exponents show earlier, and leaving out powers of two with digits behind the point.
pub fn write_float4(number: f32, out: &mut Vec<u8>) -> Option<()> {
    let size = number.abs();
    let power_of_two = number.to_bits().trailing_zeros() >= 23;
    if number != 0.0 && (!(1e-4..999_999.0).contains(&size) || (power_of_two && size < 1.0)) {
        return None;
    }
    push_without_point(ryu::Buffer::new().format_finite(number), out);
    Some(())
}

fn push_without_point(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}
