//! Keeps the library mapped when Node unloads it with the worker_thread that loaded it: our runtime's threads go on. ELF
//! systems have `-z nodelete` for that (build.rs), macOS keeps libraries with thread-locals by itself, Windows is asked.

/// Pins this library for the life of the process.
#[cfg(windows)]
pub fn pin() {
    use std::ffi::c_void;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
    }
    const PIN: u32 = 1;
    const FROM_ADDRESS: u32 = 4;
    let mut module = std::ptr::null_mut();
    // SAFETY: the address is one of this library's functions, the out pointer is ours. A refusal leaves things as they are.
    unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, pin as *const () as *const c_void, &mut module) };
}

/// Nothing to do.
#[cfg(not(windows))]
pub fn pin() {}
