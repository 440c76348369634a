//! aerospike-core's client, closed when its last user ends.

use std::ops::Deref;

use crate::common::runtime;

/// aerospike-core's client. After `reconnect` has replaced a client, the commands that still run keep it open; the last
/// one closes it.
pub struct Core(aerospike_core::Client);

impl Core {
    /// Owns a connected client.
    pub fn new(core: aerospike_core::Client) -> Self {
        Core(core)
    }
}

impl Deref for Core {
    type Target = aerospike_core::Client;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Ok(runtime) = runtime::handle() {
            let core = self.0.clone();
            // Closing a closed client has no effect.
            runtime.spawn(async move {
                let _ = core.close().await;
            });
        }
    }
}
