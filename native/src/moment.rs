//! Dates and times in IRIS's form: `YYYY-MM-DD HH:MM:SS[.ffffff]`.

pub const DAY_US: i64 = 86_400_000_000;
const EPOCH_DAY: i64 = 730_425; // 2000-01-01, in days from 0000-03-01
pub const FIRST_US: i64 = -730_119 * DAY_US; // of the year 1
pub const LAST_US: i64 = 2_921_940 * DAY_US - 1; // of the year 9999
const LENGTHS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn digits(text: &[u8]) -> Option<i64> {
    let mut number = 0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Some(number)
}

/// `YYYY-MM-DD` -> days since 2000-01-01; None for what is no date of the years 1 to 9999.
pub fn day(text: &[u8]) -> Option<i64> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..])?);
    if year < 1 || !(1..=12).contains(&month) || day < 1 || day > i64::from(LENGTHS[month as usize - 1]) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if month == 2 && day == 29 && !leap {
        return None;
    }
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - EPOCH_DAY)
}

/// `HH:MM:SS` with up to six decimals -> microseconds since midnight.
pub fn clock(text: &[u8]) -> Option<i64> {
    if text.len() < 8 || text[2] != b':' || text[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (digits(&text[..2])?, digits(&text[3..5])?, digits(&text[6..8])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let whole = (hour * 3600 + minute * 60 + second) * 1_000_000;
    if text.len() == 8 {
        return Some(whole);
    }
    let decimals = text.len() - 9;
    if text[8] != b'.' || !(1..=6).contains(&decimals) {
        return None;
    }
    Some(whole + digits(&text[9..])? * 10_i64.pow(6 - decimals as u32))
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff]` -> microseconds since 2000-01-01; between day and time stands `between`.
pub fn moment(text: &[u8], between: impl Fn(u8) -> bool) -> Option<i64> {
    if text.len() < 19 || !between(text[10]) {
        return None;
    }
    Some(day(&text[..10])? * DAY_US + clock(&text[11..])?)
}

/// Whether a fraction ends with a zero, or is none: canonical texts have no such.
pub fn has_zeros_at_end(text: &[u8]) -> bool {
    text.len() > 19 && text[text.len() - 1] == b'0'
}

/// The date of a day since 2000-01-01: year, month, day.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + EPOCH_DAY;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let part = (5 * of_year + 2) / 153;
    let day = of_year - (153 * part + 2) / 5 + 1;
    let month = if part < 10 { part + 3 } else { part - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Two digits at a place. number: below 100.
fn put(text: &mut [u8], place: usize, number: i64) {
    text[place] = b'0' + (number / 10) as u8;
    text[place + 1] = b'0' + (number % 10) as u8;
}

/// Canonical text of microseconds since 2000-01-01 00:00:00, from FIRST_US to LAST_US.
pub fn write_moment(us: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(us.div_euclid(DAY_US));
    let us = us.rem_euclid(DAY_US);
    let (seconds, mut fraction) = (us / 1_000_000, us % 1_000_000);
    let mut text = *b"....-..-.. ..:..:..";
    for (place, number) in [
        (0, year / 100),
        (2, year % 100),
        (5, month),
        (8, day),
        (11, seconds / 3600),
        (14, seconds / 60 % 60),
        (17, seconds % 60),
    ] {
        put(&mut text, place, number);
    }
    out.extend_from_slice(&text);
    if fraction != 0 {
        out.push(b'.');
        let mut unit = 100_000;
        while fraction != 0 {
            out.push(b'0' + (fraction / unit) as u8);
            fraction %= unit;
            unit /= 10;
        }
    }
}
