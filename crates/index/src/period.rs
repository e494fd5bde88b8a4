//! Dates as numbers: `2021-03-02` is 20210302, so that a period is a range of numbers.

use jiff::civil::Date;

use crate::IndexError;

const MEND: &str = "write YYYY, YYYY-MM or YYYY-MM-DD, as in 2021, 2021-03 or 2021-03-02";

/// Which end of a period an incomplete date names.
#[derive(Clone, Copy)]
pub(crate) enum End {
    First,
    Last,
}

/// The first and last day of a query, inclusive, as numbers.
///
/// # Errors
/// What is no date, no day of the calendar, or ends before it begins.
pub fn period(since: Option<&str>, until: Option<&str>) -> Result<(Option<u64>, Option<u64>), IndexError> {
    let read = |option, given: Option<&str>, end| {
        given.map(|given| number(given, end).map_err(|message| mistake(option, given, message))).transpose()
    };
    let from = read("--since", since, End::First)?;
    let to = read("--until", until, End::Last)?;
    match (since, until) {
        (Some(since), Some(until)) if from > to => {
            Err(mistake("--until", until, format!("the period ends before it begins, at {since}")))
        }
        _ => Ok((from, to)),
    }
}

fn mistake(option: &'static str, given: &str, message: String) -> IndexError {
    IndexError::Filter { option, given: given.into(), message, mend: MEND.into() }
}

/// The number of a whole date, `None` where it is not written `YYYY-MM-DD` or no day of the calendar.
pub(crate) fn day(date: &str) -> Option<u64> {
    (date.len() == 10).then(|| number(date, End::First).ok()).flatten()
}

/// An incomplete date as the number of its first or last day.
pub(crate) fn number(given: &str, end: End) -> Result<u64, String> {
    let mut parts = Vec::new();
    for (part, digits) in given.split('-').zip([4, 2, 2]) {
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("this is no date".into());
        }
        parts.push(part.parse::<i16>().map_err(|error| error.to_string())?);
    }
    if parts.len() != given.split('-').count() {
        return Err("this is no date".into());
    }
    let year = parts.first().copied().unwrap_or_default();
    let month = parts.get(1).copied().unwrap_or(if matches!(end, End::First) { 1 } else { 12 });
    let first = i8::try_from(month).ok().and_then(|month| Date::new(year, month, 1).ok());
    let first = first.ok_or_else(|| format!("there is no month {month}"))?;
    let last = i16::from(first.days_in_month());
    let day = parts.get(2).copied().unwrap_or(if matches!(end, End::First) { 1 } else { last });
    if !(1..=last).contains(&day) {
        return Err(format!("there is no day {day} in {year:04}-{month:02}"));
    }
    Ok(u64::try_from(i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_dates_name_their_borders() {
        let at = |since, until| period(Some(since), Some(until)).unwrap();
        assert_eq!(at("2021", "2021"), (Some(20_210_101), Some(20_211_231)));
        assert_eq!(at("2020-02", "2020-02"), (Some(20_200_201), Some(20_200_229)));
        assert_eq!(at("2021-03-02", "2021-03-02"), (Some(20_210_302), Some(20_210_302)));
        assert_eq!(period(None, None).unwrap(), (None, None));
    }

    #[test]
    fn mistakes_are_told_with_their_mend() {
        for (given, message) in [
            ("last year", "this is no date"),
            ("", "this is no date"),
            ("21-03-02", "this is no date"),
            ("2021-3", "this is no date"),
            ("2021-03-02-01", "this is no date"),
            ("٢٠٢١", "this is no date"),
            ("2021-13", "there is no month 13"),
            ("2021-00", "there is no month 0"),
            ("2021-02-29", "there is no day 29 in 2021-02"),
        ] {
            let error = period(Some(given), None).unwrap_err();
            assert_eq!(error.to_string(), format!("`--since {given}`: {message}"));
        }
        let error = period(Some("2022"), Some("2021-05")).unwrap_err();
        assert_eq!(error.to_string(), "`--until 2021-05`: the period ends before it begins, at 2022");
    }

    #[test]
    fn only_whole_dates_of_the_calendar_are_days() {
        assert_eq!(day("2021-03-02"), Some(20_210_302));
        assert_eq!(day("2021-03"), None);
        assert_eq!(day("2021-02-30"), None);
        assert_eq!(day("2 March 21"), None);
    }
}
