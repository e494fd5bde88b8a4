//! What a typed search means.

use chancery_index::{Facet, Grouping, Kind, Mode, Query, Sort};

use super::{AnswerForm, Question, archive};
use crate::args::{KindArg, SearchArgs};
use crate::exit::{Failure, Outcome};

pub(super) fn question(args: SearchArgs) -> Outcome<Question> {
    let filters = [&args.by, &args.org, &args.since, &args.until];
    let narrows =
        args.kind.is_some() || args.min_confidence.is_some() || filters.iter().any(|of| of.is_some());
    if args.words.is_empty() && !narrows {
        let mend = "write WORDS, or name somebody with --by or a body with --org";
        return Err(Failure::Usage("there is nothing to search for".into(), mend.into()));
    }
    let kind = args.kind.map(|kind| match kind {
        KindArg::Release => Kind::Release,
        KindArg::Statement => Kind::Statement,
        KindArg::Proposal => Kind::Proposal,
        KindArg::Official => Kind::Official,
        KindArg::Body => Kind::Body,
    });
    let form = match (args.json, args.ndjson, args.csv) {
        (true, ..) => AnswerForm::Whole,
        (_, true, _) => AnswerForm::Lines,
        (_, _, true) => AnswerForm::Csv,
        _ => AnswerForm::Text,
    };
    if matches!(form, AnswerForm::Lines | AnswerForm::Csv) && (args.timeline || !args.facets.is_empty()) {
        let counts = if args.timeline { "--timeline" } else { "--facets" };
        let only = if form == AnswerForm::Csv { "--csv" } else { "--ndjson" };
        let message = format!("{counts}: {only} prints hits and no counts");
        return Err(Failure::Usage(message, "take --json, one JSON object with hits and counts".into()));
    }
    let query = Query {
        words: args.words.iter().map(|word| word.trim_start()).collect::<Vec<_>>().join(" "),
        mode: if args.forgiving { Mode::Forgiving } else { Mode::Strict },
        kind,
        by: args.by,
        org: args.org,
        since: args.since,
        until: args.until,
        min_confidence: args.min_confidence,
        sort: args.sort.parse::<Sort>().map_err(|wrong| usage("--sort", &wrong))?,
        grouping: if args.group.is_some() { Grouping::Release } else { Grouping::None },
        after: args.after,
        facets: facets(&args.facets)?,
        timeline: args.timeline,
        limit: args.limit as usize,
        ..Query::default()
    };
    Ok(Question { archive: archive(&args.archive), query, form })
}

fn facets(names: &[String]) -> Outcome<Vec<Facet>> {
    if names.iter().any(|name| name == "all") {
        return Ok(Facet::ALL.to_vec());
    }
    names.iter().map(|name| name.trim().parse().map_err(|wrong: String| usage("--facets", &wrong))).collect()
}

/// `wrong` holds what is wrong and what to write, with a colon between.
fn usage(option: &str, wrong: &str) -> Failure {
    let (message, mend) = wrong.split_once(": ").unwrap_or((wrong, ""));
    Failure::Usage(format!("{option}: {message}"), mend.into())
}
