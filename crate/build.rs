//! Sets the linker options of a Node addon.

fn main() {
    napi_build::setup();
    // The runtime's threads outlive the worker_thread that loaded the addon, so the library must stay mapped when Node
    // closes that worker's handle to it. macOS keeps libraries with thread-locals mapped by itself.
    let elf = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux" || os == "freebsd");
    if elf {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
