"""Extensions: those of PostgreSQL's whose functions are there, created or not, and what of them is not."""

from __future__ import annotations

from typing import NamedTuple


class Extension(NamedTuple):
    """version, comment, trusted: as in its control file. missing: its functions that are refused."""

    version: str
    comment: str
    missing: str = ""
    trusted: bool = True


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
        "0.8.5",
        "vector data type and ivfflat and hnsw access methods",
        """
        array_to_halfvec array_to_sparsevec array_to_vector binary_quantize halfvec halfvec_accum halfvec_add halfvec_avg
        halfvec_cmp halfvec_combine halfvec_concat halfvec_eq halfvec_ge halfvec_gt halfvec_in halfvec_l2_squared_distance
        halfvec_le halfvec_lt halfvec_mul halfvec_ne halfvec_negative_inner_product halfvec_out halfvec_recv halfvec_send
        halfvec_spherical_distance halfvec_sub halfvec_to_float4 halfvec_to_sparsevec halfvec_to_vector halfvec_typmod_in
        hamming_distance hnsw_bit_support hnsw_halfvec_support hnsw_sparsevec_support hnswhandler ivfflat_bit_support
        ivfflat_halfvec_support ivfflathandler jaccard_distance sparsevec sparsevec_cmp sparsevec_eq sparsevec_ge sparsevec_gt
        sparsevec_in sparsevec_l2_squared_distance sparsevec_le sparsevec_lt sparsevec_ne sparsevec_negative_inner_product
        sparsevec_out sparsevec_recv sparsevec_send sparsevec_to_halfvec sparsevec_to_vector sparsevec_typmod_in vector
        vector_accum vector_add vector_avg vector_cmp vector_combine vector_concat vector_eq vector_ge vector_gt vector_in
        vector_l2_squared_distance vector_le vector_lt vector_mul vector_ne vector_negative_inner_product vector_out vector_recv
        vector_send vector_spherical_distance vector_sub vector_to_float4 vector_to_halfvec vector_to_sparsevec vector_typmod_in
        """,
        trusted=False,
    ),
}
ALWAYS = frozenset(("plpgsql", "vector"))  # without CREATE EXTENSION
MISSING_FUNCTIONS = frozenset(name for extension in EXTENSIONS.values() for name in extension.missing.split())
# A schema that extensions were put into may stand before these.
OWN_FUNCTIONS = frozenset(
    (
        "digest", "gen_random_bytes", "gen_random_uuid", "hmac", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3",
        "uuid_generate_v4", "uuid_generate_v5", "uuid_nil", "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url", "uuid_ns_x500",
    )
)  # fmt: skip
