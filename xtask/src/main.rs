//! What the project does to itself: `cargo xtask test`, `tidy`, `score`, `bench`, `codegen`, `precision`,
//! `confidence`, `counts`, `names`, `soak`.

mod bench;
mod codegen;
mod confidence;
mod counts;
mod names;
mod precision;
mod readme;
mod roles;
mod score;
mod shell;
mod soak;
mod step;
mod test;
mod tidy;
mod verdicts;

use std::process::ExitCode;

use score::swapped::Half;
use shell::say;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test             all that CI runs: format, lints, tests, rules, docs, README, licences, scores
  tidy             arrows between crates, file heads, links, lengths, names
  score            figures against gold, and their floors
  score --reader   how well pages are read: the public sets beside the workspace, both halves of each, peers, floors
  score --search   how well a search ranks: nDCG@10 of judged questions by kind, those held out from tuning apart, floors
  score --swapped [tuned|held]  figures on gold with other persons, bodies or titles in it: what rests on the words of
                   the gold; held draws only names that no rule was mended with
  precision        how much is right of what is found in 300 releases, by committed verdicts; --list adds the
                   facts without one; --choose prints the ids of the releases
  confidence       fit the weights of confidence to the verdicts and the larger gold, and write them; --check only
                   measures those that stand there, --gather keeps what is seen of facts judged since
  score --by source   the same for each source with at least 30 things, marking those far under the mean
  bench            what the rule engine promises, as ratios within one run
  bench --bulk [FILE…]  releases a second, megabytes a second, peak memory
  bench capture [PROGRAM]  pages a second, what the pace leaves, memory of a large frontier, against a site on this machine
  bench warc       how fast WARC files are read, beside warcio
  bench reader     how fast pages are read and in how much memory, beside scraper alone and trafilatura
  bench search [PART…]  how fast the index is written, asked and grows, beside tantivy alone; parts: time, size,
                   facets, ids, suggest, growth
  bench --check    instructions over fixed inputs, against the counts committed; --bless writes them anew
  soak             crawls and ingestions that are killed 200 times each
  codegen          write the generated files anew; with --check, say which are out of step
  counts FILE…     the list of words that are written small, counted over bulk texts
  names FILE FILE  the lists of given and family names, from the tables of a public data set";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["test"] => test::run(),
        ["tidy"] => tidy::run(),
        ["score"] => score::run(),
        ["precision"] => precision::run(false),
        ["precision", "--list"] => precision::run(true),
        ["precision", "--choose"] => precision::choose(),
        ["confidence"] => confidence::fit(),
        ["confidence", "--check"] => confidence::measure(),
        ["confidence", "--gather"] => confidence::gather(),
        ["score", "--reader"] => score::reader::run(),
        ["score", "--search"] => score::search::run(),
        ["score", "--swapped"] => score::swapped::run(Half::Both),
        ["score", "--swapped", "tuned"] => score::swapped::run(Half::Tuned),
        ["score", "--swapped", "held"] => score::swapped::run(Half::Held),
        ["score", "--by", "source"] => score::by_source(),
        ["bench"] => bench::ratios(),
        ["bench", "capture"] => bench::capture(None),
        ["bench", "capture", program] => bench::capture(Some(program)),
        ["bench", "warc"] => bench::warc(),
        ["bench", "reader"] => bench::reader(),
        ["bench", "search", parts @ ..] => bench::search(parts),
        ["bench", "--check"] => bench::check(),
        ["bench", "--bless"] | ["bench", "--check", "--bless"] => bench::bless(),
        ["bench", "--bulk", files @ ..] => bench::bulk_runs(files),
        ["counts", files @ ..] => counts::run(files),
        ["names", files @ ..] => names::run(files),
        ["soak"] => soak::run(),
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        ["help" | "--help" | "-h"] => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&format!("xtask: {message}"));
            ExitCode::FAILURE
        }
    }
}
