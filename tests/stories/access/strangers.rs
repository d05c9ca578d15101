//! Another office: nothing of a dossier's content reaches an officer whose office it is not.
