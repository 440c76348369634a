//! A registered module.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest as _, Sha1};

/// A registered module.
#[derive(Debug, Clone)]
pub struct Source {
    pub file: Arc<str>,
    pub text: Arc<[u8]>,
}

impl Source {
    /// The hash by which clients and tools compare modules. It is computed over the form in which a real server
    /// stores them.
    #[must_use]
    pub fn hash(&self) -> String {
        let kept = format!(
            r#"{{"content64": "{}", "type": "LUA", "name": "{}"}}"#,
            BASE64.encode(&self.text),
            self.file
        );
        let digest = Sha1::digest(kept.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
