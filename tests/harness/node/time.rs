//! The clock of a node, which a test may turn while it serves.

use super::Node;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;
use store::{Clock, Timestamp};

/// The variable that names the file with the milliseconds that its clock is off.
const VARIABLE: &str = "SOLMU_TEST_CLOCK";

impl Node {
    /// From its next start on its clock can be turned.
    pub fn has_a_clock_to_turn(&mut self) {
        self.turn_clock(0);
        let file = self.path("clock");
        self.set(VARIABLE, file.to_str().unwrap());
    }

    /// Turns its clock so many milliseconds from the right time.
    pub fn turn_clock(&self, millis: i64) {
        let (new, file) = (self.path("clock.new"), self.path("clock"));
        std::fs::write(&new, millis.to_string()).unwrap();
        std::fs::rename(new, file).unwrap();
    }

    /// Turns its clock further by so much.
    pub fn wait_virtually(&self, further: Duration) {
        self.turn_clock(self.clock_is_off() + i64::try_from(further.as_millis()).unwrap());
    }

    /// How far its clock is off, in milliseconds.
    pub fn clock_is_off(&self) -> i64 {
        std::fs::read_to_string(self.path("clock")).unwrap().parse().unwrap()
    }

    /// Lets its workers look at what is due, as a command does that wrote something.
    pub fn ring(&self) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.send_to(&[1], (Ipv4Addr::LOCALHOST, self.port.number)).unwrap();
    }

    /// What it takes for the present moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(Clock::System.now().as_millis() + self.clock_is_off())
    }
}
