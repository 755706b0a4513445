//! What the kernel knows of a process.

use std::fs;

/// Files and sockets that it has open.
pub fn handles(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

/// Its resident memory in KiB: now, and the most it ever was. A limit on its address space would say nothing: the allocator
/// reserves far more of it than is ever used.
pub fn memory(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let field = |name: &str| -> u64 {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (field("VmRSS:"), field("VmHWM:"))
}

/// Whether each of its threads was stopped (SIGSTOP), so that it does nothing any more.
pub fn stands_still(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten();
    let mut states = threads.map(|thread| fs::read_to_string(thread.path().join("stat")).unwrap_or_default());
    // The name in brackets may hold anything; the state comes after it.
    states.all(|stat| stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('T'))
}
