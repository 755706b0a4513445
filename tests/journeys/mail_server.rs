//! A mail server on a port of this machine, as far as a node speaks to one (RFC 5321): it may refuse the next letters, in the
//! words of those that repeat whom they refuse.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as it arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub recipients: Vec<String>,
    pub data: String,
}

#[derive(Default)]
struct Held {
    letters: Vec<Letter>,
    refusals: Vec<u16>,
    refused: usize,
}

/// See the module.
#[derive(Clone)]
pub struct MailServer {
    pub port: u16,
    held: Arc<Mutex<Held>>,
}

impl MailServer {
    pub async fn start() -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer { port: listener.local_addr().unwrap().port(), held: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        server
    }

    /// Refuses the next recipient by this number.
    pub fn refuse_next(&self, code: u16) {
        self.held.lock().unwrap().refusals.push(code);
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.held.lock().unwrap().letters.clone()
    }

    pub fn refused(&self) -> usize {
        self.held.lock().unwrap().refused
    }

    /// The answer to a recipient.
    fn judge(&self, recipient: &str) -> String {
        let mut held = self.held.lock().unwrap();
        let Some(code) = held.refusals.pop() else { return "250 fine".to_owned() };
        held.refused += 1;
        format!("{code} {recipient} is not wanted here")
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.test\r\n").await.ok()?;
        let mut recipients = Vec::new();
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "RCPT" => {
                    let recipient = line.split(['<', '>']).nth(1)?.to_owned();
                    let answer = self.judge(&recipient);
                    recipients.push(recipient);
                    answer
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        data.push_str(&line);
                        data.push('\n');
                    }
                    let recipients = std::mem::take(&mut recipients);
                    self.held.lock().unwrap().letters.push(Letter { recipients, data });
                    "250 taken".to_owned()
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await.ok()?;
                    return Some(());
                }
                "RSET" => {
                    recipients.clear();
                    "250 fine".to_owned()
                }
                _ => "250 fine".to_owned(),
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
}
