//! The program `chancery`: press releases in, an archive of officials, bodies, proposals and statements out.

mod answer;
mod args;
mod browse;
mod capture;
mod changes;
mod cite;
mod command;
mod completions;
mod crawling;
mod demo;
mod differing;
mod exit;
mod explain;
mod export;
mod extract;
mod grounds;
mod hits;
mod ingest;
mod painted;
mod pdf;
mod person;
mod phrase;
mod progress;
mod query;
mod read;
mod reindex;
mod remove;
mod report;
mod review;
mod rules;
mod screen;
mod search;
mod show;
mod source;
mod status;
mod stop;
mod suggest;
mod tables;
mod told;
mod verify;
mod watch;
mod wrap;

use std::env;
use std::process::ExitCode;

use chancery::bug;
use clap::Parser;

use args::Typed;
use command::Command;
use exit::{Exit, Failure, Outcome};
use screen::Screen;

/// Rules and records are many small pieces of memory: the system's allocator took a fifteenth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let typed = match Typed::try_parse_from(args::minus::kept(env::args_os())) {
        Ok(typed) => typed,
        Err(told) => {
            // Help and version come this way too, with exit code 0. Nobody listening is nobody's fault.
            let _ = told.print();
            return if told.use_stderr() { Exit::Usage.into() } else { Exit::Well.into() };
        }
    };
    stop::outlive_full_files();
    bug::tell_once();
    pdf::read_by_self();
    let done = bug::caught(|| {
        let mut screen = Screen::stdout(typed.color);
        let done = Command::of(typed.command).and_then(|command| run(command, &mut screen));
        done.and_then(|exit| screen.flush().map(|()| exit))
    });
    let done = done.unwrap_or_else(|bug| Err(Failure::bug(&bug)));
    let exit = done.unwrap_or_else(|failure| {
        told::failure(&failure);
        failure.exit()
    });
    exit.into()
}

fn run(command: Command, screen: &mut Screen) -> Outcome {
    match command {
        Command::Demo(dir) => demo::run(&dir, screen),
        Command::Ingest(job) => ingest::run(job, screen),
        Command::Read(job) => read::run(&job, screen),
        Command::Capture(job) => capture::run(&job, screen),
        Command::Extract(job) => extract::run(job, screen),
        Command::Search(question) => search::run(&question, screen),
        Command::Browse(job) => browse::run(&job, screen),
        Command::Person(who) => person::run(&who, screen),
        Command::Cite(job) => cite::run(&job, screen),
        Command::Suggest(typing) => suggest::run(&typing, screen),
        Command::Query(words) => query::run(&words, screen),
        Command::Show(wish) => show::run(&wish, screen),
        Command::Explain(doubt) => explain::run(&doubt, screen),
        Command::Review(job) => review::run(&job, screen),
        Command::Status(stock) => status::run(&stock, screen),
        Command::Remove(job) => remove::run(&job, screen),
        Command::Reindex(job) => reindex::run(&job, screen),
        Command::Verify(job) => verify::run(&job, screen),
        Command::Export(job) => export::run(&job, screen),
        Command::Rules(action) => rules::run(action, screen),
        Command::Watch(job) => watch::run(&job, screen),
        Command::Source(action) => source::run(action, screen),
        Command::Changes(job) => changes::run(&job, screen),
        Command::Completions(shell) => completions::run(shell, screen),
        Command::PdfPage => pdf::run(screen),
    }
}
