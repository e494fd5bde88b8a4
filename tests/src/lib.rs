//! Tests through the program's own doors.
