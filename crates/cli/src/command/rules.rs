//! What `rules` was asked for.

use std::path::{Path, PathBuf};

use chancery::input::Input;

use super::{Form, archive, form};
use crate::args::{ArchiveArgs, RulesTryArgs, TextsArgs, TypedRulesAction, WhichArgs};

/// Which rules a command is about.
pub(crate) struct WhichRules {
    /// Those of this folder in place of the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// With those of this archive laid over them.
    pub(crate) archive: Option<PathBuf>,
}

/// `rules check`
pub(crate) struct CheckRules {
    /// Of which rules.
    pub(crate) which: WhichRules,
    /// Whether notes are told too.
    pub(crate) notes: bool,
    /// How findings are told.
    pub(crate) form: Form,
}

/// Which releases a command about rules goes through.
pub(crate) enum Texts {
    /// Those of an archive.
    Archive(PathBuf),
    /// Those of inputs.
    Inputs(Vec<Input>),
}

/// `rules try`
pub(crate) struct TryRules {
    /// The pattern.
    pub(crate) pattern: String,
    /// Over which releases.
    pub(crate) texts: Texts,
    /// With which rules.
    pub(crate) which: WhichRules,
    /// The layer before which it runs; `None` for after all.
    pub(crate) layer: Option<String>,
    /// So many matches are shown.
    pub(crate) limit: usize,
    /// Whether wordings are counted in place of matches shown.
    pub(crate) counts: bool,
    /// How they are printed.
    pub(crate) form: Form,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
}

/// `rules test`
pub(crate) struct TestRules {
    /// Of which rules.
    pub(crate) which: WhichRules,
    /// Only those whose id holds this.
    pub(crate) filter: Option<String>,
    /// Whether they are tested again at each change.
    pub(crate) watch: bool,
}

/// `rules diff`
pub(crate) struct DiffRules {
    /// The rules as they were: a folder, or `built-in`.
    pub(crate) old: PathBuf,
    /// The rules as they are to be.
    pub(crate) new: PathBuf,
    /// Over which releases.
    pub(crate) texts: Texts,
    /// Whether releases are read too that cannot be touched.
    pub(crate) full: bool,
    /// How it is printed.
    pub(crate) form: Form,
    /// Threads; `None` is one a core.
    pub(crate) jobs: Option<usize>,
}

/// `rules`
pub(crate) enum RulesAction {
    /// Compare two sets of rules.
    Diff(Box<DiffRules>),
    /// Show what a pattern matches.
    Try(Box<TryRules>),
    /// Tell all mistakes.
    Check(CheckRules),
    /// Run the examples of rules whose id holds this.
    Test(TestRules),
    /// List all rules.
    List(WhichRules, Form),
    /// Copy the built-in rules here.
    Export(PathBuf),
}

pub(super) fn rules_action(action: TypedRulesAction) -> RulesAction {
    match action {
        TypedRulesAction::Check(args) => RulesAction::Check(CheckRules {
            which: which(args.which),
            notes: args.notes || args.json,
            form: form(args.json),
        }),
        TypedRulesAction::Diff(args) => RulesAction::Diff(Box::new(DiffRules {
            texts: compared(args.texts, &args.new),
            old: args.old,
            new: args.new,
            full: args.full,
            form: form(args.json),
            jobs: args.jobs.map(usize::from),
        })),
        TypedRulesAction::Try(args) => RulesAction::Try(Box::new(try_rules(args))),
        TypedRulesAction::Test(args) => {
            RulesAction::Test(TestRules { which: which(args.which), filter: args.filter, watch: args.watch })
        }
        TypedRulesAction::List(args) => RulesAction::List(which(args.which), form(args.json)),
        TypedRulesAction::Export(args) => RulesAction::Export(args.dir),
    }
}

/// The rules that are meant: where none are named, those of the archive that one is in, as everywhere.
fn which(args: WhichArgs) -> WhichRules {
    let is_meant = args.archive.is_some();
    let found = archive(&ArchiveArgs { archive: args.archive });
    let is_there = args.rules.rules.is_none() && found.join("archive.toml").is_file();
    WhichRules { rules: args.rules.rules, archive: Some(found).filter(|_| is_meant || is_there) }
}

fn try_rules(args: RulesTryArgs) -> TryRules {
    // Beside paths, an archive has to be named for its lists and rules to be laid over.
    let laid_over = if args.paths.is_empty() {
        Some(archive(&ArchiveArgs { archive: args.archive }))
    } else {
        args.archive
    };
    let texts = match &laid_over {
        Some(archive) if args.paths.is_empty() => Texts::Archive(archive.clone()),
        _ => Texts::Inputs(args.paths.into_iter().map(Input::from).collect()),
    };
    TryRules {
        pattern: args.pattern,
        texts,
        which: WhichRules { rules: args.rules.rules, archive: laid_over },
        layer: args.layer,
        limit: args.limit as usize,
        counts: args.count,
        form: form(args.json),
        jobs: args.jobs.map(usize::from),
    }
}

/// The releases that two sets of rules are compared over: those that are named, else those of the archive whose rules are
/// the new ones.
fn compared(args: TextsArgs, new: &Path) -> Texts {
    let is_archive = new.join("archive.toml").is_file();
    if args.paths.is_empty() && args.archive.archive.is_none() && is_archive {
        return Texts::Archive(new.to_owned());
    }
    if args.paths.is_empty() {
        return Texts::Archive(archive(&args.archive));
    }
    Texts::Inputs(args.paths.into_iter().map(Input::from).collect())
}
