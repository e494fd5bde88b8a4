//! Days of calendars other than the Gregorian, as the Gregorian has them.

use icu_calendar::Date as AnyDate;
use icu_calendar::cal::{Hijri, Iso};
use jiff::civil::Date;
use serde::Deserialize;

/// A calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum System {
    /// The solar Hijri calendar of Iran and Afghanistan.
    Persian,
    /// The lunar Hijri calendar as Umm al-Qura reckons it; where the moon is watched for, a day may differ by one.
    Hijri,
}

impl System {
    /// The Gregorian day, where there is such a day.
    pub(crate) fn day(self, year: i32, month: i32, day: i32) -> Option<Date> {
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let iso = match self {
            Self::Persian => AnyDate::try_new_persian(year, month, day).ok()?.to_calendar(Iso),
            Self::Hijri => AnyDate::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura())
                .ok()?
                .to_calendar(Iso),
        };
        let (year, month) =
            (i16::try_from(iso.year().extended_year()).ok()?, i8::try_from(iso.month().ordinal).ok()?);
        let day = i8::try_from(iso.day_of_month().0).ok()?;
        Date::new(year, month, day).ok().filter(|date| (1900..=2100).contains(&date.year()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_other_calendars() {
        // Nowruz of 1400; the first days of Ramadan and of the year 1443.
        for (system, (year, month, day), want) in [
            (System::Persian, (1400, 1, 1), "2021-03-21"),
            (System::Persian, (1399, 12, 30), "2021-03-20"),
            (System::Hijri, (1442, 9, 1), "2021-04-13"),
            (System::Hijri, (1443, 1, 1), "2021-08-09"),
        ] {
            assert_eq!(system.day(year, month, day).map(|date| date.to_string()).as_deref(), Some(want));
        }
        // 1400 was no leap year; there is no thirteenth month.
        assert_eq!(System::Persian.day(1400, 12, 30), None);
        assert_eq!(System::Hijri.day(1442, 13, 1), None);
        assert_eq!(System::Persian.day(622, 1, 1), None);
    }
}
