"""Extensions: which of PostgreSQL's there is no need to install, as what they bring is there, and what of it is not."""

from __future__ import annotations

from typing import NamedTuple


class Extension(NamedTuple):
    """version, comment: as in its control file. missing: its functions that are refused."""

    version: str
    comment: str
    missing: str = ""


EXTENSIONS = {
    "btree_gin": Extension("1.3", "support for indexing common datatypes in GIN"),  # indexes that are left out with a notice
    "btree_gist": Extension("1.7", "support for indexing common datatypes in GiST"),
    "pgcrypto": Extension(
        "1.3",
        "cryptographic functions",
        """
        armor crypt dearmor decrypt decrypt_iv encrypt encrypt_iv gen_salt pgp_armor_headers pgp_key_id pgp_pub_decrypt
        pgp_pub_decrypt_bytea pgp_pub_encrypt pgp_pub_encrypt_bytea pgp_sym_decrypt pgp_sym_decrypt_bytea pgp_sym_encrypt
        pgp_sym_encrypt_bytea
        """,
    ),
    "plpgsql": Extension("1.0", "PL/pgSQL procedural language"),
    "uuid-ossp": Extension("1.1", "generate universally unique identifiers (UUIDs)"),
    "vector": Extension(
        "0.8.5", "vector data type and ivfflat and hnsw access methods", "binary_quantize hamming_distance jaccard_distance"
    ),
}
MISSING_FUNCTIONS = frozenset(name for extension in EXTENSIONS.values() for name in extension.missing.split())
# A schema that extensions were put into may stand before these.
OWN_FUNCTIONS = frozenset(
    (
        "digest", "gen_random_bytes", "gen_random_uuid", "hmac", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3",
        "uuid_generate_v4", "uuid_generate_v5", "uuid_nil", "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url", "uuid_ns_x500",
    )
)  # fmt: skip
