//! The program `solmu`: command line, configuration, role, start and stop; and the demo network with its check.
//!
//! This crate picks, wires and runs. What a node *does* is in the crates below; nothing here is a rule of a region or of
//! the protocol.

pub mod admin;
mod alarms;
pub mod app;
pub mod cli;
mod clock;
pub mod config;
pub mod demo;
mod description;
mod desk;
mod erasures;
mod jobs;
mod kept;
mod listener;
mod log;
mod mail;
mod metrics;
mod ownership;
pub mod role;
mod serve;
pub mod shield;
mod timekeeping;

use anyhow::Context;
use cli::{Cli, Command, ConfigCommand, InboxAction};

/// Runs a command to its end. The exit code is the caller's to give.
///
/// # Errors
/// In words for the person at the command line.
pub async fn run(cli: Cli) -> anyhow::Result<std::process::ExitCode> {
    let file = config::path(cli.config.as_deref());
    match cli.command {
        Command::Init(arguments) => admin::init::run(&arguments).await?,
        Command::Demo(arguments) => demo::run(&arguments).await?,
        Command::Config(ConfigCommand::Example) => print!("{}", config::example()),
        Command::Config(ConfigCommand::Check) => {
            let config = config::load(&file)?;
            println!("{}: fine ({}, {})", file.display(), config.domain, config.database);
        }
        command => {
            let config = config::load(&file)?;
            log::start(&config.log_level, config.log_format)?;
            arm(&config)?;
            return with_node(command, config).await;
        }
    }
    Ok(std::process::ExitCode::SUCCESS)
}

/// Arms the place at which a test wants the process to end; on this machine's own networks only.
fn arm(config: &config::Config) -> anyhow::Result<()> {
    match std::env::var(store::failpoint::VARIABLE) {
        Ok(place) if config.allow_private_addresses => store::failpoint::arm(&place).map_err(anyhow::Error::from),
        _ => Ok(()),
    }
}

async fn with_node(command: Command, config: config::Config) -> anyhow::Result<std::process::ExitCode> {
    match &command {
        Command::Migrate => {
            admin::database::migrate(&config)?;
            return Ok(std::process::ExitCode::SUCCESS);
        }
        Command::Backup { file } => {
            admin::database::backup(&config, file)?;
            return Ok(std::process::ExitCode::SUCCESS);
        }
        _ => {}
    }
    let app = app::App::open(config).await.context("the node cannot be opened")?;
    match command {
        Command::Serve => serve::run(app).await?,
        Command::Import(arguments) => return admin::import::run(&app, &arguments).await,
        Command::Publish(arguments) => admin::act::publish(&app, &arguments.target).await?,
        Command::Cancel(arguments) => admin::act::cancel(&app, &arguments.target).await?,
        Command::Delete(arguments) => admin::act::delete(&app, &arguments.target).await?,
        Command::Close(arguments) => admin::act::close(&app, &arguments.target, arguments.unfilled).await?,
        Command::Follow(arguments) => admin::follow::follow(&app, &arguments.actor).await?,
        Command::Unfollow(arguments) => admin::follow::unfollow(&app, &arguments.actor).await?,
        Command::Peers(arguments) => admin::show::peers(&app, arguments.json).await?,
        Command::Block(arguments) => admin::block::block(&app, &arguments.whom).await?,
        Command::Unblock(arguments) => admin::block::unblock(&app, &arguments.whom).await?,
        Command::Reports(arguments) => match arguments.resolve {
            Some(id) => admin::reports::resolve(&app, id).await?,
            None => admin::reports::list(&app, arguments.json).await?,
        },
        Command::Rekey(arguments) => admin::rekey::run(&app, arguments.actor.as_deref()).await?,
        Command::Queue(arguments) => admin::show::queue(&app, arguments.failed, arguments.json).await?,
        Command::Inbox(arguments) => match arguments.action {
            Some(InboxAction::Retry { id }) => admin::show::retry(&app, id).await?,
            None => admin::show::inbox(&app, arguments.json).await?,
        },
        Command::People(arguments) => admin::people::run(&app, arguments.action, arguments.json).await?,
        Command::Setup => admin::setup::run(&app).await?,
        Command::SignIn(arguments) => admin::people::sign_in(&app, &arguments.address).await?,
        Command::Status(arguments) => admin::status::run(&app, arguments.json).await?,
        Command::Init(_) | Command::Demo(_) | Command::Config(_) | Command::Migrate | Command::Backup { .. } => {}
    }
    Ok(std::process::ExitCode::SUCCESS)
}
