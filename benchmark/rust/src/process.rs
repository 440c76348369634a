//! What the operating system says of this process.

/// User and system time, in microseconds.
#[cfg(unix)]
pub fn cpu_us() -> Option<f64> {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: getrusage fills the struct that it is given, and says so by 0.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) != 0 {
            return None;
        }
        usage.assume_init()
    };
    let us = |time: libc::timeval| time.tv_sec as f64 * 1e6 + time.tv_usec as f64;
    Some(us(usage.ru_utime) + us(usage.ru_stime))
}

/// Not known here.
#[cfg(not(unix))]
pub fn cpu_us() -> Option<f64> {
    None
}

/// Resident memory in MiB, as it is (`VmRSS:`) or at its most (`VmHWM:`), where the system tells it in `/proc`.
pub fn rss_mib(which: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(which))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
