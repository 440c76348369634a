//! Reading certificates of clients.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

/// The common name of a certificate's subject, which names the user of a login by certificate.
pub(super) fn common_name(der: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut names = certificate.subject().iter_common_name();
    names.next()?.as_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::authority::{Authority, Validity};
    use super::*;

    #[test]
    fn certificates_name_their_client() {
        let issued = Authority::new("CA").unwrap().client("ada", Validity::Now).unwrap();
        assert_eq!(common_name(issued.certificate.der()).as_deref(), Some("ada"));
        assert_eq!(common_name(b"nonsense"), None);
    }
}
