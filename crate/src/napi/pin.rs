//! Keeps the library mapped when Node unloads it with the worker_thread that loaded it, because the runtime's threads
//! keep running. ELF systems use `-z nodelete` (build.rs), macOS keeps libraries with thread-locals loaded, and Windows
//! needs the call below.

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
    // SAFETY: the address is one of this library's functions, and the out pointer is ours. If the call fails, nothing
    // changes.
    unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, pin as *const () as *const c_void, &mut module) };
}

/// Does nothing: the linker flag or the system pins the library.
#[cfg(not(windows))]
pub fn pin() {}
