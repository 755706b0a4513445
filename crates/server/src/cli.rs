//! The command line: a stable contract, explained by `solmu --help`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A region's node in the network of producer centres: publishes producers, events and open tasks to the fediverse.
#[derive(Parser, Debug)]
#[command(name = "solmu", version, about, max_term_width = 100)]
pub struct Cli {
    /// The configuration file. Default: $SOLMU_CONFIG, else ./solmu.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Makes a new node: its configuration file, its database, its two actors and their keys
    Init(Init),
    /// Runs the node until it is told to stop (SIGTERM, Ctrl-C)
    Serve,
    /// Runs a small network on this machine: three regions and a national node, with example content
    Demo(Demo),
    /// Reads organisations, events, tasks and producers from a file or an address, and publishes them
    Import(Import),
    /// Publishes a draft
    Publish(Target),
    /// Cancels an event, or withdraws a task; it stays readable
    Cancel(Target),
    /// Deletes something for good; its id is never used again
    Delete(Target),
    /// Closes a task: somebody was found, or the search is over
    Close(Close),
    /// Follows a region or another actor
    Follow(Remote),
    /// Ends a follow
    Unfollow(Remote),
    /// Lists the other servers and what is known of them, and whom this node follows
    Peers(Listing),
    /// Blocks a host or an actor: nothing is taken from it or sent to it, and what came from it is removed
    Block(Blocked),
    /// Ends a block
    Unblock(Blocked),
    /// Lists the open reports of other servers about this node; `--resolve ID` settles one
    Reports(Reports),
    /// Prints an address at which the first coordinator sets the node up, once, within a day
    Setup,
    /// Lists who can sign in, and what they are for the region; gives and takes positions
    People(People),
    /// Prints a link with which somebody can sign in once, within 15 minutes
    SignIn(Addressed),
    /// Gives this node's actors other keys, when somebody else may have theirs, and tells all who know them
    Rekey(Rekey),
    /// Lists what waits to be delivered
    Queue(Queue),
    /// Lists what was received; `inbox retry ID` processes one once more
    Inbox(Inbox),
    /// Shows the state of the node in numbers
    Status(Listing),
    /// Brings the database up to date (`serve` does this by itself)
    Migrate,
    /// Writes a copy of the database to a new file while the node runs (SQLite)
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Checks the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// `solmu init`.
#[derive(Args, Debug)]
pub struct Init {
    /// The region: its code (06) or its name (Pirkanmaa). Not needed with --role national
    #[arg(long, required_unless_present_any = ["role"])]
    pub region: Option<String>,
    /// The public name of the node, such as pirkanmaa.example. It can never be changed
    #[arg(long)]
    pub domain: String,
    /// What the node is in the network
    #[arg(long, value_enum, default_value_t = RoleArgument::Region)]
    pub role: RoleArgument,
    /// sqlite:PATH or postgres://… . Default: sqlite:solmu.db beside the configuration file
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// The folder for the configuration file and the SQLite database; made if it is not there
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// The roles.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleArgument {
    /// Publishes a region's own things
    Region,
    /// Follows the regions and shows what they publish
    National,
}

/// `solmu demo`.
#[derive(Args, Debug, Clone)]
pub struct Demo {
    /// Verifies the whole story over HTTP, step by step, and exits; non-zero at the first step that fails
    #[arg(long)]
    pub check: bool,
    /// Keeps the nodes' folders here instead of in a temporary folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// A PostgreSQL server (postgres://…/NAME) on which each node gets a database of its own, instead of SQLite files
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Runs the first region as this many processes on one PostgreSQL database
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub app_nodes: usize,
}

/// `solmu import`.
#[derive(Args, Debug)]
pub struct Import {
    /// A file, or an https address
    #[arg(value_name = "FILE|URL")]
    pub from: String,
    /// What it is; docs/reference/import.md defines every field
    #[arg(long = "as", value_enum)]
    pub format: Format,
    /// Checks and counts, and writes nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The formats.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A region's own content in one JSON file
    Bundle,
    /// A page of a Linked Events API
    LinkedEvents,
    /// iCalendar
    Ics,
    /// Producers, one a row, with their consent
    ProducersCsv,
    /// Tasks, one a row
    TasksCsv,
}

/// Something of this node.
#[derive(Args, Debug)]
pub struct Target {
    /// Its id, its slug (as in its address), or its address
    #[arg(value_name = "ID")]
    pub target: String,
}

/// `solmu close`.
#[derive(Args, Debug)]
pub struct Close {
    /// The task's id, slug or address
    #[arg(value_name = "ID")]
    pub target: String,
    /// Nobody was found; the search is over. Without this, the task is shown as filled
    #[arg(long)]
    pub unfilled: bool,
}

/// Somebody of another node.
#[derive(Args, Debug)]
pub struct Remote {
    /// @name@host, or the address of an actor
    #[arg(value_name = "HANDLE|URL")]
    pub actor: String,
}

/// Whom to block.
#[derive(Args, Debug)]
pub struct Blocked {
    /// A host (other.example), @name@host, or the address of an actor
    #[arg(value_name = "HOST|HANDLE|URL")]
    pub whom: String,
}

/// `solmu rekey`.
#[derive(Args, Debug)]
pub struct Rekey {
    /// One of them by its name, its handle or its address. Without this, all
    #[arg(value_name = "NAME")]
    pub actor: Option<String>,
}

/// `solmu reports`.
#[derive(Args, Debug)]
pub struct Reports {
    /// Settles the report of this number
    #[arg(long, value_name = "ID")]
    pub resolve: Option<i64>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `solmu people`.
#[derive(Args, Debug)]
pub struct People {
    /// What to do
    #[command(subcommand)]
    pub action: Option<PeopleAction>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `solmu people …`.
#[derive(Subcommand, Debug)]
pub enum PeopleAction {
    /// Gives somebody a position; whom nobody knows yet can sign in from then on
    Appoint(Appoint),
    /// Takes a position from somebody, and signs them out
    Dismiss {
        /// The position
        #[arg(value_enum)]
        position: PositionArgument,
        /// The mail address
        address: String,
    },
    /// Gives somebody another mail address, and signs them out
    Readdress {
        /// The address until now
        old: String,
        /// The new one
        new: String,
    },
    /// Invites whoever has an address to take over a profile that was imported
    Invite {
        /// The mail address
        address: String,
        /// The profile: an id, the end of its address, or its id in the register
        profile: String,
        /// The language of the letter: `fi`, `sv` or `en`
        #[arg(long, default_value = "fi")]
        language: String,
    },
    /// Removes the second step and the passkeys of somebody who has lost device and recovery codes, and signs them out
    ForgetStep {
        /// The mail address
        address: String,
    },
    /// Removes somebody with everything that is kept under the address
    Remove {
        /// The mail address
        address: String,
    },
}

/// `solmu people appoint`.
#[derive(Args, Debug)]
pub struct Appoint {
    /// The position
    #[arg(value_enum)]
    pub position: PositionArgument,
    /// The mail address
    pub address: String,
    /// The name. Needed for whom nobody knows yet
    #[arg(long, default_value = "")]
    pub name: String,
    /// The language of the mail: fi, sv or en
    #[arg(long, default_value = "fi")]
    pub language: String,
}

/// The positions.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionArgument {
    /// Leads the region's node
    Coordinator,
    /// Stands in for the coordinator
    Deputy,
    /// Answers for personal data
    DataContact,
    /// Whom people turn to who were treated badly
    HarassmentContact,
}

/// `solmu sign-in`.
#[derive(Args, Debug)]
pub struct Addressed {
    /// The mail address
    pub address: String,
}

/// How to list.
#[derive(Args, Debug)]
pub struct Listing {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `solmu queue`.
#[derive(Args, Debug)]
pub struct Queue {
    /// Those that were given up, instead of those that wait
    #[arg(long)]
    pub failed: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `solmu inbox`.
#[derive(Args, Debug)]
pub struct Inbox {
    /// What to do with it
    #[command(subcommand)]
    pub action: Option<InboxAction>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `solmu inbox …`.
#[derive(Subcommand, Debug)]
pub enum InboxAction {
    /// Processes a received activity once more
    Retry {
        /// Its number, as `solmu inbox` lists it
        id: i64,
    },
}

/// `solmu config …`.
#[derive(Subcommand, Debug)]
pub enum ConfigCommand {
    /// Lists everything that speaks against the configuration; exits with 1 when there is something
    Check,
    /// Prints an example file with every key
    #[command(hide = true)]
    Example,
}
